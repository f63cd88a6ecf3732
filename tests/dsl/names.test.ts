/** Values are called in the emitted code what the user calls them in the model. */

import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { declaredAt } from '../../src/dsl/source-names.ts';
import {
  dense,
  meanSquaredError,
  model,
  relu,
  type Scalar,
  softmax,
  type Tensor,
  zeros,
} from '../../src/index.ts';
import { type Build, compiled, options, plainLoss } from './support.ts';

/** The names on the equations of the emitted code, in order. */
async function equations(build: Build): Promise<readonly string[]> {
  const { code } = await compiled(build);
  return [...code.matchAll(/^ {4}\/\/ ([\w$]+) = /gm)].map(([, name = '']) => name);
}

/** A loss that needs `x` as it is: its gradient reads it twice. */
const lossOf = (x: Tensor<readonly ['batch', number]>): Scalar => x.mul(x.tanh()).mean();

describe('a value is named', () => {
  it('by the variable that the model declares for it', async () => {
    const found = await equations((m) => {
      const x = m.input('x', ['batch', 3]);
      const hidden = relu(dense(x, 4));
      const prediction = dense(hidden, 1);
      return { loss: meanSquaredError(prediction, m.label('y', ['batch', 1])) };
    });
    expect(found).toEqual(expect.arrayContaining(['hidden', 'prediction', 'loss', 'dPrediction']));
  });

  it('by its variable when the declaration goes over many lines', async () => {
    const found = await equations((m) => {
      const x = m.input('x', ['batch', 3]);
      const folded = dense(x, 4)
        .tanh()
        // a word in between
        .mul(2)
        .exp();
      return { loss: lossOf(folded) };
    });
    expect(found).toContain('folded');
  });

  it('by its variable when that has a type, and by none that only looks like one', async () => {
    const found = await equations((m) => {
      const x = m.input('x', ['batch', 3]);
      // const comment = nothing;
      const typed: Tensor<readonly ['batch', 4]> = dense(x, 4).tanh();
      return { loss: lossOf(typed) };
    });
    expect(found).toContain('typed');
    expect(found).not.toContain('comment');
  });

  it('by named() rather than by its variable', async () => {
    const found = await equations((m) => {
      const x = m.input('x', ['batch', 3]);
      const plain = dense(x, 4).tanh().named('activation');
      return { loss: lossOf(plain) };
    });
    expect(found).toContain('activation');
    expect(found).not.toContain('plain');
  });

  it('by the first named() when there are two', async () => {
    const found = await equations((m) => {
      const h = dense(m.input('x', ['batch', 3]), 4)
        .tanh()
        .named('first')
        .named('second');
      return { loss: lossOf(h) };
    });
    expect(found).toContain('first');
    expect(found).not.toContain('second');
  });

  it('by its variable only once when a layer function is called twice', async () => {
    const found = await equations((m) => {
      const layer = (x: Tensor<readonly ['batch', number]>) => {
        const activation = dense(x, 4).tanh();
        return activation;
      };
      return { loss: lossOf(layer(layer(m.input('x', ['batch', 4])))) };
    });
    expect(found.filter((name) => name === 'activation')).toHaveLength(1);
    expect(new Set(found).size).toBe(found.length);
  });

  it('by what the result calls it when it has no variable', async () => {
    const { code } = await compiled((m) => {
      const logits = dense(m.input('x', ['batch', 3]), 4);
      const loss = lossOf(logits);
      return { loss, metrics: { steepness: logits.abs().mean() }, outputs: { share: softmax(logits) } };
    });
    expect(code).toMatch(/\/\/ steepness = .*\n/);
    expect(code).toMatch(/\/\/ share = .*\n/);
    expect(code).toMatch(/return \{ share \};|return \{ share: share \};/);
  });

  it('by its input, label or parameter before all else', async () => {
    const { code } = await compiled((m) => {
      const features = m.input('pixels', ['batch', 3]);
      const truth = m.label('digit', ['batch', 1]);
      const weights = m.param('kernel', [3, 1], zeros());
      return { loss: meanSquaredError(features.matmul(weights), truth) };
    });
    expect(code).toMatch('const { pixels, digit } = batch;');
    expect(code).toMatch('const kernel = new Float32Array(');
    expect(code).not.toMatch(/features|truth|weights/);
  });

  it('by what it is made of when the source cannot be read', async () => {
    const build: Build = (m) => {
      const hidden = dense(m.input('x', ['batch', 3]), 4).tanh();
      return { loss: lossOf(hidden) };
    };
    const declared = model('test', build, options);
    const unread = await compile(declared, { readSource: () => undefined });
    expect(unread.code).not.toMatch(/hidden/);
    expect((await compile(declared)).code).toBe(unread.code);
  });
});

describe('a line belongs to a declaration', () => {
  const declared = (text: string, line: number) => declaredAt(text.split('\n'), line)?.name;

  it('from its first line to its last', () => {
    const text = 'const a = f(\n  1,\n  2,\n);\ng(\n  3,\n);';
    expect([1, 2, 3].map((line) => declared(text, line))).toEqual(['a', 'a', 'a']);
    expect([5, 6].map((line) => declared(text, line))).toEqual([undefined, undefined]);
  });

  it('not across a return, a branch or a loop', () => {
    for (const word of ['return f(', 'if (f(', 'for (const x of f(', 'throw f(', 'export default f('])
      expect(declared(`const a = 1\n${word}\n  2`, 3), word).toBeUndefined();
  });

  it('with let, export and a type, and names with $ and _', () => {
    expect(declared('let a = f();', 1)).toBe('a');
    expect(declared('export const b = f();', 1)).toBe('b');
    expect(declared("  const $c_1: Tensor<readonly ['batch', 4]> = f();", 1)).toBe('$c_1');
  });

  it('never when it is beyond the file, or a pattern', () => {
    expect(declared('const { a, b } = f();', 1)).toBeUndefined();
    expect(declared('const a = 1;', 99)).toBeUndefined();
  });
});

it('numbers that the user names become constants of the module', async () => {
  const { code } = await compiled((m) => {
    const slope = m.constant(0.01).named('slope');
    return { loss: plainLoss(m).mul(slope) };
  });
  expect(code).toMatch(/^const slope = f32\(0\.01\);$/m);
});
