/** Memory plans with one fault put in by hand, to see that checkers find it. */

import type { Buffer, PlannedProgram } from '../../ir/kernel.ts';
import type { Value } from '../../ir/value.ts';
import { callOf, type Need, nameOf } from './needs.ts';

/** A plan with a fault, and what the fault is about. */
export interface BrokenPlan {
  readonly what: string;
  readonly plan: PlannedProgram;
}

/** Puts one kind of fault into a plan, at the place that `choice` chooses; undefined where there is no place for it. */
export type Breaker = (planned: PlannedProgram, choice: number) => BrokenPlan | undefined;

const chosen = <T>(from: readonly T[], choice: number): T | undefined =>
  from[choice % Math.max(1, from.length)];

/** The plan with `value` in another place. */
export const withBuffer = (
  planned: PlannedProgram,
  value: Value,
  change: Partial<Buffer>,
): PlannedProgram => {
  const buffer = planned.buffers.get(value);
  if (!buffer) throw new Error(`${value.op} has no place`);
  return { ...planned, buffers: new Map(planned.buffers).set(value, { ...buffer, ...change }) };
};

export const withoutCopy = (planned: PlannedProgram, state: string): PlannedProgram => ({
  ...planned,
  copies: planned.copies.filter((copy) => copy.state !== state),
});

interface Pair {
  readonly kept: Need;
  readonly moved: Need & { readonly value: Value };
}

/** Values that could be put over values that are needed at the same time. */
function clashes(planned: PlannedProgram, fits: (kept: Need, moved: Need) => boolean): Pair[] {
  return planned.program.functions.flatMap(({ name }) => {
    const { needs } = callOf(planned, name);
    return needs.flatMap((moved): Pair[] => {
      const { value, span } = moved;
      const size = span.to - span.from;
      if (!value || !planned.buffers.has(value) || size === 0) return [];
      return needs.flatMap((kept): Pair[] => {
        const room =
          kept.value && kept.span.to > kept.span.from && kept.span.from + size <= planned.arenaBytes;
        const apart = kept.span.from !== span.from;
        return room && apart && fits(kept, moved) ? [{ kept, moved: { ...moved, value } }] : [];
      });
    });
  });
}

const over = (planned: PlannedProgram, pair: Pair | undefined): BrokenPlan | undefined =>
  pair && {
    what: `${pair.moved.name} over ${pair.kept.name}`,
    plan: withBuffer(planned, pair.moved.value, { offset: pair.kept.span.from }),
  };

/** A value takes the place of another in the block before that one's last reader. */
const freedEarly: Breaker = (planned, choice) =>
  over(
    planned,
    chosen(
      clashes(planned, (kept, moved) => moved.born === kept.last - 1 && kept.born < moved.born),
      choice,
    ),
  );

/** Two values that are needed at once lie in one place. */
const overlapped: Breaker = (planned, choice) =>
  over(
    planned,
    chosen(
      clashes(planned, (kept, moved) => Math.max(kept.born, moved.born) < Math.min(kept.last, moved.last)),
      choice,
    ),
  );

/** Some array of the arena that has elements, changed. */
const changed =
  (change: (buffer: Buffer) => Partial<Buffer>): Breaker =>
  (planned, choice) => {
    const full = [...planned.buffers].filter(([, { bytes }]) => bytes > 0);
    const [value, buffer] = chosen(full, choice) ?? [];
    return (
      value && buffer && { what: nameOf(planned, value), plan: withBuffer(planned, value, change(buffer)) }
    );
  };

const droppedCopy: Breaker = (planned, choice) => {
  const full = planned.copies.filter(({ state }) => (planned.states.get(state)?.bytes ?? 0) > 0);
  const copy = chosen(full, choice);
  return copy && { what: copy.state, plan: withoutCopy(planned, copy.state) };
};

/** An update that had to wait is written into its state at once, though others still read the old value. */
const updatedEarly: Breaker = (planned, choice) => {
  const step = callOf(planned, 'step');
  const copy = chosen(
    planned.copies.filter(({ state, from }) => {
      const born = step.needs.find(({ value }) => value === from)?.born ?? -1;
      const old = step.needs.find(({ name }) => name === `the old ${state}`);
      return old !== undefined && old.span.to > old.span.from && old.last > born;
    }),
    choice,
  );
  const buffer = copy && planned.states.get(copy.state);
  return (
    copy &&
    buffer && { what: copy.state, plan: withoutCopy(withBuffer(planned, copy.from, buffer), copy.state) }
  );
};

const sharedState: Breaker = (planned, choice) => {
  const full = [...planned.states].filter(([, { bytes }]) => bytes > 0);
  const [[first, place] = [], [name, buffer] = []] = [
    full[0],
    full.slice(1)[choice % Math.max(1, full.length - 1)],
  ];
  if (!place || !name || !buffer) return undefined;
  const states = new Map(planned.states).set(name, { ...buffer, offset: place.offset });
  return { what: `${name} over ${first}`, plan: { ...planned, states } };
};

/** Every kind of fault, by what it is. */
export const breakers: Readonly<Record<string, Breaker>> = {
  'a buffer freed one block early': freedEarly,
  'two values overlapped': overlapped,
  'a size that is too small by one byte': changed(({ bytes }) => ({ bytes: bytes - 1 })),
  'a size that is too large': changed(({ bytes }) => ({ bytes: bytes + 8 })),
  'a wrong alignment': changed(({ offset }) => ({ offset: offset + 4 })),
  'a dropped copy': droppedCopy,
  'a state updated before its last reader': updatedEarly,
  'two states in one place': sharedState,
  'an arena that is too large': (planned) => ({
    what: 'the arena',
    plan: { ...planned, arenaBytes: planned.arenaBytes + 16 },
  }),
};
