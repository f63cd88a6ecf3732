/** Domains and ticks of the axes of a figure. */

import { type Axis, extent, type Figure, type Layer } from './figure.ts';
import { tick } from './numbers.ts';

type Domain = readonly [number, number];

/** The domain of an axis: its own, or that of what is drawn along it (`0` for x, `1` for y). */
export function domainOf({ x, y, layers }: Figure, along: 0 | 1): Domain {
  const axis = along === 0 ? x : y;
  if (axis.domain !== undefined) return axis.domain;
  const values = layers.flatMap((layer) => valuesOf(layer, along));
  const found = extent(axis.log ? values.filter((value) => value > 0) : values);
  if (found === undefined) return axis.log ? [0.1, 10] : [0, 1];
  const [low, high] = found;
  if (low < high) return found;
  return axis.log
    ? [low / 2, high * 2]
    : [low - (Math.abs(low) / 10 || 1), high + (Math.abs(high) / 10 || 1)];
}

function valuesOf(layer: Layer, along: 0 | 1): readonly number[] {
  if (layer.kind === 'line') return layer.points.map((point) => point[along]);
  if (layer.kind === 'dots') return layer.dots.map(({ x, y }) => (along === 0 ? x : y));
  return [];
}

export const scaleOf = ({ log }: Axis, domain: Domain) => ({
  type: log ? ('log' as const) : ('linear' as const),
  domain: [...domain],
});

export const ticksOf = ({ log }: Axis, domain: Domain): number[] => (log ? logTicks : linearTicks)(domain);

export const tickFormatOf = ({ share }: Axis): ((value: number) => string) =>
  share ? (value) => `${Number((100 * value).toPrecision(4))} %` : tick;

/** Powers of ten; with few of them their doubles and halves as well, with many only some. */
export function logTicks([low, high]: Domain): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const decades = Math.log10(high / low);
  const every = Math.max(1, Math.ceil(decades / 8));
  const factors = decades < 2 ? [1, 2, 5] : [1];
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((p) => p % every === 0);
  // Written and read again, so that a thousandth is 0.001 in every digit.
  const ticks = powers.flatMap((p) => factors.map((factor) => Number(`${factor}e${p}`)));
  const slack = 1 + 1e-6;
  const inside = ticks.filter((value) => value * slack >= low && value <= high * slack);
  return inside.length > 1 ? inside : linearTicks([low, high]);
}

/** About six round numbers. */
export function linearTicks([low, high]: Domain): number[] {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  if (!(step > 0) || !Number.isFinite(step)) return [low];
  const from = Math.ceil(low / step - 1e-9);
  const to = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => rounded((from + i) * step));
}

/** 0.1 + 0.2 as 0.3: what is left over by binary fractions is no part of a tick. */
const rounded = (value: number): number => Number(value.toPrecision(12));
