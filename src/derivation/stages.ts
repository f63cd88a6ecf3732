/** A model at the stages that a derivation tells of: as it is written, simplified, differentiated, and simplified again. */

import type { Program } from '../../ir/program.ts';
import { simplifyEquations, simplifyRules } from '../../passes/equations/index.ts';
import { simplify, simplifyWith } from '../../passes/simplify.ts';
import type { Model } from '../dsl/model.ts';
import { trace } from '../dsl/trace.ts';
import { graphPasses } from '../pipeline.ts';
import { createFirings, type Firings } from './firings.ts';

export interface Stage {
  readonly program: Program;
  /** The equations that fired on the way from the stage before. */
  readonly firings: Firings;
}

export interface Stages {
  readonly written: Program;
  readonly simplified: Stage;
  readonly derived: Program;
  readonly result: Stage;
}

/** Runs the very passes of the compiler, in f64, because rounding is no part of a derivation. */
export function stagesOf(model: Model, readSource: (file: string) => string | undefined): Stages {
  const written = trace(model, { float: 'f64', readSource }).program;
  const after = new Map<string, Stage>();
  let program = written;
  for (const pass of graphPasses) {
    const firings = createFirings();
    program =
      pass.run === simplify.run
        ? simplifyWith(program, simplifyRules, simplifyEquations, firings.note)
        : pass.run(program);
    after.set(pass.name, { program, firings });
  }
  const stage = (name: string): Stage => {
    const found = after.get(name);
    if (found === undefined) throw new Error(`There is no pass ${name}.`);
    return found;
  };
  return {
    written,
    simplified: stage('simplify'),
    derived: stage('autodiff').program,
    result: stage('simplify-gradients'),
  };
}
