/** What the project wants to reach against whom, as data, and what a run reached. */

import { percent, shown } from './numbers.ts';
import type { Row } from './results.ts';

interface Goal {
  readonly case: string;
  readonly ours: string;
  /** The best of these; none for a share of the peak. */
  readonly rivals: readonly string[];
  /** Without a goal a ratio is for information. */
  readonly goal?: number;
}

export interface Ratio extends Goal {
  /** The fastest of the rivals; null where none took part. */
  readonly against: string | null;
  readonly reached: number | null;
  readonly verdict: 'met' | 'missed' | 'not measured' | 'for information';
}

const javascript = ['tfjs cpu', 'tfjs wasm', 'jax-js', 'ConvNetJS'];
const native = ['PyTorch eager', 'PyTorch compiled', 'JAX', 'NumPy float32'];
const frameworks = ['PyTorch eager', 'PyTorch compiled', 'JAX'];
const [plain, relaxed] = ['wasm', 'wasm relaxed'];

const twice = (
  name: string,
  rivals: readonly string[],
  goals: readonly [number, number],
): readonly Goal[] => [
  { case: name, ours: plain, rivals, goal: goals[0] },
  { case: name, ours: relaxed, rivals, goal: goals[1] },
];

export const goals: readonly Goal[] = [
  { case: 'tiny', ours: plain, rivals: javascript, goal: 20 },
  { case: 'classroom', ours: plain, rivals: javascript, goal: 20 },
  { case: 'tiny', ours: plain, rivals: ['NumPy float32'], goal: 3 },
  { case: 'digits', ours: plain, rivals: ['PyTorch eager'], goal: 20 },
  { case: 'mnist-128', ours: plain, rivals: ['jax-js'], goal: 4 },
  { case: 'mnist-128', ours: plain, rivals: ['tfjs wasm'], goal: 20 },
  ...twice('mnist-128', native, [0.8, 1]),
  ...twice('seed', ['jax-js'], [2.5, 3]),
  ...twice('seed', ['NumPy as written'], [1.3, 1.6]),
  { case: 'seed', ours: 'wasm 2 threads', rivals: ['NumPy as written'], goal: 2.5 },
  { case: 'seed', ours: 'wasm 2 threads', rivals: ['NumPy as written 2 threads'] },
  ...twice('seed', ['PyTorch eager'], [0.85, 1.1]),
  ...twice('wide', frameworks, [0.5, 0.7]),
  ...twice('wide', [], [0.65, 0.75]),
  { case: 'seed', ours: 'wasm 2 threads', rivals: [plain], goal: 1.8 },
  { case: 'wide', ours: 'wasm 2 threads', rivals: [plain], goal: 1.8 },
  { case: 'wide', ours: plain, rivals: ['ts'], goal: 8 },
];

export function ratiosOf(rows: readonly Row[]): readonly Ratio[] {
  return goals.map((goal) => {
    const of = (who: string): Row | undefined =>
      rows.find((row) => row.case === goal.case && row.who === who);
    const own = of(goal.ours);
    const found = goal.rivals.flatMap((who) => of(who) ?? []);
    const best = [...found].sort((a, b) => b.steps_per_s - a.steps_per_s)[0];
    const reached = reachedBy(goal, own, best);
    return { ...goal, against: best?.who ?? null, reached, verdict: verdictOf(goal, reached) };
  });
}

function reachedBy({ rivals }: Goal, own: Row | undefined, best: Row | undefined): number | null {
  if (own === undefined) return null;
  if (rivals.length === 0) return own.share_of_peak;
  return best === undefined ? null : own.steps_per_s / best.steps_per_s;
}

function verdictOf({ goal }: Goal, reached: number | null): Ratio['verdict'] {
  if (reached === null) return 'not measured';
  if (goal === undefined) return 'for information';
  return reached >= goal ? 'met' : 'missed';
}

/** What is compared with what, in words. */
export function titleOf({ rivals, against }: Ratio): string {
  if (rivals.length === 0) return 'the measured peak of WebAssembly';
  if (rivals.length === 1) return rivals[0] ?? '';
  return `best of ${rivals.join(', ')}${against === null ? '' : `: ${against}`}`;
}

/** A goal, or what was reached: times, or a share of the peak. */
export const reading = ({ rivals }: Goal, x: number | null | undefined): string =>
  rivals.length === 0 ? percent(x ?? null) : factor(x);

export const factor = (x: number | null | undefined): string =>
  x === null || x === undefined ? '' : `${shown(x)}×`;
