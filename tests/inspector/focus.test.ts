/** What lights up when something is pointed at, and what is said of it. */

import { describe, expect, it } from 'vitest';
import type { GraphNode, Inspection, Linked } from '../../src/inspection/inspection.ts';
import {
  describe as describeFocus,
  factsOf,
  firstLit,
  focusOn,
  inNext,
  linkedLines,
  linkIndex,
  lit,
  sameFocus,
} from '../../src/inspector/focus.ts';

const at = (line: number) => ({ source: 0, line });

/** A product, the activation that it is fused with, its gradient, and something without a line. */
const items: readonly Linked[] = [
  { keys: ['z'], site: at(3) },
  { keys: ['a', 'z'], site: at(4) },
  { keys: ['dZ', 'dA'], site: at(3) },
  { keys: ['w'] },
];
const index = linkIndex(items);
const shown = (pane: Parameters<typeof lit>[0], focus: Parameters<typeof lit>[2]) => [
  ...lit(pane, index, focus),
];

describe('what is lit', () => {
  it('by a value is what stands for it, and with less light what it is a part of', () => {
    expect(shown('code', { pane: 'graph', keys: ['z'] })).toEqual([
      [0, 'own'],
      [1, 'part'],
    ]);
  });

  it('by an item is about its first key alone', () => {
    expect(shown('graph', focusOn('code', { keys: ['a', 'z'], site: at(4) }))).toEqual([[1, 'own']]);
  });

  it('by a line of the model is all that comes from it', () => {
    expect(shown('memory', focusOn('source', { keys: [], site: at(3) }))).toEqual([
      [0, 'own'],
      [2, 'own'],
    ]);
  });

  it('in the source is the line of what is pointed at', () => {
    expect(shown('source', { pane: 'graph', keys: ['dZ'], site: at(4) })).toEqual([[1, 'own']]);
    expect(shown('source', { pane: 'memory', keys: ['w'] })).toEqual([]);
  });

  it('in other files of the same model is nothing, be the number of the line the same', () => {
    expect(shown('code', { pane: 'source', keys: [], site: { source: 1, line: 3 } })).toEqual([]);
  });

  it('by an equation is what it has made and what it was applied to', () => {
    expect(shown('graph', { pane: 'equations', keys: ['a', 'w'] })).toEqual([
      [1, 'own'],
      [3, 'own'],
    ]);
  });

  it('by an equation between values that no stage has is its line, with less light', () => {
    expect(shown('graph', { pane: 'equations', keys: ['%7', '%8'], site: at(4) })).toEqual([[1, 'part']]);
    expect(shown('graph', { pane: 'code', keys: ['%7'], site: at(4) })).toEqual([]);
  });

  it('first is what stands for the value, else what comes first', () => {
    const first = (keys: readonly string[]) => firstLit(lit('code', index, { pane: 'graph', keys }));
    expect(first(['a'])).toBe(1);
    expect(first(['dA'])).toBe(2);
    expect(first(['nothing'])).toBeUndefined();
    expect(
      firstLit(
        new Map([
          [2, 'part'],
          [5, 'own'],
        ]),
      ),
    ).toBe(5);
  });
});

describe('two focuses', () => {
  it('are the same where all of it is', () => {
    const focus = focusOn('graph', items[0] ?? { keys: [] });
    expect(sameFocus(focus, { ...focus })).toBe(true);
    expect(sameFocus(undefined, undefined)).toBe(true);
    for (const other of [
      undefined,
      { ...focus, pane: 'code' as const },
      { ...focus, keys: ['a'] },
      { ...focus, site: at(4) },
      { ...focus, says: 'more' },
    ])
      expect(sameFocus(focus, other)).toBe(false);
  });
});

const node = (keys: readonly string[], more: Partial<GraphNode>): GraphNode => ({
  kind: 'value',
  label: '∘',
  formula: 'x',
  type: 'f32[]',
  role: 'forward',
  keys,
  x: 0,
  y: 0,
  width: 1,
  height: 1,
  ...more,
});

const stage = (name: string, nodes: readonly GraphNode[]): Inspection['stages'][number] => ({
  name,
  doc: '',
  graph: { width: 1, height: 1, nodes, edges: [] },
  equations: [],
  removed: [],
  listing: '',
});

const inspection: Inspection = {
  model: 'small',
  dtype: 'f32',
  target: 'ts',
  batch: 1,
  sources: [{ name: 'model.ts', text: 'first\n\n  const z = x.matmul(w);\nlast' }],
  stages: [
    stage('trace', [
      node(['z'], { name: 'z', formula: 'x * w', site: at(3) }),
      node(['%1'], { formula: 'x + 1', site: at(4) }),
    ]),
    stage('autodiff', [
      node(['z'], { name: 'z', formula: 'x @ w', site: at(3) }),
      node(['dZ'], { name: 'dZ', role: 'backward', rule: 'matmul', of: 'z = x @ w', site: at(3) }),
    ]),
  ],
  code: [
    {
      name: 'trainer.ts',
      language: 'ts',
      text: '',
      lines: [{ line: 1, block: 0, role: 'forward', stores: true, keys: ['z'], site: at(1) }],
    },
  ],
  derivation: [],
  schedule: { decision: [], blocks: [] },
  memory: { arenaBytes: 0, buffers: [] },
  warnings: [],
};
const facts = factsOf(inspection);
const say = (focus: Parameters<typeof describeFocus>[2]) => describeFocus(inspection, facts, focus);

describe('what is said', () => {
  it('of a value is what it is in the last stage that has it', () => {
    expect(say({ pane: 'code', keys: ['z'], site: at(3) })).toEqual({
      name: 'z',
      formula: 'x @ w',
      type: 'f32[]',
      role: 'forward',
      where: 'model.ts:3',
      line: 'const z = x.matmul(w);',
    });
  });

  it('of a gradient is the rule, and the line that it was applied to', () => {
    expect(say({ pane: 'code', keys: ['dZ'] })).toMatchObject({ rule: 'matmul', of: 'z = x @ w' });
  });

  it('of what is given is what it is given as', () => {
    const given = node(['w'], { name: 'w', kind: 'state', formula: 'state', type: 'f32[2]' });
    expect(describeFocus(inspection, new Map([['w', given]]), { pane: 'graph', keys: ['w'] })).toEqual({
      name: 'w',
      type: 'state, f32[2]',
      role: 'forward',
    });
  });

  it('of a value without a name is its formula', () => {
    expect(say({ pane: 'graph', keys: ['%1'] })).toMatchObject({ name: 'x + 1' });
    expect(say({ pane: 'graph', keys: ['%1'] })).not.toHaveProperty('formula');
  });

  it('of a line are the names that come from it', () => {
    expect(say({ pane: 'source', keys: [], site: at(3) })).toMatchObject({ name: 'z, dZ' });
    expect(say({ pane: 'source', keys: [], site: at(4) })).toMatchObject({ name: 'nothing with a name' });
  });

  it('of what is no value is what it is called, and what its pane knows', () => {
    expect(say({ pane: 'equations', keys: ['z'], name: 'x * 1 = x', says: 'z * 1 → z' })).toEqual({
      name: 'x * 1 = x',
      says: 'z * 1 → z',
    });
  });
});

describe('a focus in the next inspection', () => {
  it('is about the same value, wherever its line is now', () => {
    expect(inNext(facts, { pane: 'memory', keys: ['dZ'], site: at(40), says: '4 bytes' })).toEqual({
      pane: 'memory',
      keys: ['dZ'],
      site: at(3),
    });
  });

  it('is none where the value is gone, and the same where it is a line', () => {
    expect(inNext(facts, { pane: 'memory', keys: ['b'], site: at(3) })).toBeUndefined();
    const line = { pane: 'source', keys: [], site: at(2) } as const;
    expect(inNext(facts, line)).toBe(line);
  });
});

describe('lines that something comes from', () => {
  it('are those of all panes, in order', () => {
    expect(linkedLines(inspection, 0)).toEqual([1, 3, 4].map((line) => ({ keys: [], site: at(line) })));
    expect(linkedLines(inspection, 1)).toEqual([]);
  });
});
