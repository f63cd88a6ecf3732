/** Drawing the same chart again gives the same bytes. */

import { expect, it } from 'vitest';
import { clipRenumbering } from '../../src/report/clip-paths.ts';
import { lineChart } from '../../src/report/index.ts';

it('a chart has the same bytes however many were drawn before it', async () => {
  const chart = () =>
    lineChart({
      title: 'loss',
      x: { label: 'step' },
      y: { label: 'loss' },
      series: [
        {
          name: 'a',
          points: [
            [0, 1],
            [1, 0.5],
            [2, 0.25],
          ],
        },
      ],
    });
  const first = await chart();
  expect(first).toMatch('clip-1');
  expect(await chart()).toBe(first);
});

it('clip paths are numbered in the order in which they stand, and texts stay as they are', () => {
  expect(
    clipRenumbering()(
      '<c id="plot-clip-7"/><g clip-path="url(#plot-clip-7)"/><c id="plot-clip-9"/>plot-clip-7',
    ),
  ).toBe('<c id="clip-1"/><g clip-path="url(#clip-1)"/><c id="clip-2"/>plot-clip-7');
});
