/** The synthetic sets of points: `moons` and `spirals` in the plane, `blobs` in any number of dimensions, drawn from a seed. */

import type { Dataset, Split } from './dataset.ts';
import { type FloatDtype, floatArray } from './floats.ts';
import { checkRange, checkWhole } from './options.ts';
import { createRandom, permutation, type Random } from './random.ts';
import { sinCos } from './trig.ts';

export interface PlanarOptions {
  readonly dtype?: FloatDtype;
  /** Default 1. */
  readonly seed?: number;
  /** Training points; default 1,000. */
  readonly count?: number;
  /** Test points, 0 for no test split; default 250. */
  readonly testCount?: number;
  /** Standard deviation of the noise on each coordinate, before the set is scaled to unit variance. */
  readonly noise?: number;
}

export interface BlobsOptions extends PlanarOptions {
  /** Clouds of points, one class each, 2 to 10; default 3. */
  readonly classes?: number;
  /** Coordinates of a point, 2 to 64; default 2. */
  readonly features?: number;
}

export interface SpiralsOptions extends PlanarOptions {
  /** Arms, one class each, 2 or 3; default 2. */
  readonly arms?: number;
}

const TURN = 2 * Math.PI;

/**
 * Round clouds around the corners of a regular polygon of radius 1; noise defaults to 0.25. With more than two
 * features, each further pair of coordinates walks around the polygon at its own speed.
 */
export function blobs(options: BlobsOptions = {}): Dataset {
  const classes = options.classes ?? 3;
  const features = options.features ?? 2;
  checkWhole('classes', classes, 2, 10);
  checkWhole('features', features, 2, 64);
  return planar('blobs', classes, { noise: 0.25, ...options }, (label) =>
    Array.from({ length: features }, (_, axis) => {
      const [sin, cos] = sinCos((TURN * (((1 + (axis >> 1)) * label) % classes)) / classes);
      return axis % 2 === 0 ? cos : sin;
    }),
  );
}

/** Two half circles of radius 1, each reaching into the other; noise defaults to 0.1. */
export function moons(options: PlanarOptions = {}): Dataset {
  return planar('moons', 2, { noise: 0.1, ...options }, (label, random) => {
    const [sin, cos] = sinCos(Math.PI * random.uniform());
    return label === 0 ? [cos, sin] : [1 - cos, 0.5 - sin];
  });
}

/** Arms that wind one and a half times around the centre, out to radius 1; noise defaults to 0.02. */
export function spirals(options: SpiralsOptions = {}): Dataset {
  const arms = options.arms ?? 2;
  checkWhole('arms', arms, 2, 3);
  return planar('spirals', arms, { noise: 0.02, ...options }, (label, random) => {
    // The root spreads the points evenly over the area instead of crowding the centre.
    const radius = 0.1 + 0.9 * Math.sqrt(random.uniform());
    const [sin, cos] = sinCos(TURN * (1.5 * radius + label / arms));
    return [radius * cos, radius * sin];
  });
}

type DrawPoint = (label: number, random: Random) => readonly number[];

function planar(
  name: string,
  classes: number,
  options: PlanarOptions & { readonly noise: number },
  draw: DrawPoint,
): Dataset {
  const { noise, count = 1000, testCount = 250, seed = 1, dtype = 'f32' } = options;
  checkWhole('count', count, 1, 1_000_000);
  checkWhole('test', testCount, 0, 1_000_000);
  checkWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkRange('noise', noise, 0, 10);
  const random = createRandom(seed);
  const noisy: DrawPoint = (label) => draw(label, random).map((x) => x + noise * random.normal());
  const train = drawPoints(count, classes, noisy, random);
  const test = drawPoints(testCount, classes, noisy, random);
  const scale = scalingOf(train);
  return {
    name,
    train: scaledSplit(train, scale, dtype),
    ...(testCount > 0 ? { test: scaledSplit(test, scale, dtype) } : {}),
    classes: Array.from({ length: classes }, (_, i) => String(i)),
    featureNames: train.width === 2 ? ['x', 'y'] : Array.from({ length: train.width }, (_, i) => `x${i + 1}`),
  };
}

interface LabelledPoints {
  /** The coordinates of each point in turn. */
  readonly points: Float64Array;
  readonly width: number;
  readonly labels: Int32Array;
}

/** The classes are equal in number (as far as `count` allows) and their order is random. */
function drawPoints(count: number, classes: number, draw: DrawPoint, random: Random): LabelledPoints {
  const labels = permutation(count, random).map((n) => n % classes);
  const drawn = Array.from(labels, (label) => draw(label, random));
  return { points: Float64Array.from(drawn.flat()), width: drawn[0]?.length ?? 2, labels };
}

/** Mean and standard deviation of each axis; the test split is scaled by the train split's as well. */
function scalingOf({ points, width }: LabelledPoints) {
  return Array.from({ length: width }, (_, axis) => {
    const values = points.filter((_value, i) => i % width === axis);
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / values.length;
    // A single point, or points on one line, have no spread to divide by.
    return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
  });
}

function scaledSplit(drawn: LabelledPoints, scale: ReturnType<typeof scalingOf>, dtype: FloatDtype): Split {
  const features = floatArray(dtype, drawn.points.length);
  drawn.points.forEach((value, i) => {
    const { mean, deviation } = scale[i % drawn.width] ?? { mean: 0, deviation: 1 };
    features[i] = (value - mean) / deviation;
  });
  return { count: drawn.labels.length, features, width: drawn.width, labels: drawn.labels };
}
