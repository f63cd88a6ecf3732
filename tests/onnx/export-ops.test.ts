/** Every op that a prediction can have is written so that onnxruntime computes it as we do, or is refused where it stands. */

import { describe, expect, it } from 'vitest';
import { spellings } from '../../codegen/onnx/spellings.ts';
import { CompileError, type Diagnostic } from '../../ir/errors.ts';
import { opNames } from '../../ir/ops/index.ts';
import { reachable } from '../../ir/value.ts';
import { compile } from '../../src/compile.ts';
import type { Shape, Tensor } from '../../src/index.ts';
import { type Model, type ModelContext, randomUniform, whenTraining } from '../../src/index.ts';
import { publishCounts } from '../counts.ts';
import { small } from '../systems/support.ts';
import { hasRuntime, openSession, whyNoRuntime } from './peers.ts';
import { dataFor, exported, flat, furthest } from './support.ts';

type Row = Tensor<readonly ['batch', 6]>;
type Outputs = Readonly<Record<string, Tensor<Shape, 'float' | 'int'>>>;

/** A model with outputs computed from an input of six numbers and from a parameter. */
const predicting = (outputs: (x: Row, m: ModelContext, w: Tensor<readonly [6]>) => Outputs): Model =>
  small((m) => {
    const x = m.input('x', ['batch', 6]);
    const w = m.param('w', [6], () => ({ kind: 'uniform', low: -1, high: 1 }));
    return { loss: x.mul(w).sum(), outputs: outputs(x, m, w) };
  });

const models: Readonly<Record<string, Model>> = {
  'functions of one number': predicting((x) => ({
    ...{
      neg: x.neg(),
      abs: x.abs(),
      sign: x.sign(),
      floor: x.mul(3).floor(),
      exp: x.exp(),
      expm1: x.expm1(),
    },
    ...{ log: x.abs().add(0.1).log(), sqrt: x.abs().sqrt(), sin: x.sin(), cos: x.cos(), tanh: x.tanh() },
    ...{ erf: x.mul(2).erf(), sigmoid: x.mul(9).sigmoid(), softplus: x.mul(20).softplus(), relu: x.relu() },
    ...{ tiny: x.mul(1e-6).expm1().mul(1e6), far: x.mul(40).expm1().tanh() },
  })),
  'arithmetic and choices': predicting((x, _m, w) => ({
    ...{ sum: x.add(w), difference: w.sub(x), product: x.mul(w), quotient: x.div(w.abs().add(1)) },
    ...{
      larger: x.maximum(w),
      smaller: x.minimum(0.1),
      chosen: x.less(w).select(x, w),
      other: x.greater(0).select(1, x),
    },
    ...{ equal: x.floor().equal(w.floor()).toFloat(), both: x.less(0).select(x.less(w).select(1, 2), 3) },
  })),
  reductions: predicting((x, _m, w) => ({
    ...{ rows: x.sum(1), columns: x.sum(0), all: x.sum(), mean: x.mean(1, { keep: true }), max: x.max(1) },
    ...{
      highest: x.max(),
      batchMean: x.mean(0),
      overall: x.mean(),
      lse: x.logSumExp(1),
      lseAll: x.logSumExp(0),
    },
    ...{ weights: w.sum(), centred: x.sub(x.mean(0)) },
  })),
  shapes: predicting((x, _m, w) => ({
    ...{
      turned: x.transpose().matmul(x),
      cut: x.reshape(['batch', 2, 3]).sum(1),
      long: x.reshape(['batch', 1, 6, 1]),
    },
    ...{
      flipped: x.reshape(['batch', 2, 3]).transpose().sum(2),
      outer: w.reshape([6, 1]).mul(w),
      stretched: w.reshape([6, 1]).mul(x.transpose()).sum(1),
    },
    ...{ column: x.sum(1, { keep: true }).add(w), gram: x.matmul(x.transpose()).sum(1) },
  })),
  classes: predicting((x, _m, w) => ({
    ...{ best: x.argmax(1), first: x.argmax(0), ofWeights: w.argmax(0), hot: x.argmax(1).oneHot(6) },
    ...{ chosen: x.argmax(1).oneHot(6).mul(x), asNumber: x.argmax(1).toFloat().mul(0.5) },
  })),
  softmax: predicting((x, _m, w) => ({
    ...{ softmax: x.sub(x.logSumExp(1, { keep: true })).exp(), logs: x.sub(x.logSumExp(1, { keep: true })) },
    ...{
      down: x.sub(x.logSumExp(0)).exp(),
      large: x
        .mul(1000)
        .sub(x.mul(1000).logSumExp(1, { keep: true }))
        .exp(),
    },
    ...{ weighed: w.sub(w.logSumExp(0)).exp() },
  })),
  'constants, inputs and weights themselves': predicting((x, m, w) => {
    const doubled = x.mul(2);
    return {
      x,
      w,
      again: x,
      one: m.constant(1.5),
      twice: doubled,
      twiceAgain: doubled,
      filled: x.mul(0).add(1),
      nothing: x.reshape(['batch', 6]).sum(0).mul(0),
    };
  }),
  'names that meet': predicting((x, m) => {
    const x_ = m.param('x.output', [6], () => ({ kind: 'constant', value: 2 }));
    const first = m.param('%0', [6], () => ({ kind: 'constant', value: 3 }));
    const two = m.param('f32_2', [6], () => ({ kind: 'constant', value: 4 }));
    return {
      x: x.add(x_).mul(first).div(two),
      'x.output': x.mul(x_),
      add1: x.sub(1).named('add1'),
      f32_2: x.mul(2),
      '%0': x.div(3),
    };
  }),
  'no elements': small((m) => {
    const x = m.input('x', ['batch', 6]);
    const none = m.param('none', [6, 0], () => ({ kind: 'constant', value: 0 }));
    const w = m.param('w', [6], () => ({ kind: 'constant', value: 1 }));
    return {
      loss: x.mul(w).sum(),
      outputs: {
        empty: x.matmul(none),
        sum: x.matmul(none).sum(1),
        cut: x.matmul(none).reshape(['batch', 0, 2]),
      },
    };
  }),
};

/** What never reaches a prediction, and what only the last passes spell out. */
const absent = ['input', 'state', 'uniform', 'stopGradient', 'opaque', 'logSumExp', 'grad'];

it('every op is written, or known to be absent', () => {
  expect([...Object.keys(spellings), ...absent].sort()).toEqual([...opNames].sort());
});

it('the models of these tests have every op that is written', async () => {
  const found = new Set<string>();
  for (const dtype of ['f32', 'f64'] as const) {
    for (const model of Object.values(models)) {
      const { graph } = await compile(model, { dtype });
      const predict = graph.functions.find(({ name }) => name === 'predict');
      for (const { op } of reachable((predict?.results ?? []).map(({ value }) => value))) found.add(op);
    }
  }
  // `and`, `or`, `not` and `lessEqual` come from gradients alone.
  const missing = Object.keys(spellings).filter((op) => !found.has(op));
  expect(missing.filter((op) => !['and', 'or', 'not', 'lessEqual'].includes(op))).toEqual([]);
});

describe.skipIf(!hasRuntime)(`beside onnxruntime${whyNoRuntime}`, () => {
  const listed = Object.keys(models).flatMap((name) => [[name, 'f32'] as const, [name, 'f64'] as const]);
  it.each(listed)('%s agree in %s', async (name, dtype) => {
    const model = models[name];
    if (model === undefined) throw new Error(`There is no model ${name}.`);
    const { trainer, layout, bytes } = await exported(model, { dtype });
    const session = await openSession(bytes);
    for (const count of [1, 5]) {
      const inputs = dataFor(layout.inputs, count);
      const found = [...(await session.run(inputs)).values()];
      const expected = trainer.predict(flat(inputs));
      layout.outputs.forEach(({ name: output, dtype: type, shape }, i) => {
        const theirs = found[i];
        expect(theirs?.type, output).toBe({ f32: 'float32', f64: 'float64', i32: 'int32' }[type]);
        expect(theirs?.dims, output).toEqual(shape.map((dim) => (dim === 'batch' ? count : dim)));
        expect(furthest(theirs?.data ?? [], expected[output] ?? []), `${output} of ${count}`).toBeLessThan(
          1e-5,
        );
      });
    }
    publishCounts('onnx', { 'exported ops in onnxruntime': 1 });
  });
});

describe('what ONNX has no nodes for is refused', () => {
  const diagnosticOf = async (model: Model): Promise<Diagnostic> => {
    try {
      await exported(model);
    } catch (thrown) {
      if (thrown instanceof CompileError) return thrown.diagnostic;
      throw thrown;
    }
    throw new Error('It was exported.');
  };

  it('at the line of the model, all of it at once', async () => {
    const diagnostic = await diagnosticOf(
      predicting((x, m) => ({
        noisy: x.add(randomUniform(x)),
        late: x.mul(m.step()),
      })),
    );
    expect(diagnostic).toMatchObject({ code: 'onnx/unsupported', severity: 'unsupported' });
    expect(diagnostic.message).toMatch(
      /uniform \(.*export-ops\.test\.ts:\d+\), the number of the step \(.*export-ops\.test\.ts:\d+\)/,
    );
    expect(diagnostic.site?.file).toContain('export-ops.test.ts');
  });

  it('but not what only training needs', async () => {
    const model = predicting((x, _m, w) => ({ y: whenTraining(x.add(randomUniform(x)), x.add(w)) }));
    await expect(exported(model)).resolves.toBeDefined();
  });

  it('and so is a model without outputs', async () => {
    const diagnostic = await diagnosticOf(predicting(() => ({})));
    expect(diagnostic.code).toBe('onnx/no-outputs');
  });
});
