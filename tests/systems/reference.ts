/** A two-layer network in float64 with its gradients worked out by hand; it shares no code with src. */

export type Matrix = readonly (readonly number[])[];

/** Parameters, gradients or statistics by name; matrices row by row. */
export type Arrays = { readonly [name: string]: readonly number[] };

export interface Network {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
  /** Slope of the hidden activation below and at 0; 0 is the ReLU. */
  readonly slope: number;
  /** Batch normalization of both layers, which have no bias then. */
  readonly normalized: boolean;
  /** lambda times the sum of squares of both weight matrices is part of the loss. */
  readonly penalty?: number;
}

export interface Samples {
  readonly x: Matrix;
  readonly y: readonly number[];
}

export interface Pass {
  readonly loss: number;
  readonly gradients: Arrays;
  /** Mean and biased variance of the batch, of each normalized layer. */
  readonly statistics: Arrays;
}

export const epsilonOfBatchNorm = 1e-5;

export const total = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0);

export function named(arrays: Arrays, name: string): readonly number[] {
  const found = arrays[name];
  if (!found) throw new Error(`The reference has no ${name}.`);
  return found;
}

export const cell = (matrix: Matrix, i: number, j: number): number => matrix[i]?.[j] ?? Number.NaN;
const width = (matrix: Matrix): number => matrix[0]?.length ?? 0;
const at = (xs: readonly number[], i: number): number => xs[i] ?? Number.NaN;

export const rowsOf = (flat: readonly number[], columns: number): Matrix =>
  Array.from({ length: flat.length / columns }, (_, i) => flat.slice(i * columns, (i + 1) * columns));

export const transposed = (a: Matrix): Matrix =>
  Array.from({ length: width(a) }, (_, j) => a.map((row) => at(row, j)));

export function product(a: Matrix, b: Matrix): Matrix {
  const columns = transposed(b);
  return a.map((row) => columns.map((column) => total(row.map((x, k) => x * at(column, k)))));
}

export const eachCell = (a: Matrix, change: (x: number, i: number, j: number) => number): Matrix =>
  a.map((row, i) => row.map((x, j) => change(x, i, j)));

const columnSums = (a: Matrix): readonly number[] => transposed(a).map(total);

interface Normalized {
  readonly out: Matrix;
  readonly unit: Matrix;
  readonly deviation: readonly number[];
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}

/** g (z - mean) / sqrt(variance + epsilon) + b, column by column. */
export function normalize(z: Matrix, g: readonly number[], b: readonly number[]): Normalized {
  const count = z.length;
  const mean = columnSums(z).map((sum) => sum / count);
  const variance = columnSums(eachCell(z, (x, _, j) => (x - at(mean, j)) ** 2)).map((sum) => sum / count);
  const deviation = variance.map((v) => Math.sqrt(v + epsilonOfBatchNorm));
  const unit = eachCell(z, (x, _, j) => (x - at(mean, j)) / at(deviation, j));
  return { out: eachCell(unit, (u, _, j) => at(g, j) * u + at(b, j)), unit, deviation, mean, variance };
}

/**
 * The gradient of `normalize` through mean and variance. With u = (z - mean) / s and d = g dOut:
 * du/dz gives dz_i = (d_i - mean(d) - u_i mean(d u)) / s, the means over the samples.
 */
export function normalizeBackward(
  { unit, deviation }: Pick<Normalized, 'unit' | 'deviation'>,
  g: readonly number[],
  dOut: Matrix,
): { readonly dZ: Matrix; readonly dG: readonly number[]; readonly dB: readonly number[] } {
  const count = dOut.length;
  const dUnit = eachCell(dOut, (d, _, j) => d * at(g, j));
  const meanOfD = columnSums(dUnit).map((sum) => sum / count);
  const meanOfDU = columnSums(eachCell(dUnit, (d, i, j) => d * cell(unit, i, j))).map((sum) => sum / count);
  return {
    dZ: eachCell(
      dUnit,
      (d, i, j) => (d - at(meanOfD, j) - cell(unit, i, j) * at(meanOfDU, j)) / at(deviation, j),
    ),
    dG: columnSums(eachCell(dOut, (d, i, j) => d * cell(unit, i, j))),
    dB: columnSums(dOut),
  };
}

/** Rows of e^z over their sum, computed from what is left of each row's largest. */
export const softmaxRows = (z: Matrix): Matrix =>
  z.map((row) => {
    const largest = Math.max(...row);
    const powers = row.map((x) => Math.exp(x - largest));
    const sum = total(powers);
    return powers.map((p) => p / sum);
  });

/** Mean of logsumexp(z) - z[y]. */
export function crossEntropy(z: Matrix, y: readonly number[]): number {
  const losses = z.map((row, i) => {
    const largest = Math.max(...row);
    return largest + Math.log(total(row.map((x) => Math.exp(x - largest)))) - at(row, at(y, i));
  });
  return total(losses) / z.length;
}

const addRow = (a: Matrix, row: readonly number[]): Matrix => eachCell(a, (x, _, j) => x + at(row, j));

/** One layer before its activation: x w + b, or x w normalized. */
function layer(network: Network, parameters: Arrays, index: 1 | 2, x: Matrix) {
  const columns = index === 1 ? network.hidden : network.classes;
  const w = rowsOf(named(parameters, `w${index}`), columns);
  const b = named(parameters, `b${index}`);
  const z = product(x, w);
  const norm = network.normalized ? normalize(z, named(parameters, `g${index}`), b) : undefined;
  const backward = (dOut: Matrix) => {
    const { dZ, dG, dB } = norm
      ? normalizeBackward(norm, named(parameters, `g${index}`), dOut)
      : { dZ: dOut, dG: undefined, dB: columnSums(dOut) };
    const decay = 2 * (network.penalty ?? 0);
    const dW = eachCell(product(transposed(x), dZ), (d, i, j) => d + decay * cell(w, i, j));
    return {
      dX: product(dZ, transposed(w)),
      gradients: {
        [`w${index}`]: dW.flat(),
        [`b${index}`]: dB,
        ...(dG ? { [`g${index}`]: dG } : {}),
      },
    };
  };
  const statistics = norm ? { [`mean${index}`]: norm.mean, [`variance${index}`]: norm.variance } : {};
  return { out: norm?.out ?? addRow(z, b), backward, statistics };
}

const activated = ({ slope }: Network, z: Matrix): Matrix => eachCell(z, (x) => (x > 0 ? x : slope * x));

/** Loss and gradients of a batch at `parameters`. */
export function passOf(network: Network, parameters: Arrays, { x, y }: Samples): Pass {
  const first = layer(network, parameters, 1, x);
  const second = layer(network, parameters, 2, activated(network, first.out));
  const weights = [...named(parameters, 'w1'), ...named(parameters, 'w2')];
  const penalty = (network.penalty ?? 0) * total(weights.map((w) => w * w));
  const dLogits = eachCell(softmaxRows(second.out), (p, i, j) => (p - (y[i] === j ? 1 : 0)) / x.length);
  const back = second.backward(dLogits);
  const dHidden = eachCell(back.dX, (d, i, j) => (cell(first.out, i, j) > 0 ? d : network.slope * d));
  return {
    loss: crossEntropy(second.out, y) + penalty,
    gradients: { ...first.backward(dHidden).gradients, ...back.gradients },
    statistics: { ...first.statistics, ...second.statistics },
  };
}

/** Probabilities with running statistics in place of those of the batch. */
export function predictionOf(network: Network, parameters: Arrays, running: Arrays, x: Matrix): Matrix {
  const use = (index: 1 | 2, input: Matrix): Matrix => {
    const columns = index === 1 ? network.hidden : network.classes;
    const z = product(input, rowsOf(named(parameters, `w${index}`), columns));
    const [g, b] = [named(parameters, `g${index}`), named(parameters, `b${index}`)];
    const [mean, variance] = [named(running, `mean${index}`), named(running, `variance${index}`)];
    return eachCell(
      z,
      (v, _, j) =>
        (at(g, j) * (v - at(mean, j))) / Math.sqrt(at(variance, j) + epsilonOfBatchNorm) + at(b, j),
    );
  };
  return softmaxRows(use(2, activated(network, use(1, x))));
}
