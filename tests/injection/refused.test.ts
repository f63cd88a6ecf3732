/** Names that nothing may have, and names that only results may not have: refused, in the line that gives them. */

import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { compile } from '../../src/compile.ts';
import { dense, type ModelContext, model, type Optimizer, zeros } from '../../src/index.ts';
import { publishCounts } from '../counts.ts';
import { diagnosticOf, linesOf, plainLoss, refusal } from '../dsl/support.ts';
import { hostileNames, isAllowed, limit, unsafeIn } from './names.ts';
import { assertNoPoisoning } from './poisoning.ts';

const refused = hostileNames().filter((name) => !isAllowed(name));
const accepted = hostileNames().filter(isAllowed);
const site = linesOf(import.meta.url);

vi.setConfig({ testTimeout: limit });

afterEach(assertNoPoisoning);
afterAll(() => publishCounts('injection', { refused: refused.length }));

const declarations: readonly (readonly [string, (m: ModelContext, name: string) => unknown])[] = [
  ['parameter', (m, name) => m.param(name, [2], zeros())], // parameter
  ['input', (m, name) => m.input(name, ['batch', 2])], // input
  ['label', (m, name) => m.label(name, ['batch', 2])], // label
  ['class label', (m, name) => m.label(name, { classes: 2 })], // class label
  ['statistic', (m, name) => m.state(name, [2], zeros())], // statistic
];

describe.each(declarations)('the name of a %s', (kind, declare) => {
  it('is refused at its line, in words that are plain', async () => {
    for (const name of refused) {
      const diagnostic = await diagnosticOf((m) => {
        declare(m, name);
        return { loss: plainLoss(m) };
      });
      expect(diagnostic, JSON.stringify(name)).toMatchObject({ code: 'name/invalid', severity: 'error' });
      expect(diagnostic.site).toEqual(site(kind));
      expect(unsafeIn(diagnostic.message)).toBeUndefined();
    }
  });
});

const layered = (m: ModelContext, name: string) =>
  dense(m.input('x', ['batch', 2]), 2, { name: `${name}` }).mean(); // layer

it('the name of a layer is refused at its line', async () => {
  for (const name of refused.filter((each) => each !== '__metadata__')) {
    const diagnostic = await diagnosticOf((m) => ({ loss: layered(m, name) }));
    expect(diagnostic, JSON.stringify(name)).toMatchObject({ code: 'name/invalid', site: site('layer') });
  }
});

const withSlot = (name: string): Optimizer => ({
  name: 'own',
  learningRate: 0.1,
  update({ parameter, gradient, slot }) {
    slot(name);
    return parameter.sub(gradient);
  },
});

it('the name of a slot of the optimizer is refused', async () => {
  for (const name of refused.filter((each) => each !== '__metadata__')) {
    const options = { batch: 4, optimizer: withSlot(name) };
    const declared = model('slots', (m) => ({ loss: plainLoss(m) }), options);
    const { code, message } = await refusal(() => compile(declared));
    expect(code, JSON.stringify(name)).toBe('name/invalid');
    expect(unsafeIn(message)).toBeUndefined();
  }
});

it('a metric may not have the name of what the trainer reports itself', async () => {
  for (const name of 'loss learningRate momentum step epoch samplesSeen skipped stepsTotal'.split(' ')) {
    const diagnostic = await diagnosticOf((m) => {
      const loss = plainLoss(m);
      return { loss, metrics: { [name]: loss } };
    });
    expect(diagnostic).toMatchObject({ code: 'name/invalid' });
  }
});

it('most names are accepted, and thus emitted', () => {
  expect(refused.length).toBeGreaterThan(accepted.length / 10);
  expect(accepted.length).toBeGreaterThan(refused.length);
});
