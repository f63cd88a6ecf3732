import { test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { instantiate } from '../../src/instantiate.ts';
import { model, gradientDescent, normal, type Tensor } from '../../src/index.ts';
test('chain', async () => {
  for (const N of [100, 1000, 10000]) {
  const m = model('chain', (m) => {
    const x = m.input('x', ['batch', 4]); const w = m.param('w', [4], normal(1));
    let h: Tensor<readonly ['batch', 4]> = x.mul(w);
    for (let i = 0; i < N; i++) h = (i % 3 === 0 ? h.tanh() : i % 3 === 1 ? h.mul(1.01) : h.add(x)) as typeof h;
    return { loss: h.square().mean() };
  }, { batch: 4, optimizer: gradientDescent({ learningRate: 0.1 }) });
  const t = performance.now(); const c = await compile(m); console.log(N, performance.now()-t, c.timings, c.code.length);
  const t2 = performance.now(); const mod = await instantiate(c.code); const p = mod.create(); console.log('load', performance.now()-t2);
  p.state.w!.fill(0.5); console.log(p.step({ x: new Float32Array(16).fill(0.1) }, 4, 0, 0));
  }
}, 100000);
