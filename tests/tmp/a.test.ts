import { test } from 'vitest';
import { readFileSync } from 'node:fs';
import m from '../../examples/03-neural-network/model.ts';
import { trace } from '../../src/dsl/trace.ts';
import { simplify } from '../../passes/simplify.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { stabilize } from '../../passes/stabilize.ts';
import { printProgram } from '../../ir/print.ts';
import { verifyProgram } from '../../ir/verify.ts';
test('x', () => {
  let p = trace(m, { float: 'f32', readSource: (f) => readFileSync(f, 'utf8') }).program;
  for (const pass of [simplify, autodiff, simplify, stabilize]) { p = pass.run(p); verifyProgram(p); console.log(pass.name + '\n' + printProgram(p)); }
});
