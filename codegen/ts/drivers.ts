/** step, evaluate and predict: which functions run, and where their results are. */

import type { Phase, PlannedProgram } from '../../ir/kernel.ts';
import type { ProgramFunction, Result } from '../../ir/program.ts';
import type { Shape } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import type { Constants } from './constants.ts';
import type { Group } from './groups.ts';
import { arrayType } from './layout.ts';
import { isCallScalar } from './leaves.ts';
import { numberLiteral, propertyName, propertyOf, textLiteral } from './literal.ts';
import type { ModuleNames } from './names.ts';

interface Context {
  readonly planned: PlannedProgram;
  readonly names: ModuleNames;
  readonly groups: readonly Group[];
  readonly constants: Constants;
  readonly staged: Staged;
  /** Where outputs of all tiles are put together. */
  readonly whole: ReadonlyMap<Value, string>;
}

/** Columns that are copied to where the functions expect them, by name: then the functions do not take them as arguments. */
export type Staged = ReadonlyMap<string, { readonly array: string; readonly width: number }>;

export function printDrivers(
  planned: PlannedProgram,
  names: ModuleNames,
  groups: readonly Group[],
  constants: Constants,
  staged: Staged = new Map(),
): string[] {
  const predicted = planned.program.functions.find(({ name }) => name === 'predict')?.results ?? [];
  const whole = new Map(
    predicted.flatMap(({ name, value }) =>
      planned.tiling?.rows !== undefined && value.shape[0] === 'batch' && value.op !== 'input'
        ? [[value, names.identifiers.claim(`${name}Whole`)] as const]
        : [],
    ),
  );
  const context: Context = { planned, names, groups, constants, staged, whole };
  const states = planned.program.states.map(({ name }) => entry(name, names.states.get(name) ?? ''));
  const record = (fn: ProgramFunction['name']): string =>
    `{ ${resultsOf(context, fn)
      .map(({ name }) => `${propertyName(name)}: 0`)
      .join(', ')} }`;
  const copies = planned.copies.map(
    ({ state, from }) => `${names.states.get(state)}.set(${names.arrays.get(from)});`,
  );
  const outputs = resultsOf(context, 'predict').map(({ name, value }) =>
    entry(name, whole.get(value) ?? names.arrays.get(value) ?? ''),
  );
  return [
    `const state = { ${states.join(', ')} };`,
    `const metrics: Metrics = ${record('step')};`,
    `const evaluation: Evaluation = ${record('evaluate')};`,
    '',
    ...[...whole].map(
      ([value, all]) =>
        `let ${all} = new ${arrayType(value.dtype)}(0); // [batch${value.shape
          .slice(1)
          .map((dim) => `, ${dim}`)
          .join('')}], as many as were asked for`,
    ),
    '/** One step of training on n samples; t counts the steps from 0. The metrics are those before the update. */',
    ...printFunction('step', 'Metrics', context, [...copies, ...assign('step', 'metrics', context)]),
    '',
    '/** Loss and metrics of n samples as the model stands. */',
    ...printFunction('evaluate', 'Evaluation', context, assign('evaluate', 'evaluation', context)),
    '',
    '/** Outputs for n samples: the first n rows of each array. */',
    ...printFunction('predict', 'Outputs', context, [`return { ${outputs.join(', ')} };`]),
    '',
    'return { state, step, evaluate, predict };',
  ];
}

const resultsOf = ({ planned }: Context, fn: ProgramFunction['name']): readonly Result[] =>
  planned.program.functions.find(({ name }) => name === fn)?.results ?? [];

const entry = (name: string, identifier: string): string =>
  name === identifier ? identifier : `${propertyName(name)}: ${identifier}`;

function printFunction(
  fn: ProgramFunction['name'],
  type: string,
  context: Context,
  results: readonly string[],
): string[] {
  const { groups, names, planned } = context;
  const used = groups.filter(({ usedBy }) => usedBy.has(fn));
  const parameters = used.flatMap((group) => group.parameters);
  const asked = new Set(parameters.flatMap(({ column }) => column ?? []));
  for (const { value } of resultsOf(context, fn)) {
    if (value.op === 'input' && value.shape.length > 0) asked.add(String(value.attrs.name));
  }
  const columns = planned.program.inputs.map(({ name }) => name).filter((name) => asked.has(name));
  const unpacked = columns.map((name) => entry(name, names.inputs.get(name) ?? ''));
  const wants = (name: string): boolean =>
    parameters.some((p) => p.name === name && p.column === undefined) ||
    (name === 't' && readsStep(context, fn));
  const scalars = wants('seed') ? ', t: number, seed: number' : wants('t') ? ', t: number' : '';
  const all = columns.length === planned.program.inputs.length;
  const batch =
    fn !== 'predict' || all ? 'Batch' : `Pick<Batch, ${columns.map(textLiteral).join(' | ') || 'never'}>`;
  return [
    `function ${fn}(batch: ${batch}, n: number${scalars}): ${type} {`,
    ...(unpacked.length > 0 ? [`  const { ${unpacked.join(', ')} } = batch;`] : []),
    ...(planned.tiling?.rows === undefined
      ? runLines(columns, used, context)
      : tileLines(fn, columns, used, planned.tiling.rows, context)
    ).map((line) => `  ${line}`),
    ...results.map((line) => `  ${line}`),
    '}',
  ];
}

/** The columns copied, and the functions one after the other. */
const runLines = (columns: readonly string[], used: readonly Group[], context: Context): string[] => [
  ...columns.flatMap((name) => copyOf(name, used, context)),
  ...used.map((group) => callOf(group, context)),
];

/** The same for some samples at a time, with what is done once before and after. */
function tileLines(
  fn: ProgramFunction['name'],
  columns: readonly string[],
  used: readonly Group[],
  rows: number,
  context: Context,
): string[] {
  const inPhase = (phase: Phase): readonly Group[] => used.filter((group) => group.phase === phase);
  const outputs = fn === 'predict' ? perSample(context) : [];
  return [
    ...outputs.map(
      ({ all, width, type }) => `if (${all}.length < n * ${width}) ${all} = new ${type}(n * ${width});`,
    ),
    ...inPhase('before').map((group) => callOf(group, context)),
    `for (let from = 0; from < n; from += ${rows}) {`,
    `  const rows = Math.min(${rows}, n - from);`,
    ...runLines(columns, inPhase('each'), context).map((line) => `  ${line}`),
    ...outputs.map(
      ({ all, array, width }) => `  ${all}.set(${array}.subarray(0, rows * ${width}), from * ${width});`,
    ),
    '}',
    ...inPhase('after').map((group) => callOf(group, context)),
  ];
}

/** Outputs that have a row for each sample: tiles of them are put together. */
const perSample = (
  context: Context,
): readonly {
  readonly name: string;
  readonly array: string;
  readonly all: string;
  readonly width: number;
  readonly type: string;
}[] =>
  resultsOf(context, 'predict').flatMap(({ name, value }) => {
    const array = context.names.arrays.get(value) ?? '';
    const all = context.whole.get(value);
    return value.op === 'input' || all === undefined
      ? []
      : [{ name, array, all, width: widthOf(value.shape), type: arrayType(value.dtype) }];
  });

/** Numbers per sample. */
export const widthOf = (shape: Shape): number =>
  shape.reduce<number>((product, dim) => product * (dim === 'batch' ? 1 : dim), 1);

const callOf = ({ name, parameters }: Group, { staged }: Context): string => {
  const given = parameters.flatMap((parameter) =>
    parameter.column !== undefined && staged.has(parameter.column) ? [] : [parameter.name],
  );
  return `${name}(${given.join(', ')});`;
};

/** Copies the rows at hand of a column that functions read. */
function copyOf(column: string, used: readonly Group[], { staged, names, planned }: Context): string[] {
  const stage = staged.get(column);
  const isRead = used.some(({ parameters }) => parameters.some((parameter) => parameter.column === column));
  if (!stage || !isRead) return [];
  const times = stage.width === 1 ? '' : ` * ${stage.width}`;
  const from = names.inputs.get(column) ?? '';
  if (planned.tiling?.rows === undefined) return [`${stage.array}.set(${from}.subarray(0, n${times}));`];
  const end = times === '' ? 'from + rows' : `(from + rows)${times}`;
  return [`${stage.array}.set(${from}.subarray(from${times}, ${end}));`];
}

const readsStep = (context: Context, fn: ProgramFunction['name']): boolean =>
  resultsOf(context, fn).some(({ value }) => isCallScalar(value, 'step'));

function assign(fn: ProgramFunction['name'], record: string, context: Context): string[] {
  const lines = resultsOf(context, fn).map(
    ({ name, value }) => `${propertyOf(record, name)} = ${resultText(value, context)};`,
  );
  return [...lines, `return ${record};`];
}

/** Where a result is found when everything has run. */
function resultText(value: Value, { names, planned, constants }: Context): string {
  if (value.op === 'constant') {
    const literal = numberLiteral(Number(value.attrs.value), value.dtype);
    const name = planned.program.notes.get(value)?.name;
    return (name === undefined ? undefined : constants.find(name, literal)) ?? literal;
  }
  if (value.op === 'batchSize') return 'n';
  if (value.op === 'input' && value.shape.length === 0) return 't';
  return `${names.arrays.get(value)}[0]`;
}
