/** The networks that are trained, and how much arithmetic a training step of each needs. */

export interface Case {
  readonly name: string;
  /** Width of the input, of each hidden layer, and number of classes. */
  readonly layers: readonly number[];
  readonly activation: 'tanh' | 'relu';
  /** Batch normalization after the first layer, which has no bias then. */
  readonly batchNorm: boolean;
  readonly batch: number;
  readonly optimizer: 'sgd' | 'adam';
  readonly learningRate: number;
  /** Steps after which the loss is compared between contenders. */
  readonly checkSteps: number;
  /** Every contender starts again from the initial weights after this many steps, so that all train in one regime. */
  readonly restart: number;
}

const relu = { activation: 'relu', batchNorm: false } as const;
const sgd = (learningRate: number) => ({ optimizer: 'sgd', learningRate }) as const;
const adam = { optimizer: 'adam', learningRate: 0.001 } as const;
const short = { checkSteps: 20, restart: 500 } as const;
const long = { checkSteps: 5, restart: 50 } as const;

/** The networks of `models/`, for those who cannot read them. */
export const cases: readonly Case[] = [
  { name: 'tiny', layers: [2, 16, 16, 2], batch: 32, ...relu, activation: 'tanh', ...sgd(0.05), ...short },
  { name: 'classroom', layers: [24, 16, 4], batch: 16, ...relu, batchNorm: true, ...sgd(0.05), ...short },
  { name: 'digits', layers: [64, 32, 10], batch: 32, ...relu, ...adam, ...short },
  { name: 'mnist-128', layers: [784, 128, 10], batch: 128, ...relu, ...adam, ...short },
  { name: 'seed', layers: [784, 32, 10], batch: 6000, ...relu, ...sgd(0.02), ...long },
  { name: 'wide', layers: [784, 512, 512, 10], batch: 128, ...relu, ...adam, ...long },
];

/** What CI has time for in place of `wide`. */
export const smallCase: Case = {
  name: 'wide-small',
  layers: [256, 256, 256, 10],
  batch: 64,
  ...relu,
  ...adam,
  ...short,
};

export const caseNamed = (name: string): Case | undefined =>
  [...cases, smallCase].find((one) => one.name === name);

/** A parameter and its shape, in the order and by the names that the compiler gives them. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/** w1, b1, w2, b2, ...; with batch normalization w1, g1, b1, w2, b2, where g1 and b1 scale and shift. */
export function parametersOf({ layers, batchNorm }: Case): readonly Parameter[] {
  return layers.slice(1).flatMap((width, i) => {
    const layer = i + 1;
    const scale = batchNorm && layer === 1 ? [{ name: 'g1', shape: [width] }] : [];
    const weight = { name: `w${layer}`, shape: [layers[i] ?? 0, width] };
    return [weight, ...scale, { name: `b${layer}`, shape: [width] }];
  });
}

/**
 * 2 m n k for each matrix product that a step needs: forward, gradient of the weights, and gradient of the input except
 * at the first layer. Everything else is left out, for every contender.
 */
export function flopsOf({ layers, batch }: Pick<Case, 'layers' | 'batch'>): number {
  const products = layers.slice(1).map((width, i) => {
    const one = 2 * batch * (layers[i] ?? 0) * width;
    return one * (i === 0 ? 2 : 3);
  });
  return products.reduce((sum, x) => sum + x, 0);
}
