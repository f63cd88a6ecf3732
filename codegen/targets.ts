/** The targets, one line each. */

import type { PlannedProgram } from '../ir/kernel.ts';
import { layoutOf } from './ts/layout.ts';
import { emitModule } from './ts/module.ts';

export interface Target {
  readonly name: string;
  readonly emit: (planned: PlannedProgram) => string;
}

export const targets = {
  ts: { name: 'TypeScript', emit: emitModule },
} as const satisfies Readonly<Record<string, Target>>;

export { layoutOf };
