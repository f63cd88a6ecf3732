/** The passes over kernels and loops: blocks, loops, and where values lie. */

import { targets } from '../../codegen/targets.ts';
import { knownName, shownName } from '../../ir/describe.ts';
import type { LoopProgram, PlannedProgram } from '../../ir/kernel.ts';
import { printLoops } from '../../ir/print-loops.ts';
import type { Program } from '../../ir/program.ts';
import { showType } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { fuse } from '../../passes/fuse.ts';
import { planMemory } from '../../passes/plan-memory.ts';
import { schedule } from '../../passes/schedule.ts';
import { explainSchedule } from '../../src/explain-schedule.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { blocks, code, fence, section, table } from './markdown.ts';
import { fileOf, headerOf } from './pass-headers.ts';
import { passTexts } from './pass-texts.ts';

/** What becomes of a graph after all passes over it; `written` is the program that was traced. */
export function loopStages(result: Program, written: Program): readonly string[] {
  const loops = schedule(fuse(result), targets.ts.abilities);
  return [
    loopStage('fuse', fusedTable(loops)),
    loopStage('schedule', fence('text', printLoops(loops)), wasmText(written)),
    loopStage('plan-memory', memoryText(planMemory(loops))),
  ];
}

const loopStage = (name: string, ...parts: readonly string[]): string =>
  section(2, code(name), headerOf(fileOf(name)), passTexts[name] ?? '', ...parts);

function fusedTable({ blocks: all, program }: LoopProgram): string {
  const nameOf = (value: Value): string | undefined => knownName(program.notes, value);
  const stored = (value: Value): string =>
    `${code(nameOf(value) === undefined ? `%${value.id}` : shownName(nameOf(value) ?? ''))} ${code(showType(value))}`;
  return table(
    ['block', 'phase', 'needed by', 'computed into memory'],
    all.map(({ name, role, usedBy, roots }) => [
      code(name),
      role,
      [...usedBy].join(', '),
      roots.map(stored).join('<br>'),
    ]),
  );
}

/** Values in the order of the arena, states first. */
function memoryText({ arenaBytes, states, buffers, program, blocks: all }: PlannedProgram): string {
  const nameOf = (value: Value): string => knownName(program.notes, value) ?? `%${value.id}`;
  const stateRows = [...states].map(([name, { offset, bytes }]) => [
    code(name),
    'state',
    String(offset),
    String(bytes),
  ]);
  const updates = new Set(program.functions.flatMap((fn) => fn.updates.map(({ value }) => value)));
  const rows = all
    .flatMap(({ roots }) => roots)
    .filter((value) => !updates.has(value))
    .flatMap((value) => {
      const buffer = buffers.get(value);
      return buffer === undefined ? [] : [{ value, ...buffer }];
    })
    .sort((a, b) => a.offset - b.offset || a.value.id - b.value.id);
  const shared = rows.filter((row) =>
    rows.some(
      (other) =>
        other !== row && other.offset < row.offset + row.bytes && row.offset < other.offset + other.bytes,
    ),
  );
  return blocks(
    `The arena has ${arenaBytes} bytes, for at most ${program.maxBatch} samples. ${shared.length} of ${rows.length} values share bytes with another:`,
    table(
      ['value', 'type', 'from byte', 'bytes'],
      [
        ...stateRows,
        ...rows.map(({ value, offset, bytes }) => [
          code(nameOf(value)),
          code(showType(value)),
          String(offset),
          String(bytes),
        ]),
      ],
    ),
  );
}

/** The same blocks for a target with registers for tiles and a cache to care for. */
function wasmText(written: Program): string {
  const { planned } = runPipeline(written, { abilities: targets.wasm.abilities });
  const larger = runPipeline({ ...written, maxBatch: 60000 }, { abilities: targets.wasm.abilities }).planned;
  return blocks(
    'For WebAssembly the same blocks become tiles and lanes:',
    fence('text', explainSchedule(planned)),
    `A batch of ${written.maxBatch} is small. With room for 60,000 samples the whole step is made tile by tile, forward and backward, if each sample can be computed from its own row (\`passes/tile-batch.ts\`):`,
    headerOf('passes/tile-batch.ts'),
    fence('text', explainSchedule(larger)),
  );
}
