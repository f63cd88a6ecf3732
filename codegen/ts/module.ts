/** Builds the trainer module: types, layout, the blocks as functions, and step, evaluate and predict on top. */

import { IndentationText, Project, QuoteKind, type SourceFileStructure, StructureKind } from 'ts-morph';
import type { PlannedProgram } from '../../ir/kernel.ts';
import { valuesOf } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { blockComment } from './comments.ts';
import { type Constants, createConstants } from './constants.ts';
import { printDrivers } from './drivers.ts';
import { type Group, groupBlocks, type Parameter } from './groups.ts';
import { bitHelpers, helpersFor } from './helpers.ts';
import { arrayType, layoutOf, printData, printTypes } from './layout.ts';
import { isCallScalar } from './leaves.ts';
import { commentText } from './literal.ts';
import { type ModuleNames, nameModule } from './names.ts';
import { type LineOrigin, type Origin, originsOf, placed } from './origins.ts';
import { printStatements, type StatementContext } from './statements.ts';

export const indent = (lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' ? '' : `  ${line}`));

/** What printing the blocks has found to be needed around them. */
interface Needs {
  readonly helpers: Set<string>;
  readonly constants: Constants;
}

export interface EmittedModule {
  readonly code: string;
  /** Where its lines come from, in their order. */
  readonly origins: readonly Origin[];
}

/** The source text of the module. Same program, same bytes. */
export function emitModule(planned: PlannedProgram, fingerprint?: string): EmittedModule {
  const { program } = planned;
  const leaves = valuesOf(program).filter((value) => value.op === 'input' || value.op === 'state');
  const names = nameModule(planned, leaves);
  const needs: Needs = { helpers: new Set(), constants: createConstants(names.identifiers) };
  const groups = groupBlocks(planned, names).map((group) => printGroup(group, planned, names, needs));
  const helpers = helpersFor(needs.helpers, program.float);
  const layout = `export const layout = ${printData(layoutOf(planned, fingerprint))} as const;`;
  const constants = [
    ...(program.float === 'f32' ? ['/** Rounds to float32. */', 'const f32 = Math.fround;'] : []),
    ...bitHelpers(helpers),
    ...needs.constants.declarations(),
  ];
  const create = [
    '/** Views into one buffer and the functions over them; nothing is allocated after this. */',
    'export function create(arena: ArrayBuffer = new ArrayBuffer(layout.arenaBytes)) {',
    ...indent([
      ...printViews(planned, names),
      ...groups.flatMap(({ lines }) => ['', ...lines]),
      '',
      ...printDrivers(planned, names, groups, needs.constants),
    ]),
    '}',
  ];
  const structure: SourceFileStructure = {
    kind: StructureKind.SourceFile,
    statements: [
      header(planned),
      `\n/** What the trainer holds, for \`chainrule/runtime\` and for files. */\n${layout}\n`,
      `${printTypes(program).join('\n')}\n`,
      ...(constants.length > 0 ? [`${constants.join('\n')}\n`] : []),
      create.join('\n'),
      ...helpers.map(
        ({ doc, signature, body }) =>
          `\n/** ${doc} */\nfunction ${signature} {\n${indent(body).join('\n')}\n}`,
      ),
    ],
  };
  const project = new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });
  const text = project.createSourceFile('trainer.ts', structure).getFullText();
  const code = `${text.replace(/\n{3,}/g, '\n\n').trimEnd()}\n`;
  return { code, origins: placed(code, groups) };
}

export function header({ program, arenaBytes, blocks }: PlannedProgram): string {
  const lines = [
    `${commentText(program.name)}: a training step, compiled by chainrule. Change the model, not this file.`,
    '',
    `${program.float} arithmetic, 1 to ${program.maxBatch} samples (n), ${blocks.length} equations, an arena of ${arenaBytes} bytes.`,
    'Read it in the order of computation; step, evaluate and predict at the end put the parts together.',
  ];
  return ['/**', ...lines.map((line) => (line === '' ? ' *' : ` * ${line}`)), ' */'].join('\n');
}

/** The arrays of the module: views into the arena, state first. */
function printViews({ program, states, buffers, blocks }: PlannedProgram, names: ModuleNames): string[] {
  const count = (shape: readonly (number | 'batch')[]): number =>
    shape.reduce<number>((product, dim) => product * (dim === 'batch' ? program.maxBatch : dim), 1);
  const view = (name: string, { dtype, shape }: Pick<Value, 'dtype' | 'shape'>, offset = 0): string =>
    `const ${name} = new ${arrayType(dtype)}(arena, ${offset}, ${count(shape)}); // [${shape.join(', ')}]`;
  const own = new Set(names.states.values());
  const roots = blocks
    .flatMap((block) => block.roots)
    .filter((root) => !own.has(names.arrays.get(root) ?? ''));
  return [
    '// state',
    ...program.states.map((state) =>
      view(names.states.get(state.name) ?? '', state, states.get(state.name)?.offset),
    ),
    '// values on the way; some share memory because they are never needed at once',
    ...roots.map((root) => view(names.arrays.get(root) ?? '', root, buffers.get(root)?.offset)),
  ];
}

export interface PrintedGroup extends Group {
  readonly lines: readonly string[];
  /** For each of its lines, from that of its name on. */
  readonly origins: readonly (LineOrigin | undefined)[];
}

/** One function: its blocks in order, each under the equation that it computes. */
function printGroup(group: Group, planned: PlannedProgram, names: ModuleNames, needs: Needs): PrintedGroup {
  const locals = names.identifiers.locals();
  const blocks = group.blocks.map((block) => {
    const context: StatementContext = {
      float: planned.program.float,
      arrayOf: (value) => (isCallScalar(value, 'step') ? 't' : (names.arrays.get(value) ?? '')),
      localOf: locals.of,
      constantOf: (name, literal) => needs.constants.name(name, literal),
      uses: (helper) => needs.helpers.add(helper),
    };
    const body = printStatements(block.statements, context, locals.fresh);
    locals.retire(block.statements.flatMap((statement) => (statement.kind === 'let' ? statement.name : [])));
    const own = [...blockComment(block, planned, names).map((line) => `// ${line}`), ...body];
    return { own, origins: originsOf(own, block, names) };
  });
  const lines = blocks.flatMap(({ own }) => own);
  const usesCount = lines.some((line) => !line.trimStart().startsWith('//') && /\bn\b/.test(line));
  const parameters: readonly Parameter[] = group.parameters.filter(({ name }) => name !== 'n' || usesCount);
  const signature = parameters.map(({ name, type }) => `${name}: ${type}`).join(', ');
  return {
    ...group,
    parameters,
    lines: [`function ${group.name}(${signature}): void {`, ...indent(lines), '}'],
    origins: [undefined, ...blocks.flatMap(({ origins }) => origins)],
  };
}
