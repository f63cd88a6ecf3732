/** The loss so far, and beside it the plane with the boundary of decision, or some of the pictures that are learnt. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { short } from '../../../report/numbers.ts';
import type { DataSummary } from '../../engine/protocol.ts';
import type { Studio } from '../state/studio.ts';
import type { Training } from '../state/training-state.ts';
import { drawBoundary } from './boundary.ts';
import { cellsOf, shadesOf } from './cells.ts';
import { Drawing } from './drawing.tsx';
import { drawLosses } from './loss-chart.ts';
import { type LossHistory, meanOf } from './loss-history.ts';
import { polygonOf, shapeOf } from './marks.ts';
import { usePainting } from './painting.ts';
import { mixed } from './palette.ts';

export function Charts({ studio }: { readonly studio: Studio }) {
  const { training, data } = studio;
  const summary = data.summary.value;
  // Each part follows what it shows: losses come often, and nothing else is drawn again for them.
  return (
    <div class="charts">
      <LossFigure training={training} />
      {summary?.points !== undefined && (
        <BoundaryFigure summary={summary} points={summary.points} training={training} />
      )}
      {summary?.pictures !== undefined && <PicturesFigure summary={summary} pictures={summary.pictures} />}
    </div>
  );
}

function LossFigure({ training }: { readonly training: Training }) {
  const [log, setLog] = useState(false);
  const [losses, tests] = [training.losses.value, training.tests.value];
  const draw = useMemo(() => drawLosses(losses, tests, log), [losses, tests, log]);
  return (
    <figure>
      <figcaption>
        <h3>Loss</h3>
        <label class="check" title="Equal distances for equal factors">
          <input type="checkbox" checked={log} onChange={(event) => setLog(event.currentTarget.checked)} />{' '}
          log scale
        </label>
      </figcaption>
      <Drawing class="chart" label={lossInWords(losses)} draw={draw} />
      <ul class="legend">
        <li>
          <span class="sample solid" aria-hidden="true" /> each batch
        </li>
        <li>
          <span class="sample dashed" aria-hidden="true" /> test samples
        </li>
      </ul>
    </figure>
  );
}

function lossInWords({ buckets }: LossHistory): string {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return 'Loss by step: no step yet';
  return `Loss by step: from ${short(meanOf(first))} to ${short(meanOf(last))} in ${last.last} steps`;
}

interface BoundaryFigureProps {
  readonly summary: DataSummary;
  readonly points: NonNullable<DataSummary['points']>;
  readonly training: Training;
}

function BoundaryFigure({ summary, points, training }: BoundaryFigureProps) {
  const grid = training.pictures.value?.boundary;
  const draw = useMemo(() => drawBoundary(grid, points), [grid, points]);
  const [x = 'x', y = 'y'] = summary.features;
  const count = points.at.length / 2;
  return (
    <figure>
      <figcaption>
        <h3>Decision boundary</h3>
      </figcaption>
      <Drawing
        class="chart square"
        label={`The plane of ${x} and ${y} with ${count} samples, ${grid === undefined ? 'no model yet' : 'in the colours of the classes that the model gives each place'}`}
        draw={draw}
      />
      <ClassLegend summary={summary} />
    </figure>
  );
}

function ClassLegend({ summary: { classes, classNames } }: { readonly summary: DataSummary }) {
  return (
    <ul class="legend">
      {Array.from({ length: Math.min(classes, 20) }, (_, kind) => (
        <li key={kind}>
          <Sign kind={kind} /> {classNames?.[kind] ?? `class ${kind}`}
        </li>
      ))}
    </ul>
  );
}

/** The shape of a class, as it is drawn on the plane. */
function Sign({ kind }: { readonly kind: number }) {
  const polygon = polygonOf(kind);
  return (
    <svg class={`sign series-${kind % 10}`} viewBox="0 0 10 10" role="img" aria-label={shapeOf(kind)}>
      {polygon === undefined ? <circle cx="5" cy="5" r="3.6" /> : <polygon points={polygon} />}
    </svg>
  );
}

interface PicturesFigureProps {
  readonly summary: DataSummary;
  readonly pictures: NonNullable<DataSummary['pictures']>;
}

function PicturesFigure({ summary: { classNames }, pictures }: PicturesFigureProps) {
  const { side, pixels, classes } = pictures;
  const samples = useMemo(
    () =>
      Array.from(classes, (kind, i) => ({
        name: classNames?.[kind] ?? String(kind),
        pixels: pixels.subarray(i * side * side, (i + 1) * side * side),
      })),
    [pictures, classNames],
  );
  return (
    <figure>
      <figcaption>
        <h3>Some samples</h3>
      </figcaption>
      <ul class="samples">
        {samples.map((sample, i) => (
          <li key={i}>
            <Sample side={side} pixels={sample.pixels} />
            {sample.name}
          </li>
        ))}
      </ul>
    </figure>
  );
}

interface SampleProps {
  readonly side: number;
  readonly pixels: Float32Array;
}

function Sample({ side, pixels }: SampleProps) {
  const painting = usePainting();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const paint = (): void => {
      const { paper, ink } = painting.palette();
      const shades = shadesOf(256, (share) => mixed(paper, ink, share));
      const cells = cellsOf(side, side, (i) => shades[Math.round(255 * (pixels[i] ?? 0))]);
      canvas.current?.getContext('2d')?.drawImage(cells, 0, 0);
    };
    painting.add(paint);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', paint);
    return () => {
      painting.drop(paint);
      dark.removeEventListener('change', paint);
    };
  }, [side, pixels, painting]);
  return <canvas ref={canvas} width={side} height={side} role="img" aria-label="Picture of" />;
}
