/** Which equations made a value what it is. */

import type { Value } from '../../ir/value.ts';

export interface Firings {
  /** To be called for each equation that fires, in order. */
  note(name: string, from: Value, to: Value): void;
  /** The equations behind `value`, each once, in the order in which they fired first; nothing of what `stop` accepts is looked into. */
  behind(value: Value, stop: (value: Value) => boolean): readonly string[];
  /** All of them, in order. */
  readonly all: readonly Firing[];
}

export interface Firing {
  readonly order: number;
  readonly name: string;
  readonly from: Value;
  readonly to: Value;
}

export function createFirings(): Firings {
  const byResult = new Map<Value, Firing[]>();
  const all: Firing[] = [];
  return {
    all,
    note(name, from, to) {
      const firing = { order: all.length, name, from, to };
      all.push(firing);
      byResult.set(to, [...(byResult.get(to) ?? []), firing]);
    },
    behind(value, stop) {
      const found: Firing[] = [];
      const seen = new Set<Value>();
      // A rewritten value was made of parts that may have been rewritten before it.
      for (const stack = [value]; stack.length > 0; ) {
        const next = stack.pop();
        if (next === undefined || seen.has(next) || (next !== value && stop(next))) continue;
        seen.add(next);
        const own = byResult.get(next) ?? [];
        found.push(...own);
        stack.push(...next.inputs, ...own.map(({ from }) => from));
      }
      return [...new Set(found.sort((a, b) => a.order - b.order).map(({ name }) => name))];
    },
  };
}
