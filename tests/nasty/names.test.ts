/** Names that collide, that mean something to JavaScript, or that try to be code: they are text, or refused. */

import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { constant, type ModelContext, model, momentum, zeros } from '../../src/index.ts';
import { decodeSafetensors } from '../../src/runtime/index.ts';
import { diagnosticOf, linesOf, plainLoss, untyped } from '../dsl/support.ts';
import { trained } from './support.ts';

const site = linesOf(import.meta.url);

/** A model that calls its input, its output, its metric and its parameters by `names`. */
const called = (names: readonly string[], name = 'named') =>
  model(
    name,
    (m) => {
      const [first = 'x'] = names;
      const x = m.input(`${first} in`, ['batch', 2]);
      const sum = names.reduce(
        (total, each, i) => total.add(x.mul(m.param(each, [2], constant(i + 1))).mean()),
        x.mean(),
      );
      return {
        loss: sum.square(),
        metrics: { [`${first} m`]: sum },
        outputs: { [`${first} out`]: x.mul(sum) },
      };
    },
    { batch: 4, optimizer: momentum({ learningRate: 0.1 }) },
  );

/** What two steps give, without the names, and the names. */
async function run(names: readonly string[], name?: string) {
  const { trainer, compiled } = await trained(called(names, name), 'f64');
  const data = { [`${names[0]} in`]: [1, 2, 3, 4] };
  const losses = [trainer.step(data), trainer.step(data)].map(({ loss }) => loss);
  const saved = trainer.save();
  const again = await trained(called(names, name), 'f64');
  again.trainer.load(saved);
  const tensors = decodeSafetensors(saved).tensors;
  return {
    code: compiled.code,
    losses,
    resumed: again.trainer.step(data).loss === trainer.step(data).loss,
    saved: [...tensors.keys()],
    values: [...tensors.values()].map(({ data: values }) => [...values]),
  };
}

const numbersOf = ({ losses, resumed, values }: Awaited<ReturnType<typeof run>>) => ({
  losses,
  resumed,
  values,
});

/** The kinds of all nodes of the syntax tree, in order. */
function kindsOf(code: string): readonly ts.SyntaxKind[] {
  const kinds: ts.SyntaxKind[] = [];
  const visit = (node: ts.Node): void => {
    kinds.push(node.kind);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('trainer.ts', code, ts.ScriptTarget.ES2022, true));
  return kinds;
}

const plain = await run(['a a', 'b b']);

describe('the same name twice', () => {
  it('case 29: is an error that cites both sites', async () => {
    const diagnostic = await diagnosticOf((m) => {
      m.param('weights', [2], zeros()); // declared
      m.param('weights', [2], zeros()); // again
      return { loss: plainLoss(m) };
    });
    expect(diagnostic).toMatchObject({ code: 'name/duplicate', site: site('again') });
    expect(diagnostic.message).toContain(`${site('declared').file}:${site('declared').line}`);
  });

  it('case 29: is an error also where the letters are only composed differently', async () => {
    for (const [one, other] of [
      ['\u00e9', 'e\u0301'],
      ['\u1e9b\u0323', '\u017f\u0323\u0307'],
      ['\uac00', '\u1100\u1161'],
    ] as const) {
      const diagnostic = await diagnosticOf((m) => {
        m.param(one, [2], zeros()); // composed
        m.input(other, ['batch', 2]); // decomposed
        return { loss: plainLoss(m) };
      });
      expect(diagnostic).toMatchObject({ code: 'name/duplicate', site: site('decomposed') });
      expect(diagnostic.message).toContain(`:${site('composed').line}`);
    }
  });

  it('case 29: "W" and "w" are two names, and so are a ligature and its letters', async () => {
    const { saved, ...found } = await run(['W', 'w']);
    expect(numbersOf({ saved, ...found })).toEqual(numbersOf(plain));
    expect(saved).toEqual(['W', 'w', 'W.v', 'w.v']);
    expect((await run(['\ufb01', 'fi'])).saved.slice(0, 2)).toEqual(['\ufb01', 'fi']);
  });
});

describe('names that objects have already', () => {
  it.each([
    [['__proto__', 'constructor']],
    [['toString', 'valueOf']],
    [['hasOwnProperty', '__defineGetter__']],
    [['10', '2']],
    [['2', '10']],
    [['-1', '0']],
    [['length', 'prototype']],
  ])('case 30: %j are kept apart, saved in their order, and loaded again', async (names) => {
    const found = await run(names);
    expect(numbersOf(found)).toEqual(numbersOf(plain));
    expect(found.saved).toEqual([...names, ...names.map((name) => `${name}.v`)]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it('case 30: "__metadata__" is what the weights format keeps for itself, and is refused', async () => {
    const diagnostic = await diagnosticOf((m) => {
      m.param('__metadata__', [2], zeros()); // metadata
      return { loss: plainLoss(m) };
    });
    expect(diagnostic).toMatchObject({ code: 'name/invalid', site: site('metadata') });
    expect(diagnostic.message).toMatch('reserved by the weights format');
  });
});

describe('names that would be code', () => {
  it.each([
    "it's",
    'say "x"',
    '`$' + '{process.exit(1)}`',
    '*/ process.exit(1); /*',
    '// comment',
    '\\',
    '\\u0027',
    '</script><script>',
    "'];process.exit(1)//",
    '日本語',
    '😀',
    'a-'.repeat(100),
  ])('case 31: %j is an escaped text in ASCII, and trains as any other', async (name) => {
    const found = await run([name, `${name} too`], name);
    expect(numbersOf(found)).toEqual(numbersOf(plain));
    expect(found.code).toMatch(/^[\n\x20-\x7e]*$/);
    expect(kindsOf(found.code)).toEqual(kindsOf(plain.code));
    expect(found.saved).toContain(name);
  });

  it.each([
    ['a line break', 'a\nb'],
    ['a line separator', 'a\u2028b'],
    ['a turn of the writing direction', 'a\u202eb'],
    ['an isolated turn of it', 'a\u2066b'],
    ['half of a character', 'a\ud800'],
    ['the other half', '\udc00a'],
    ['an escape sequence of terminals', '\u001b[31mred'],
    ['a sequence of one byte', '\u009b31m'],
    ['a delete', 'a\u007f'],
    ['nothing', ''],
    ['10 kilobytes', 'a'.repeat(10_240)],
    ['257 characters', 'a'.repeat(257)],
  ])('case 31: a name with %s is refused at its line', async (_, name) => {
    for (const declare of [
      (m: ModelContext) => m.param(name, [2], zeros()), // refused
      (m: ModelContext) => m.input(name, ['batch', 2]), // refused too
      (m: ModelContext) => m.label(name, { classes: 2 }), // refused as well
    ]) {
      const diagnostic = await diagnosticOf((m) => {
        declare(m);
        return { loss: plainLoss(m) };
      });
      expect(diagnostic).toMatchObject({ code: 'name/invalid', severity: 'error' });
      expect(diagnostic.site?.file).toBe(site('refused').file);
      expect(diagnostic.message).toMatch(/^[\n\x20-\x7e]*$/);
    }
  });

  it('case 31: a name that is no text is refused, even if it can become one', async () => {
    for (const name of [3, null, undefined, ['w'], { toString: () => 'w' }, Symbol('w')])
      expect(
        await diagnosticOf((m) => ({ loss: untyped(m).param(name, [1], zeros()).mean() })),
      ).toMatchObject({
        code: 'name/invalid',
      });
  });
});

it.each([
  'await',
  'eval',
  'arguments',
  'class',
  'let',
  'yield',
  'enum',
  'null',
  'this',
  'NaN',
  'undefined',
  'ｗ',
  'ＡＢ',
  'import',
])('case 32: %s is data like any other name, and never an identifier', async (word) => {
  const found = await run([word, `${word}2`], word);
  expect(numbersOf(found)).toEqual(numbersOf(plain));
  expect(found.code).toMatch(/^[\n\x20-\x7e]*$/);
  const { diagnostics = [] } = ts.transpileModule(found.code, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  expect(diagnostics).toEqual([]);
  expect(found.saved.slice(0, 2)).toEqual([word, `${word}2`]);
});
