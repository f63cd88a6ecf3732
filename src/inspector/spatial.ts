/** Which of many boxes is next when an arrow key is pressed on one of them. */

export interface Box {
  /** The middle. */
  readonly x: number;
  readonly y: number;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export const directionOf = (key: string): Direction | undefined => directions[key];

/** The nearest one in a direction: what lies aside counts for more than what lies ahead. */
export function nextBox(boxes: readonly Box[], from: number, direction: Direction): number | undefined {
  const start = boxes[from];
  if (start === undefined) return undefined;
  const across = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  boxes.forEach(({ x, y }, position) => {
    const ahead = sign * (across ? x - start.x : y - start.y);
    const aside = Math.abs(across ? y - start.y : x - start.x);
    // More aside than ahead is another direction.
    if (position === from || ahead <= 0 || aside > 2 * ahead) return;
    const distance = ahead + 2 * aside;
    if (distance < least) {
      least = distance;
      best = position;
    }
  });
  return best;
}
