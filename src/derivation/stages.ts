/** A model as it is written, and after each pass over its graph, with the equations that fired on the way. */

import type { Program } from '../../ir/program.ts';
import { simplifyEquations, simplifyRules } from '../../passes/equations/index.ts';
import type { GraphPass } from '../../passes/pass.ts';
import { simplify, simplifyWith } from '../../passes/simplify.ts';
import { graphPasses } from '../pipeline.ts';
import { createFirings, type Firings } from './firings.ts';

export interface Stage {
  readonly pass: GraphPass;
  /** The program after it. */
  readonly program: Program;
  /** The equations that fired on the way from the stage before. */
  readonly firings: Firings;
}

/** Runs the very passes of the compiler, and listens to those that rewrite. */
export function stagesOf(written: Program): readonly Stage[] {
  let program = written;
  return graphPasses.map((pass) => {
    const firings = createFirings();
    program =
      pass.run === simplify.run
        ? simplifyWith(program, simplifyRules, simplifyEquations, firings.note)
        : pass.run(program);
    return { pass, program, firings };
  });
}

/** The stages that a derivation tells of: as it is written, simplified, differentiated, and simplified again. */
export interface Stages {
  readonly written: Program;
  readonly simplified: Stage;
  readonly derived: Stage;
  readonly result: Stage;
}

export function toldStages(written: Program): Stages {
  const stages = stagesOf(written);
  const stage = (name: string): Stage => {
    const found = stages.find(({ pass }) => pass.name === name);
    if (found === undefined) throw new Error(`There is no pass ${name}.`);
    return found;
  };
  return {
    written,
    simplified: stage('simplify'),
    derived: stage('autodiff'),
    result: stage('simplify-gradients'),
  };
}
