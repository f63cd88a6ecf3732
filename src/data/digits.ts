/** The synthetic set `digits`: ten classes of hand-like 28×28 grey digits, drawn from a seed. */

import type { Dataset, Split } from './dataset.ts';
import { type FloatDtype, unitFloats } from './floats.ts';
import { flatten, GLYPHS, type Glyph, type Point, type Stroke } from './glyphs.ts';
import { checkRange, checkWhole } from './options.ts';
import { createRandom, permutation, type Random } from './random.ts';
import { clearField, type DistanceField, drawPolyline, inkAt, PIXELS, SIDE } from './raster.ts';
import { sinCos } from './trig.ts';

export interface DigitsOptions {
  readonly dtype?: FloatDtype;
  /** Default 1. */
  readonly seed?: number;
  /** Training images; default 10,000. */
  readonly count?: number;
  /** Test images, 0 for no test split; default 2,000. */
  readonly testCount?: number;
  /** Standard deviation of the pixel noise, in units of full ink; default 0.08. */
  readonly noise?: number;
}

/**
 * How far the drawn digits differ from each other, in pixels and radians.
 *
 * Chosen so that a linear softmax model stays near 90% (dark-on-light images need a second template for each
 * class, which one weight vector cannot hold) while a small network learns the set in a few epochs.
 */
const VARIATION = {
  turn: 0.2,
  shear: 0.12,
  shift: 1,
  width: [14, 17],
  height: [20, 22],
  /** Standard deviation of each control point, in units of the glyph's box. */
  wobble: 0.025,
  radius: [1.6, 2.5],
  blur: [0.8, 1.8],
  ink: [0.75, 1],
  strayLines: 0.04,
  speckled: 0.1,
  darkOnLight: 0.1,
} as const;

const CLASSES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/**
 * `train` and `test` of 784 pixels each, multiples of 1/255 in [0, 1]; classes as equal in number as the counts
 * allow, in random order. Throws `data/bad-option`.
 */
export function digits(options: DigitsOptions = {}): Dataset {
  const { seed = 1, count = 10_000, testCount = 2_000, noise = 0.08, dtype = 'f32' } = options;
  checkWhole('count', count, 1, 200_000);
  checkWhole('test', testCount, 0, 200_000);
  checkWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkRange('noise', noise, 0, 10);
  const random = createRandom(seed);
  return {
    name: 'digits',
    train: drawSplit(count, noise, dtype, random),
    ...(testCount > 0 ? { test: drawSplit(testCount, noise, dtype, random) } : {}),
    classes: CLASSES,
  };
}

function drawSplit(count: number, noise: number, dtype: FloatDtype, random: Random): Split {
  const pixels = new Uint8Array(count * PIXELS);
  const field = new Float64Array(PIXELS);
  const labels = permutation(count, random).map((n) => n % CLASSES.length);
  for (let i = 0; i < count; i++) {
    drawDigit(pixels.subarray(i * PIXELS, (i + 1) * PIXELS), field, labels[i] ?? 0, noise, random);
  }
  return { count, features: unitFloats(dtype, pixels), width: PIXELS, labels };
}

/** Fills `image` (784 bytes) with one glyph of `digit`; `field` is scratch. */
function drawDigit(
  image: Uint8Array,
  field: DistanceField,
  digit: number,
  noise: number,
  random: Random,
): void {
  const styles = GLYPHS[digit] ?? [];
  const glyph: Glyph = styles[random.below(styles.length)] ?? [];
  const place = randomPlacement(random);
  const radius = within(VARIATION.radius, random);
  const blur = within(VARIATION.blur, random);
  const reach = radius + blur / 2;
  clearField(field);
  for (const stroke of glyph) {
    const moved: Stroke = {
      kind: stroke.kind,
      points: stroke.points.map((point) => place(wobbled(point, random))),
    };
    drawPolyline(field, flatten(moved, 3), reach);
  }
  if (random.uniform() < VARIATION.strayLines) drawPolyline(field, strayLine(random), reach);
  const ink = within(VARIATION.ink, random);
  const inverted = random.uniform() < VARIATION.darkOnLight;
  for (let i = 0; i < PIXELS; i++) {
    const drawn = ink * inkAt(field[i] ?? 0, radius, blur);
    image[i] = toByte((inverted ? 1 - drawn : drawn) + noise * coarseNormal(random.bits()));
  }
  if (random.uniform() < VARIATION.speckled) speckle(image, random);
}

/** A random affine map from the unit box of the glyphs to pixels. */
function randomPlacement(random: Random): (point: Point) => Point {
  const [sin, cos] = sinCos(random.between(-VARIATION.turn, VARIATION.turn));
  const shear = random.between(-VARIATION.shear, VARIATION.shear);
  const width = within(VARIATION.width, random);
  const height = within(VARIATION.height, random);
  const cx = SIDE / 2 + random.between(-VARIATION.shift, VARIATION.shift);
  const cy = SIDE / 2 + random.between(-VARIATION.shift, VARIATION.shift);
  return ([u, v]) => {
    const y = (v - 0.5) * height;
    const x = (u - 0.5) * width - shear * y;
    return [cx + cos * x - sin * y, cy + sin * x + cos * y];
  };
}

function within([low, high]: readonly [number, number], random: Random): number {
  return random.between(low, high);
}

function wobbled([x, y]: Point, random: Random): Point {
  const { wobble } = VARIATION;
  return [x + wobble * coarseNormal(random.bits()), y + wobble * coarseNormal(random.bits())];
}

/** A short stroke somewhere on the image, as a slip of the pen. */
function strayLine(random: Random): readonly Point[] {
  const x = random.between(3, SIDE - 3);
  const y = random.between(3, SIDE - 3);
  return [
    [x, y],
    [x + random.between(-6, 6), y + random.between(-6, 6)],
  ];
}

function speckle(image: Uint8Array, random: Random): void {
  for (let left = 4 + random.below(12); left > 0; left--) image[random.below(PIXELS)] = random.below(256);
}

/** Nearly normal (mean 0, variance 1, |value| under 3.5) from the four bytes of one draw: cheap per pixel. */
function coarseNormal(bits: number): number {
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / 147.8;
}

function toByte(value: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}
