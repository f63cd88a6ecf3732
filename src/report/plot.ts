/** Draws figures as SVG. The one file that knows the plotting library; loaded when there is something to draw. */

import type { Markish } from '@observablehq/plot';
import { clipRenumbering } from './clip-paths.ts';
import type { Dot, Figure, Layer } from './figure.ts';
import { cleaned, escapeText } from './html.ts';
import { domainOf, scaleOf, tickFormatOf, ticksOf } from './scales.ts';
import { colorOf, type Theme } from './theme.ts';

/** An `svg` element as text. Without `fixed` it takes the width of what it stands in. */
export type Draw = (figure: Figure, theme: Theme, options?: { readonly fixed?: boolean }) => string;

type Library = typeof import('@observablehq/plot');

const fontSize = 12;
const margin = { left: 54, right: 18, top: 28, bottom: 42 } as const;

/** Loads the library, which takes a fifth of a second, to draw the figures of one document. */
export async function loadPlot(): Promise<Draw> {
  const [library, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const renumbered = clipRenumbering();
  return (figure, theme, { fixed = false } = {}) => {
    const { width, height, x, y, layers } = figure;
    const drawn: Element = library.plot({
      document,
      className: 'plot',
      width,
      height,
      marginLeft: margin.left,
      marginRight: margin.right,
      marginTop: margin.top,
      marginBottom: margin.bottom,
      x: {
        ...scaleOf(x, domainOf(figure, 0)),
        label: cleaned(x.label),
        labelAnchor: 'center',
        labelArrow: 'none',
      },
      y: { ...scaleOf(y, domainOf(figure, 1)), label: cleaned(y.label), labelArrow: 'none' },
      marks: [
        ...axes(library, figure, theme),
        ...layers.flatMap((layer) => marksOf(library, layer, figure, theme)),
      ],
    });
    return renumbered(finished(drawn, figure, fixed));
  };
}

function axes(library: Library, figure: Figure, { muted }: Theme): Markish[] {
  const line = { stroke: muted, strokeOpacity: 0.22 };
  const [x, y] = ([0, 1] as const).map((along) => {
    const axis = along === 0 ? figure.x : figure.y;
    const ticks = ticksOf(axis, domainOf(figure, along));
    const words = { label: cleaned(axis.label), labelArrow: 'none', color: muted, fontSize } as const;
    return { line: { ...line, ticks }, axis: { ticks, tickFormat: tickFormatOf(axis), ...words } };
  });
  return [
    library.gridX(x?.line),
    library.gridY(y?.line),
    library.axisX({ ...x?.axis, labelAnchor: 'center' }),
    library.axisY({ ...y?.axis, labelAnchor: 'top' }),
  ];
}

function marksOf(library: Library, layer: Layer, figure: Figure, theme: Theme): Markish[] {
  switch (layer.kind) {
    case 'line': {
      const shown = layer.points.filter(([px, py]) => (!figure.x.log || px > 0) && (!figure.y.log || py > 0));
      const look = layer.faint ? { strokeWidth: 1, strokeOpacity: 0.4 } : { strokeWidth: 2 };
      const color = colorOf(layer.paint, theme);
      return [library.line(shown, { x: '0', y: '1', stroke: color, ...look, clip: true })];
    }
    case 'dots':
      return dotMarks(library, layer.dots, layer.radius, theme);
    case 'picture':
      return [pictureMark(library, layer, figure)];
    case 'zeros': {
      const { values, columns: width, rows: height, x, y } = layer;
      const corners = { x1: x[0], x2: x[1], y1: y[1], y2: y[0] };
      const look = { stroke: theme.ink, strokeWidth: 1.2, strokeOpacity: 0.7, clip: true };
      return [library.contour(values, { width, height, ...corners, thresholds: [0], ...look })];
    }
    case 'bound': {
      const onRight = isRight(layer.x, domainOf(figure, 0), figure.x.log === true);
      const place = onRight
        ? ({ textAnchor: 'end', dx: -4 } as const)
        : ({ textAnchor: 'start', dx: 4 } as const);
      const label = {
        text: [cleaned(layer.label)],
        x: [layer.x],
        frameAnchor: 'top',
        dy: 2,
        ...place,
      } as const;
      return [
        library.ruleX([layer.x], { stroke: theme.ink, strokeDasharray: '4 3' }),
        library.text([0], { ...label, lineAnchor: 'top', fill: theme.ink, stroke: theme.paper, fontSize }),
      ];
    }
    case 'diagonal': {
      const [x, y] = [domainOf(figure, 0), domainOf(figure, 1)];
      const ends = [Math.max(x[0], y[0]), Math.min(x[1], y[1])].map((value) => [value, value]);
      return [library.line(ends, { x: '0', y: '1', stroke: theme.ink, strokeDasharray: '4 3', clip: true })];
    }
  }
}

function pictureMark(library: Library, { href, x, y }: Layer & { kind: 'picture' }, figure: Figure): Markish {
  const frame = [
    figure.width - margin.left - margin.right,
    figure.height - margin.top - margin.bottom,
  ] as const;
  const sizeAlong = (along: 0 | 1, [low, high]: readonly [number, number]): number => {
    const [from, to] = domainOf(figure, along);
    return (frame[along] * (high - low)) / (to - from);
  };
  return library.image([href], {
    src: (uri: string) => uri,
    x: [(x[0] + x[1]) / 2],
    y: [(y[0] + y[1]) / 2],
    width: sizeAlong(0, x),
    height: sizeAlong(1, y),
    preserveAspectRatio: 'none',
    clip: true,
  });
}

function dotMarks(library: Library, dots: readonly Dot[], r: number, theme: Theme): Markish[] {
  const fill = ({ paint }: Dot): string => colorOf(paint, theme);
  const marked = dots.filter((dot) => dot.marked === true);
  const plain = dots.filter((dot) => dot.marked !== true);
  const place = { x: 'x', y: 'y', fill, clip: true } as const;
  return [
    library.dot(plain, { ...place, r, stroke: theme.paper, strokeWidth: 0.6 }),
    library.dot(marked, { ...place, r: r + 1, stroke: theme.ink, strokeWidth: 1.6 }),
  ];
}

function isRight(value: number, [low, high]: readonly [number, number], log: boolean): boolean {
  return log ? value * value > low * high : 2 * value > low + high;
}

/** What is used here of an element; the types of the library speak of the browser's. */
interface Element {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  removeAttribute(name: string): void;
  remove(): void;
  querySelectorAll(selector: string): Iterable<Element>;
}

const coordinates = [
  'd',
  'transform',
  'x',
  'y',
  'x1',
  'x2',
  'y1',
  'y2',
  'cx',
  'cy',
  'width',
  'height',
] as const;

/**
 * Without its style sheet, which a strict page would refuse, and without digits that no screen can show.
 * Its description is added to the text: in attributes the element escapes quotes only, which is not enough for XML.
 */
function finished(svg: Element, { width, height, description }: Figure, fixed: boolean): string {
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const element of svg.querySelectorAll('*')) {
    for (const name of coordinates) {
      const value = element.getAttribute(name);
      if (value !== null) element.setAttribute(name, rounded(value));
    }
  }
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  if (!fixed) for (const name of ['width', 'height']) svg.removeAttribute(name);
  return svg.outerHTML.replace('<svg ', () => `<svg aria-label="${escapeText(description)}" `);
}

const rounded = (text: string): string =>
  text.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (digits) => String(Number(Number(digits).toFixed(2))));
