/** The emitted trainer of every example computes what the evaluator says of its model, bit for bit. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { checkTrainer } from '../../src/testing/check-trainer.ts';
import { examples, modelPath, repository } from '../golden/modules.ts';

describe.each(examples)('the trainer of %s', (example) => {
  it.each(['f32', 'f64'] as const)('computes in %s what its model says', async (dtype) => {
    const model = await loadModel(join(repository, modelPath(example)));
    const module = await instantiate((await compile(model, { dtype })).code);
    expect(await checkTrainer(model, module, { seed: 7 })).toEqual([]);
  });
});
