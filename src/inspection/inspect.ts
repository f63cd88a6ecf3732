/** Looks at a model from all sides: its graph at every stage, the code, the derivation, the schedule and the arena. */

import type { Diagnostic } from '../../ir/errors.ts';
import { type Compiled, compile } from '../compile.ts';
import { derive } from '../derivation/derive.ts';
import { documentOf } from '../derivation/document.ts';
import { partMarkup } from '../derivation/markup.ts';
import type { Model } from '../dsl/model.ts';
import { trace } from '../dsl/trace.ts';
import { inspectSchedule } from './blocks.ts';
import { inspectCode } from './code.ts';
import { type Context, createContext, linked } from './context.ts';
import type { DerivationPart, Inspection, Warning } from './inspection.ts';
import { inspectMemory } from './memory.ts';
import { inspectStages } from './stages.ts';

export interface InspectOptions {
  readonly dtype?: 'f32' | 'f64';
  /** What it is scheduled for; the code is TypeScript in any case, and for `wasm` its text format as well. */
  readonly target?: 'ts' | 'wasm';
  /** Text of a source file. */
  readonly readSource: (file: string) => string | undefined;
}

export interface Inspected {
  readonly inspection: Inspection;
  /** What was compiled for the target. */
  readonly compiled: Compiled;
  /** The same in TypeScript. */
  readonly readable: Compiled;
}

/** Throws `CompileError` as `compile` does. */
export async function inspect(
  model: Model,
  { dtype = 'f32', target = 'ts', readSource }: InspectOptions,
): Promise<Inspected> {
  const { targets } = await import('../../codegen/targets.ts');
  const context = createContext(readSource);
  // The model's own file comes first, whatever its layers were written in.
  context.placeOf(model.site);
  const readable = await compile(model, { dtype, readSource });
  const compiled = target === 'ts' ? readable : await compile(model, { dtype, target, readSource });
  const { program } = trace(model, { float: dtype, readSource });
  const { batch } = model.options;
  const schedule = inspectSchedule(compiled, batch, context);
  const name = `${(model.site?.file.split(/[\\/]/).pop() ?? 'model.ts').replace(/\.[^.]*$/, '')}.trainer`;
  const wat = compiled.wat?.();
  const inspection: Inspection = {
    model: model.name,
    dtype,
    target,
    batch,
    stages: inspectStages(program, compiled, targets[target].abilities, context),
    code: [
      inspectCode(readable, `${name}.ts`, schedule.blocks, context),
      ...(wat === undefined ? [] : [{ name: `${name}.wat`, language: 'wat', text: wat, lines: [] } as const]),
    ],
    derivation: inspectDerivation(model, readSource, context),
    schedule,
    memory: inspectMemory(compiled, context),
    warnings: compiled.warnings.map((warning) => inspectWarning(warning, context)),
    sources: context.sources(),
  };
  return { inspection, compiled, readable };
}

function inspectDerivation(
  model: Model,
  readSource: InspectOptions['readSource'],
  context: Context,
): readonly DerivationPart[] {
  const derivation = derive(model, readSource);
  const states = new Set(derivation.given.filter(({ role }) => role === 'parameter').map(({ name }) => name));
  const lines = new Map<string, readonly string[]>();
  const parts = documentOf(derivation, ({ file, line }) => {
    const known = lines.get(file) ?? readSource(file)?.split('\n') ?? [];
    lines.set(file, known);
    return known[line - 1];
  });
  return parts.map((part) => {
    const { about } = part;
    // The next value of a state is keyed apart from the one before.
    const key = about?.role === 'update' && states.has(about.name) ? `${about.name}′` : about?.name;
    return {
      kind: part.kind,
      markup: partMarkup(part).markup,
      ...linked(key === undefined ? [] : [key], context.placeOf(about?.site)),
    };
  });
}

function inspectWarning({ code, message, help, site }: Diagnostic, context: Context): Warning {
  const place = context.placeOf(site);
  return {
    code,
    message,
    ...(help === undefined ? {} : { help }),
    ...(place === undefined ? {} : { site: place }),
  };
}
