/** The strict grammar of numbers in data files. */

// No two parts in a row can take the same digit, so that a long text is refused in one go, not in its square.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const BROKEN = /^[+-]?(?:nan|inf|infinity|0x[0-9a-f]+|0b[01]+|0o[0-7]+|\d+(?:[,_]\d+)+(?:\.\d+)?)$/i;

/**
 * The finite number that `text` spells: optional sign, decimal digits with an optional point, optional exponent.
 *
 * Anything else gives undefined: an empty text, `0x10`, `1,5`, `NaN`, `Infinity`, and `1e999`, which is too large.
 */
export function parseDecimal(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a text which is no number was most likely meant as one, and so is no name of a class. */
export function isBrokenNumber(text: string): boolean {
  return BROKEN.test(text) || (NUMBER.test(text) && parseDecimal(text) === undefined);
}
