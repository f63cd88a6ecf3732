/** The one place where text and numbers of a user become source code. */

import type { DType } from '../../ir/types.ts';

/** A string literal in pure ASCII. */
export const textLiteral = (text: string): string =>
  `'${JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\"/g, '"')
    .replace(/'/g, "\\'")
    .replace(/[^\x20-\x7e]/g, escapeUnit)}'`;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text that may stand in a comment: ASCII, one line, and unable to end the comment. */
export const commentText = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, escapeUnit).replace(/\*\//g, '*\\/');

/** A number that is exactly `value` rounded to `dtype`. */
export function numberLiteral(value: number, dtype: DType): string {
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (Number.isNaN(value)) return 'Number.NaN';
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  if (value === Number.NEGATIVE_INFINITY) return '-Infinity';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return dtype === 'f32' && Math.fround(value) !== value ? `f32(${text})` : text;
}

/** A property name: bare where it may be, else an escaped literal; `__proto__` would set a prototype. */
export const propertyName = (name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__'
    ? name
    : name === '__proto__'
      ? `[${textLiteral(name)}]`
      : textLiteral(name);

/** Reads the property `name` of `object`. */
export const propertyOf = (object: string, name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? `${object}.${name}` : `${object}[${textLiteral(name)}]`;
