/** Colours: for pages, which follow the reader's light or dark mode, and for files, which bring their background. */

import type { Paint } from './figure.ts';

export interface Theme {
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  /** For the one line that matters. */
  readonly accent: string;
}

/** The names are those of the page's style sheet. */
export const pageTheme: Theme = {
  paper: 'var(--paper)',
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  accent: 'var(--accent)',
};

/** Literal colours: not every program that shows SVG knows variables. */
export const fileTheme: Theme = { paper: '#ffffff', ink: '#1c2128', muted: '#59636e', accent: '#3b76d6' };

/** Ten colours that can be told apart, also by most who see few colours, on white and on near black. */
export const seriesColors = [
  '#3b76d6',
  '#e08a00',
  '#2fa05a',
  '#e0524d',
  '#9a5fe0',
  '#0fa3b1',
  '#d45c9e',
  '#9c6b4e',
  '#7d8a2e',
  '#7c8794',
] as const;

export const seriesColor = (index: number): string =>
  seriesColors[index % seriesColors.length] ?? seriesColors[0];

/** Red, green and blue of a series, from 0 to 255. */
export function seriesRgb(index: number): readonly [number, number, number] {
  const value = Number.parseInt(seriesColor(index).slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export const colorOf = (paint: Paint, theme: Theme): string =>
  typeof paint === 'string' ? theme[paint] : seriesColor(paint.series);
