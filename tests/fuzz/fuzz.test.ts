/** Whatever the bytes or words are, a parser gives a value or an error of its own that says where. */

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { publishCounts } from '../counts.ts';
import { type Fuzzed, fuzz, inputsWanted } from './harness.ts';
import { targets } from './targets/index.ts';

const results = new Map<string, Fuzzed>();

// Words may ask for help, which is printed.
beforeAll(() => {
  for (const method of ['log', 'info'] as const) vi.spyOn(console, method).mockImplementation(() => {});
});

describe.each(targets.map((target) => [target.name, target] as const))('the parser of %s', (_, target) => {
  it(
    'gives a value or an error with a code and a place, in time, and poisons nothing',
    () => {
      const found = fuzz(target, inputsWanted);
      results.set(target.name, found);
      expect(found.inputs).toBeGreaterThanOrEqual(inputsWanted);
      // Mutations are to reach what lies behind the first check.
      expect(found.accepted).toBeGreaterThanOrEqual(found.inputs / 50);
      expect(found.accepted).toBeLessThanOrEqual(found.inputs * 0.8);
    },
    60_000 + inputsWanted,
  );

  it('accepts its seeds', () => {
    for (const seed of target.seeds) expect(() => target.parse(seed)).not.toThrow();
  });
});

afterAll(() => {
  vi.restoreAllMocks();
  const counts = (part: keyof Fuzzed) =>
    Object.fromEntries([...results].map(([name, found]) => [name, found[part]]));
  publishCounts('fuzzing', counts('inputs'));
  publishCounts('fuzzing accepted', counts('accepted'));
});
