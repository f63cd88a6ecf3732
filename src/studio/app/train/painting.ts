/** Paints what has to be painted in the next frames, as much in each as leaves the page time to answer. */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Palette, readPalette } from './palette.ts';

export interface Painting {
  /** Once, soon; a job that waits already is not added again. */
  add(job: () => void): void;
  drop(job: () => void): void;
  /** The colours of the moment. */
  palette(): Palette;
}

/** Of a frame, in milliseconds. */
const share = 6;

export function createPainting(): Painting {
  const jobs = new Set<() => void>();
  // The colours of a mode do not change; to ask the style sheet each time would take longer than to draw.
  const palettes = new Map<boolean, Palette>();
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let asked = false;
  const ask = (): void => {
    if (asked || jobs.size === 0) return;
    asked = true;
    requestAnimationFrame(work);
  };
  const work = (): void => {
    asked = false;
    const end = performance.now() + share;
    for (const job of jobs) {
      jobs.delete(job);
      job();
      if (performance.now() > end) break;
    }
    ask();
  };
  return {
    add(job) {
      jobs.add(job);
      ask();
    },
    drop: (job) => void jobs.delete(job),
    palette() {
      const palette = palettes.get(dark.matches) ?? readPalette();
      palettes.set(dark.matches, palette);
      return palette;
    },
  };
}

/** All that is painted on a page shares its frames. */
export const PaintingContext = createContext<Painting | undefined>(undefined);

export function usePainting(): Painting {
  const painting = useContext(PaintingContext);
  if (painting === undefined) throw new Error('There is nothing to paint with outside of a PaintingContext.');
  return painting;
}
