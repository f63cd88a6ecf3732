/** The place of an error is not lost on the way from a worker to its page. */

import { expect, it } from 'vitest';
import { decodeSafetensors, InputError } from '../../src/runtime/index.ts';
import { errorOf, failureOf } from '../../src/runtime/worker/failure.ts';

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (thrown) {
    return thrown;
  }
}

it('an error that a worker passes on has its code, its message, its help and its offset', () => {
  const thrown = thrownBy(() => decodeSafetensors(Uint8Array.of(255, 255, 255, 0, 0, 0, 0, 0)));
  const cutOff = thrownBy(() => decodeSafetensors(Uint8Array.of(1, 2, 3)));
  expect([thrown, cutOff]).toMatchObject([{ offset: 0 }, { offset: 3 }]);
  for (const error of [thrown, cutOff]) {
    const passed = errorOf(structuredClone(failureOf(error)));
    expect(passed).toBeInstanceOf(InputError);
    expect({ ...passed, message: passed.message }).toEqual({
      ...Object(error),
      message: String(Object(error).message),
    });
  }
});
