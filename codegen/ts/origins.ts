/** Where each line of an emitted function comes from: the block that it is a part of, and the value that it stores. */

import type { LoopBlock } from '../../ir/kernel.ts';
import { nth } from '../../ir/op.ts';
import type { Value } from '../../ir/value.ts';
import type { ModuleNames } from './names.ts';

export interface Origin {
  /** A line of the module, counted from 1. */
  readonly line: number;
  /** What the line stores, or what the block is about for a comment, a loop or a part of an expression. */
  readonly value: Value;
  readonly stores: boolean;
}

/** An origin before it is known where its function stands. */
export type LineOrigin = Omit<Origin, 'line'>;

/** The origins of the lines of one block, its comment included. */
export function originsOf(
  lines: readonly string[],
  block: LoopBlock,
  names: ModuleNames,
): readonly LineOrigin[] {
  const whole: LineOrigin = { value: nth(block.roots, block.roots.length - 1), stores: false };
  const byArray = new Map(block.roots.map((root) => [names.arrays.get(root) ?? '', root]));
  return lines.map((line) => {
    const value = line.startsWith('//') ? undefined : storedBy(line, byArray);
    return value === undefined ? whole : { value, stores: true };
  });
}

/** Arrays have names of their own, so that a line says itself what it stores. A line of several loops stores in the last. */
function storedBy(line: string, byArray: ReadonlyMap<string, Value>): Value | undefined {
  const stores = [...line.matchAll(/([\w$]+)(?:\[[^=;]*\] [-+*/]?= |\.fill\()/g)];
  for (const [, array = ''] of stores.reverse()) {
    const value = byArray.get(array);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Puts the origins of functions where they stand in the text of the module. */
export function placed(
  text: string,
  functions: readonly { readonly name: string; readonly origins: readonly (LineOrigin | undefined)[] }[],
): readonly Origin[] {
  const lines = text.split('\n');
  return functions.flatMap(({ name, origins }) => {
    const first = lines.findIndex((line) => line.startsWith(`  function ${name}(`));
    if (first < 0) return [];
    return origins.flatMap((origin, i) => (origin === undefined ? [] : [{ ...origin, line: first + 1 + i }]));
  });
}
