import { test } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import m from '../../examples/03-neural-network/model.ts';
import { compile } from '../../src/compile.ts';
test('x', async () => {
  const c = await compile(m, { verify: true, readSource: (f) => readFileSync(f, 'utf8'), printAfter: 'plan-memory' });
  writeFileSync('/tmp/out.trainer.ts', c.code);
  console.log(c.timings, c.warnings, c.code.split('\n').length);
  for (let i=0;i<5;i++) { const t=performance.now(); await compile(m, {}); console.log(performance.now()-t); }
});
