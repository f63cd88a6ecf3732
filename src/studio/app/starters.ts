/** The models to start from: each a file of the project, type-checked like any other. */

import batchNorm from './starters/batch-norm.model.ts?raw';
import digits from './starters/digits.model.ts?raw';
import linear from './starters/linear.model.ts?raw';
import network from './starters/network.model.ts?raw';
import regularized from './starters/regularized.model.ts?raw';
import softmax from './starters/softmax.model.ts?raw';

export interface Starter {
  /** In links and in the picker. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

const first: Starter = { id: 'softmax', title: 'Softmax regression, moons', text: softmax };

export const starters: readonly Starter[] = [
  first,
  { id: 'linear', title: 'Linear regression, moons', text: linear },
  { id: 'network', title: 'Two-layer network, spirals', text: network },
  { id: 'digits', title: 'Digits with Adam', text: digits },
  { id: 'batch-norm', title: 'Batch normalization, blobs', text: batchNorm },
  { id: 'regularized', title: 'Dropout and weight penalty, moons', text: regularized },
];

export const firstStarter: Starter = first;

/** The starter whose text this is, to the letter. */
export const starterOf = (text: string): Starter | undefined => starters.find((one) => one.text === text);
