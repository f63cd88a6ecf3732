/** A figure as data: axes and layers in the units of what is shown, before any drawing. */

import type { Point } from './decimate.ts';

/** What a colour is for; `{ series: 2 }` is the third of the colours for lines and classes. */
export type Paint = 'ink' | 'muted' | 'accent' | { readonly series: number };

export interface Axis {
  readonly label: string;
  readonly log?: boolean;
  /** Values are shares of 1, ticks percentages. */
  readonly share?: boolean;
  /** From and to; taken from the points when it is missing. */
  readonly domain?: readonly [number, number];
}

export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly paint: Paint;
  /** Drawn with a ring around it. */
  readonly marked?: boolean;
}

export type Layer =
  | {
      readonly kind: 'line';
      readonly points: readonly Point[];
      readonly paint: Paint;
      readonly faint?: boolean;
    }
  | { readonly kind: 'dots'; readonly dots: readonly Dot[]; readonly radius: number }
  /** A picture stretched over an area. */
  | {
      readonly kind: 'picture';
      readonly href: string;
      readonly x: readonly [number, number];
      readonly y: readonly [number, number];
    }
  /** Where a field is 0; `values` row-major from the top, in the middle of each cell of the area. */
  | {
      readonly kind: 'zeros';
      readonly values: readonly number[];
      readonly columns: number;
      readonly rows: number;
      readonly x: readonly [number, number];
      readonly y: readonly [number, number];
    }
  /** A vertical line across the frame with words at its top. */
  | { readonly kind: 'bound'; readonly x: number; readonly label: string }
  /** Where y equals x. */
  | { readonly kind: 'diagonal' };

export interface Figure {
  /** Said to those who cannot see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly layers: readonly Layer[];
}

/** From the least to the greatest of the finite values, or undefined when there are none. */
export function extent(values: Iterable<number>): readonly [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** A domain widened by a part of itself on both sides; one of a single value gets a width. */
export function widened([low, high]: readonly [number, number], part: number): readonly [number, number] {
  const margin = part * (high - low) || Math.abs(high) * part || 1;
  return [low - margin, high + margin];
}
