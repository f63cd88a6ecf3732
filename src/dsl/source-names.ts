/** Finds what the user called a value: `const hidden = relu(...)` names the value `hidden`. */

import type { Note, Value } from '../../ir/value.ts';

const declaration = /^\s*(?:export\s+)?(?:const|let)\s+([A-Za-z_$][\w$]*)\s*(?::[^=]*)?=/;
/** A line that begins another statement, so that what stands above does not name what stands below. */
const boundary = /^\s*(?:return\b|if\b|for\b|\}|throw\b|export\s+default\b)|=>\s*\{?\s*$|;\s*(?:\/\/.*)?$/;

/** The name declared by the statement that `line` (from 1) belongs to, and the line it starts on. */
export function declaredAt(
  lines: readonly string[],
  line: number,
): { name: string; line: number } | undefined {
  for (let i = line - 1; i >= 0 && i > line - 40; i--) {
    const text = lines[i] ?? '';
    const match = declaration.exec(text);
    if (match?.[1] !== undefined) return { name: match[1], line: i + 1 };
    if (/^\s*(?:return|if|for|throw|export\s+default)\b/.test(text)) return undefined;
    const above = lines[i - 1] ?? '';
    if (i < line && boundary.test(above)) return undefined;
  }
  return undefined;
}

/**
 * Names for unnamed forward values: of all values made by one declaration, the last one made is what it declares.
 * A declaration that runs several times (a layer function) names only its first value.
 */
export function namesFromSource(
  notes: ReadonlyMap<Value, Note>,
  readSource: (file: string) => string | undefined,
): ReadonlyMap<Value, string> {
  const files = new Map<string, readonly string[]>();
  const latest = new Map<string, { value: Value; name: string }>();
  for (const [value, note] of notes) {
    if (note.role !== 'forward' || !note.site || value.op === 'constant') continue;
    const { file, line } = note.site;
    const lines = files.get(file) ?? (readSource(file) ?? '').split('\n');
    files.set(file, lines);
    const found = declaredAt(lines, line);
    if (!found) continue;
    const key = `${file}:${found.line}`;
    const known = latest.get(key);
    if (!known || value.id > known.value.id) latest.set(key, { value, name: found.name });
  }
  const names = new Map<Value, string>();
  const taken = new Set<string>();
  for (const { value, name } of latest.values()) {
    if (notes.get(value)?.name !== undefined || taken.has(name)) continue;
    taken.add(name);
    names.set(value, name);
  }
  return names;
}
