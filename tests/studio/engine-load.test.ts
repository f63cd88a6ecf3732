/** Texts of models in the studio: what becomes of them, and which line is told when something is wrong. */

import { describe, expect, it } from 'vitest';
import { shimOf } from '../../src/studio/engine/modules.ts';
import { scriptOf } from '../../src/studio/engine/script.ts';
import { compiled, inFloats, moonsModel, openSession } from './engine-support.ts';

/** The one problem of a text, and what it is about. */
async function problemIn(text: string) {
  const result = await openSession().compile(text, inFloats);
  if (result.ok) throw new Error('It compiles.');
  const [problem, ...others] = result.problems;
  expect(others).toEqual([]);
  return { ...problem, about: text.slice(problem?.from, problem?.to) };
}

describe('a text', () => {
  it('becomes an inspection, files, and what it asks for', async () => {
    const { inspection, typescript, javascript, warnings, model, ms } = compiled(
      await openSession().compile(moonsModel, inFloats),
    );
    expect(model).toEqual({ name: 'moons', data: 'moons', batch: 32, epochs: 20 });
    expect(inspection).toMatchObject({ model: 'moons', sources: [{ name: 'model.ts', text: moonsModel }] });
    // The names are those of its variables, which are found by the lines of stack traces.
    expect(typescript).toMatch(/\bconst hidden\b/);
    expect(typescript).toMatch(/: Float32Array/);
    expect(javascript).toMatch(/\bconst hidden\b/);
    expect(javascript).not.toMatch(/: Float32Array/);
    expect(warnings).toEqual([]);
    expect(ms).toBeGreaterThan(0);
  });

  it('has warnings with their lines', async () => {
    const text = moonsModel.replace(
      'const y =',
      "const spare = m.input('spare', ['batch', 3]);\n    const y =",
    );
    const { warnings } = compiled(await openSession().compile(text, inFloats));
    expect(warnings).toMatchObject([{ severity: 'warning', code: 'input/unused' }]);
    expect(text.slice(warnings[0]?.from, warnings[0]?.to)).toBe(
      "const spare = m.input('spare', ['batch', 3]);",
    );
  });

  it('may import types as if they were values, and everything as one', async () => {
    const text = moonsModel
      .replace(
        "from 'chainrule';",
        "from 'chainrule';\nimport { Tensor } from 'chainrule';\nimport * as all from 'chainrule';",
      )
      .replace(
        'const hidden = tanh(',
        "const shown: Tensor<readonly ['batch', 2]> = x;\n    const hidden = all.relu(",
      )
      .replace('dense(x, 16)', 'dense(shown, 16)');
    expect(compiled(await openSession().compile(text, inFloats)).typescript).toMatch(/\bhidden\b/);
  });

  it('is run anew each time, also when it is the same', async () => {
    const session = openSession();
    const text = `${moonsModel}\nconst counted = Reflect.get(globalThis, 'runs') ?? 0;\nReflect.set(globalThis, 'runs', counted + 1);\n`;
    Reflect.set(globalThis, 'runs', 0);
    for (const _ of [1, 2]) compiled(await session.compile(text, inFloats));
    expect(Reflect.get(globalThis, 'runs')).toBe(2);
  });
});

describe('what is wrong with a text is told with its line:', () => {
  const changed = (from: string, to: string): string => {
    const text = moonsModel.replace(from, to);
    expect(text).not.toBe(moonsModel);
    return text;
  };

  it.each([
    [
      'a size',
      changed('dense(hidden, 2)', "dense(hidden, 'two')"),
      'shape/dimension',
      "const logits = dense(hidden, 'two');",
    ],
    [
      'shapes',
      changed('const logits = dense(hidden, 2);', 'const logits = hidden.matmul(hidden);'),
      'shape/matmul',
      'const logits = hidden.matmul(hidden);',
    ],
    ['an option of the model', changed('batch: 32', 'batch: 0'), 'model/option', 'export default model('],
    [
      'an option of the optimizer',
      changed('learningRate: 0.02', 'learningRate: -1'),
      'model/hyperparameter',
      "{ data: 'moons', batch: 32, maxBatch: 400, epochs: 20, optimizer: adam({ learningRate: -1 }) },",
    ],
    [
      'what is undefined',
      changed('dense(hidden, 2)', 'dense(hidden.is.not, 2)'),
      'model/threw',
      'const logits = dense(hidden.is.not, 2);',
    ],
    [
      'what throws while it is loaded',
      `${moonsModel}throw new Error('No.');\n`,
      'model/threw',
      "throw new Error('No.');",
    ],
    ['what is not exported', 'const a = 1;\n', 'model/export', 'const a = 1;'],
  ])('%s', async (_, text, code, about) => {
    expect(await problemIn(text)).toMatchObject({ severity: 'error', code, about });
  });

  it('what is no TypeScript, exactly where', async () => {
    const text = changed('const logits =', 'const logits = =');
    const problem = await problemIn(text);
    expect(problem).toMatchObject({ code: 'TS1109', message: 'Expression expected.', about: '=' });
    expect(text.slice(0, problem.from)).toMatch(/const logits = $/);
  });

  it('what is more than types', async () => {
    const problem = await problemIn(`enum Size { small = 1 }\n${moonsModel}`);
    expect(problem).toMatchObject({ code: 'model/syntax', about: 'enum Size { small = 1 }' });
  });

  it('what cannot be imported', async () => {
    const problem = await problemIn(`import { readFileSync } from 'node:fs';\n${moonsModel}`);
    expect(problem).toMatchObject({ code: 'model/import', about: "'node:fs'" });
    expect(problem.help).toBe("It can import from 'chainrule' and 'chainrule/runtime'.");
  });

  it('all mistakes of syntax at once', async () => {
    const result = await openSession().compile('const = 1;\nlet 2;\n', inFloats);
    expect(result.ok ? 0 : result.problems.length).toBeGreaterThan(1);
  });
});

describe('the JavaScript of a text', () => {
  it('has everything where it was, and knows its imports', () => {
    const text =
      "import { model, type Tensor } from 'chainrule';\nimport type { Slot } from './other.ts';\nconst a: number = 1;\n";
    const script = scriptOf(text);
    if (!('javascript' in script)) throw new Error('It is no script.');
    expect(script.javascript).toHaveLength(text.length);
    expect(script.javascript.split('\n')[2]).toBe('const a         = 1;');
    expect(script.imports).toEqual([{ specifier: 'chainrule', from: 35, to: 46, names: ['model'] }]);
    expect(text.slice(35, 46)).toBe("'chainrule'");
  });

  it('gets what it imports from a module with all names, whatever they are called', () => {
    const shim = shimOf('x', new Map([['x', { default: 1, if: 2 }]]), ['Type', 'if']);
    expect(shim).toContain('export { v0 as default, v1 as if, v2 as Type };');
  });
});
