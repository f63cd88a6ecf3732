import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { compile } from '../../src/compile.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadData } from '../../src/data/index.ts';
import { bindSplit } from '../../src/bind.ts';
import { createTrainer } from '../../src/runtime/index.ts';
const ref = '/work/shared/reference/';
for (const [name, spec, init, batch] of [['logistic','csv:/work/shared/data/seed/logistic_regression_dataset.csv?label=y','init-logistic',1000],['softmax','csv:/work/shared/data/seed/iris.csv?label=species','init-softmax',150],['minibatch','mnist:/work/shared/data/mnist','init-784-32-10',6000]] as const)
for (const dtype of ['f64','f32'] as const) {
 test(name+dtype, async () => {
  const dir = {logistic:'01-logistic-regression',softmax:'02-softmax-regression',minibatch:'04-mini-batch'}[name];
  let m = (await import(`../../examples/${dir}/model.ts`)).default;
  if (name==='minibatch') m = {...m, options:{...m.options, optimizer: (await import('../../src/index.ts')).gradientDescent({learningRate:0.05})}};
  const c = await compile(m, { dtype, verify: true });
  console.log(c.code.split('\n').slice(30,90).join('\n'));
  const mod = await instantiate(c.code);
  const data = await loadData(spec, { dtype });
  const cols = bindSplit(c.layout, data, data.train);
  const trainer = createTrainer(mod, { seed: 1, init: readFileSync(`${ref}${init}.safetensors`) });
  const expected = JSON.parse(readFileSync(`${ref}${name}.json`,'utf8')).losses;
  let worst = 0, i = 0; const t=performance.now();
  for await (const p of trainer.fit(cols, { steps: expected.length, batch, shuffle: false })) { worst = Math.max(worst, Math.abs(p.loss/expected[i]-1)); i++; }
  console.log(name, dtype, i, worst, (performance.now()-t)/i, 'ms/step');
 }, 600000);
}
