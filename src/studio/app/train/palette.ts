/** The colours of the page for what is drawn on canvas: those of its style sheet, in the mode of the moment. */

import { seriesRgb } from '../../../report/theme.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

export interface Palette {
  readonly paper: Rgb;
  readonly ink: Rgb;
  readonly muted: Rgb;
  readonly line: Rgb;
  readonly accent: Rgb;
  readonly bad: Rgb;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): Rgb => rgbOf(style.getPropertyValue(`--${name}`).trim());
  return {
    paper: color('paper'),
    ink: color('ink'),
    muted: color('muted'),
    line: color('line'),
    accent: color('accent'),
    bad: color('bad'),
  };
}

/** Of `#fff` or `#14181d`, which is how the style sheet writes colours, also after it was made small. */
export function rgbOf(hex: string): Rgb {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
  const value = Number.parseInt(digits, 16);
  return Number.isNaN(value) ? [128, 128, 128] : [value >> 16, (value >> 8) & 255, value & 255];
}

export const css = ([red, green, blue]: Rgb, alpha = 1): string => `rgb(${red} ${green} ${blue} / ${alpha})`;

export const mixed = (a: Rgb, b: Rgb, share: number): Rgb => [
  Math.round(a[0] + (b[0] - a[0]) * share),
  Math.round(a[1] + (b[1] - a[1]) * share),
  Math.round(a[2] + (b[2] - a[2]) * share),
];

const positive = seriesRgb(0);
const negative: Rgb = [224, 112, 40];

/** Blue above zero, orange below, the colour of the page at zero; `share` goes from -1 to 1. */
export const signed = (paper: Rgb, share: number): Rgb =>
  mixed(paper, share < 0 ? negative : positive, Math.min(1, Math.abs(share)));

export const classRgb = (index: number): Rgb => seriesRgb(index);
