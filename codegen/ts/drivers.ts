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

export interface Context {
  readonly planned: PlannedProgram;
  readonly names: ModuleNames;
  readonly groups: readonly Group[];
  readonly constants: Constants;
  readonly staged: Staged;
  /** Where outputs of all tiles are put together. */
  readonly whole: ReadonlyMap<Value, string>;
}

/** What a driver does between taking its arguments and giving its results. */
export interface Driver {
  readonly fn: ProgramFunction['name'];
  /** Columns of the batch that it has at hand. */
  readonly columns: readonly string[];
  readonly groups: readonly Group[];
  /** Results with a row for each sample, where tiles of them are put together. */
  readonly outputs: readonly Output[];
  readonly context: Context;
}

/** An output in pieces: the array that holds the rows of a tile, and the one for all. */
export interface Output {
  readonly all: string;
  readonly array: string;
  readonly width: number;
  readonly type: string;
}

/** Columns that functions are given as addresses, by name: the array to copy them to where they are elsewhere, and the variable. */
export type Staged = ReadonlyMap<
  string,
  { readonly array: string; readonly at: string; readonly width: number }
>;

export interface DriverOptions {
  readonly staged?: Staged;
  readonly body?: (driver: Driver) => readonly string[];
  /** Whether the arrays of `staged` hold a whole batch and are offered to whoever fills them. */
  readonly offersColumns?: boolean;
}

export function printDrivers(
  planned: PlannedProgram,
  names: ModuleNames,
  groups: readonly Group[],
  constants: Constants,
  { staged = new Map(), body = serialBody, offersColumns = false }: DriverOptions = {},
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
    ...(offersColumns
      ? [
          '/** Room for the columns of a batch: what is put here and handed over is not copied. */',
          `const columns = { ${[...staged].map(([name, { array }]) => entry(name, array)).join(', ')} };`,
        ]
      : []),
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
    ...printFunction('step', 'Metrics', context, body, [...copies, ...assign('step', 'metrics', context)]),
    '',
    '/** Loss and metrics of n samples as the model stands. */',
    ...printFunction('evaluate', 'Evaluation', context, body, assign('evaluate', 'evaluation', context)),
    '',
    '/** Outputs for n samples: the first n rows of each array. */',
    ...printFunction('predict', 'Outputs', context, body, [`return { ${outputs.join(', ')} };`]),
    '',
    `return { state, ${offersColumns ? 'columns, ' : ''}step, evaluate, predict };`,
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
  body: (driver: Driver) => readonly string[],
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
    ...body({ fn, columns, groups: used, outputs: fn === 'predict' ? perSample(context) : [], context }).map(
      (line) => `  ${line}`,
    ),
    ...results.map((line) => `  ${line}`),
    '}',
  ];
}

/** The functions one after the other, for the whole batch or tile by tile. */
const serialBody = (driver: Driver): readonly string[] => {
  const rows = driver.context.planned.tiling?.rows;
  return rows === undefined ? runLines(driver, driver.groups) : tileLines(driver, rows);
};

/** The columns copied, and the functions one after the other. */
const runLines = ({ columns, context }: Driver, used: readonly Group[]): string[] => [
  ...columns.flatMap((name) => copyOf(name, used, context)),
  ...used.map((group) => callOf(group, context)),
];

/** The same for some samples at a time, with what is done once before and after. */
function tileLines(driver: Driver, rows: number): string[] {
  const { groups, outputs, context } = driver;
  const inPhase = (phase: Phase): readonly Group[] => groups.filter((group) => group.phase === phase);
  return [
    ...outputs.map(roomFor),
    ...inPhase('before').map((group) => callOf(group, context)),
    `for (let from = 0; from < n; from += ${rows}) {`,
    `  const rows = Math.min(${rows}, n - from);`,
    ...runLines(driver, inPhase('each')).map((line) => `  ${line}`),
    ...outputs.map((output) => `  ${copyOut(output)}`),
    '}',
    ...inPhase('after').map((group) => callOf(group, context)),
  ];
}

/** Grows the array for all rows to as many as are asked for. */
export const roomFor = ({ all, width, type }: Output): string =>
  `if (${all}.length < n * ${width}) ${all} = new ${type}(n * ${width});`;

/** Puts the rows of a tile among all. */
export const copyOut = ({ all, array, width }: Output): string =>
  `${all}.set(${array}.subarray(0, rows * ${width}), from * ${width});`;

/** Outputs that have a row for each sample: tiles of them are put together. */
const perSample = (context: Context): readonly Output[] =>
  resultsOf(context, 'predict').flatMap(({ value }) => {
    const array = context.names.arrays.get(value) ?? '';
    const all = context.whole.get(value);
    return value.op === 'input' || all === undefined
      ? []
      : [{ array, all, width: widthOf(value.shape), type: arrayType(value.dtype) }];
  });

/** Numbers per sample. */
export const widthOf = (shape: Shape): number =>
  shape.reduce<number>((product, dim) => product * (dim === 'batch' ? 1 : dim), 1);

const callOf = ({ name, parameters }: Group, { staged }: Context): string => {
  const given = parameters.map(
    (parameter) =>
      (parameter.column === undefined ? undefined : staged.get(parameter.column)?.at) ?? parameter.name,
  );
  return `${name}(${given.join(', ')});`;
};

/** Where the rows at hand of a column are that functions read. */
function copyOf(column: string, used: readonly Group[], { staged, names, planned }: Context): string[] {
  const stage = staged.get(column);
  if (!stage || !isRead(column, used)) return [];
  const times = stage.width === 1 ? '' : ` * ${stage.width}`;
  const from = names.inputs.get(column) ?? '';
  const [begin, end] =
    planned.tiling?.rows === undefined
      ? ['0', `n${times}`]
      : [`from${times}`, times === '' ? 'from + rows' : `(from + rows)${times}`];
  return [`const ${stage.at} = rowsOf(${from}, ${stage.array}, ${begin}, ${end});`];
}

/** Whether any of the functions reads the column. */
export const isRead = (column: string, used: readonly Group[]): boolean =>
  used.some(({ parameters }) => parameters.some((parameter) => parameter.column === column));

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
