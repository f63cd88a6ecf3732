/** Draws losses over steps: the mean of some steps as a line, from their least to their largest as a band. */

import { tick } from '../../../report/numbers.ts';
import { linearTicks, logTicks } from '../../../report/scales.ts';
import type { Draw } from './drawing.tsx';
import { type Bucket, type LossHistory, meanOf } from './loss-history.ts';
import { classRgb, css, type Palette } from './palette.ts';

type Domain = readonly [number, number];

interface Frame {
  readonly x: (step: number) => number;
  readonly y: (loss: number) => number;
  readonly steps: Domain;
  readonly losses: Domain;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const font = '12px system-ui, sans-serif';

export const drawLosses =
  (training: LossHistory, test: LossHistory, log: boolean): Draw =>
  (context, width, height, palette) => {
    const frame = frameOf([...training.buckets, ...test.buckets], log, width, height);
    context.font = font;
    drawAxes(context, frame, log, palette);
    if (training.buckets.length === 0) {
      context.fillStyle = css(palette.muted);
      context.textAlign = 'center';
      context.fillText('no step yet', (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2);
      return;
    }
    drawBand(context, frame, training.buckets, css(palette.accent, 0.22));
    drawLine(context, frame, training.buckets, css(palette.accent), []);
    drawLine(context, frame, test.buckets, css(classRgb(1)), [6, 4]);
  };

function frameOf(buckets: readonly Bucket[], log: boolean, width: number, height: number): Frame {
  const [left, right, top, bottom] = [52, width - 10, 8, height - 36];
  const lossesOf = ({ min, max }: Bucket): number[] => (log ? [min, max].filter((v) => v > 0) : [min, max]);
  const values = buckets.flatMap(lossesOf);
  const losses = padded(Math.min(...values), Math.max(...values), log);
  const last = Math.max(1, ...buckets.map((bucket) => bucket.last));
  const level = log ? Math.log : (value: number) => value;
  const [low, high] = [level(losses[0]), level(losses[1])];
  return {
    steps: [0, last],
    losses,
    left,
    right,
    top,
    bottom,
    x: (step) => left + ((right - left) * step) / last,
    y: (loss) => bottom - ((bottom - top) * (level(Math.max(loss, losses[0])) - low)) / (high - low),
  };
}

/** Some room around what there is; losses that are not below 0 are shown from 0 on. */
function padded(low: number, high: number, log: boolean): Domain {
  if (!(low <= high)) return log ? [0.01, 1] : [0, 1];
  if (log) return low < high ? [low / 1.1, high * 1.1] : [low / 2, high * 2];
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return [low >= 0 ? 0 : low - room, high + room];
}

function drawAxes(
  context: CanvasRenderingContext2D,
  { x, y, steps, losses, left, right, top, bottom }: Frame,
  log: boolean,
  palette: Palette,
): void {
  context.fillStyle = css(palette.muted);
  context.strokeStyle = css(palette.line);
  context.lineWidth = 1;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const loss of (log ? logTicks : linearTicks)(losses)) {
    context.beginPath();
    context.moveTo(left, Math.round(y(loss)) + 0.5);
    context.lineTo(right, Math.round(y(loss)) + 0.5);
    context.stroke();
    context.fillText(tick(loss), left - 6, y(loss));
  }
  context.textBaseline = 'top';
  for (const step of linearTicks(steps).filter(Number.isInteger)) {
    context.textAlign = step === 0 ? 'left' : x(step) > right - 20 ? 'right' : 'center';
    context.fillText(tick(step), Math.min(x(step), right), bottom + 5);
  }
  context.textAlign = 'center';
  context.fillText('step', (left + right) / 2, bottom + 20);
  context.save();
  context.translate(9, (top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = 'middle';
  context.fillText(log ? 'loss (log)' : 'loss', 0, 0);
  context.restore();
}

const middle = ({ first, last }: Bucket): number => (first + last) / 2;

function drawBand(
  context: CanvasRenderingContext2D,
  { x, y }: Frame,
  buckets: readonly Bucket[],
  color: string,
): void {
  context.beginPath();
  for (const bucket of buckets) context.lineTo(x(middle(bucket)), y(bucket.max));
  for (const bucket of buckets.toReversed()) context.lineTo(x(middle(bucket)), y(bucket.min));
  context.closePath();
  context.fillStyle = color;
  context.fill();
}

function drawLine(
  context: CanvasRenderingContext2D,
  { x, y }: Frame,
  buckets: readonly Bucket[],
  color: string,
  dashes: readonly number[],
): void {
  const [only] = buckets;
  context.beginPath();
  if (buckets.length === 1 && only !== undefined)
    context.arc(x(middle(only)), y(meanOf(only)), 2, 0, 2 * Math.PI);
  for (const bucket of buckets) context.lineTo(x(middle(bucket)), y(meanOf(bucket)));
  context.setLineDash([...dashes]);
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.lineJoin = 'round';
  context.stroke();
  context.setLineDash([]);
}
