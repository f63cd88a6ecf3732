/** A WebAssembly module as text for people (WebAssembly Core Specification 2.0, chapter 6), one instruction per line. */

import type { Instruction, Local, WasmFunction, WasmModule } from './instructions.ts';

/** The text of `module`; the same module gives the same text. */
export function printWat({ imports, functions, pages, shared }: WasmModule): string {
  const memory = shared ? `(memory ${pages} ${pages} shared)` : `(memory ${pages})`;
  const lines = [
    '(module',
    `  (import "env" "memory" ${memory})`,
    ...imports.map(
      ({ name, parameters, result }) =>
        `  (import "math" "${name}" (func $${name} (param ${parameters.join(' ')}) (result ${result})))`,
    ),
    ...functions.flatMap((fn) => ['', ...printFunction(fn)]),
    ')',
  ];
  return `${lines.join('\n')}\n`;
}

function printFunction({ name, doc, parameters, result, locals, body, exported }: WasmFunction): string[] {
  const names = namesOf([...parameters, ...locals]);
  const head = [
    `(func $${name}`,
    ...(exported ? [`(export "${name}")`] : []),
    ...parameters.map((local) => `(param ${names.get(local)} ${local.type})`),
    ...(result === undefined ? [] : [`(result ${result})`]),
  ].join(' ');
  return [
    `  ;; ${doc}`,
    `  ${head}`,
    ...locals.map((local) => `    (local ${names.get(local)} ${local.type})`),
    ...printAll(body, names, '    '),
    '  )',
  ];
}

type Names = ReadonlyMap<Local, string>;

/** Identifiers of variables: what the specification allows in one, the rest as underscores. */
function namesOf(locals: readonly Local[]): Names {
  const names = new Map<Local, string>();
  const taken = new Set<string>();
  for (const local of locals) {
    const wanted = `$${local.name.replace(/[^A-Za-z0-9_.]/g, '_')}`;
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted}.${i}`;
    taken.add(name);
    names.set(local, name);
  }
  return names;
}

const printAll = (body: readonly Instruction[], names: Names, indent: string): string[] =>
  body.flatMap((instruction) => print(instruction, names, indent));

function print(instruction: Instruction, names: Names, indent: string): string[] {
  const inner = `${indent}  `;
  if (instruction.op === 'if') {
    const { result, yes, no } = instruction;
    return [
      `${indent}if${result === undefined ? '' : ` (result ${result})`}`,
      ...printAll(yes, names, inner),
      ...(no.length > 0 ? [`${indent}else`, ...printAll(no, names, inner)] : []),
      `${indent}end`,
    ];
  }
  if ('body' in instruction)
    return [`${indent}${instruction.op}`, ...printAll(instruction.body, names, inner), `${indent}end`];
  const text = [instruction.op, ...immediatesOf(instruction, names)].join(' ');
  return [`${indent}${text}`];
}

type Plain = Exclude<Instruction, { readonly op: 'if' | 'block' | 'loop' }>;

function immediatesOf(instruction: Plain, names: Names): readonly string[] {
  if ('local' in instruction) return [names.get(instruction.local) ?? instruction.local.name];
  if ('name' in instruction) return [`$${instruction.name}`];
  if ('depth' in instruction) return [String(instruction.depth)];
  if ('words' in instruction) return ['i32x4', ...instruction.words.map(String)];
  if ('value' in instruction) return [numberText(instruction.value)];
  if ('offset' in instruction) return instruction.offset === 0 ? [] : [`offset=${instruction.offset}`];
  if ('address' in instruction) return instruction.address === 0 ? [] : [`offset=${instruction.address}`];
  return 'lane' in instruction ? [String(instruction.lane)] : [];
}

const numberText = (value: number): string =>
  Number.isNaN(value)
    ? 'nan'
    : Number.isFinite(value)
      ? Object.is(value, -0)
        ? '-0'
        : String(value)
      : `${value < 0 ? '-' : ''}inf`;
