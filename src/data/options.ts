/** Checks of the numbers that a caller or a data spec gives as options. */

import { InputError } from '../runtime/errors.ts';

/** `data/bad-option` unless `value` is a whole number from `low` to `high`. */
export function checkWhole(name: string, value: number, low: number, high: number): void {
  if (!Number.isSafeInteger(value) || value < low || value > high) {
    throw badOption(`Expected ${name} to be a whole number from ${low} to ${high}, found ${value}.`);
  }
}

/** `data/bad-option` unless `value` is from `low` to `high`. */
export function checkRange(name: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) {
    throw badOption(`Expected ${name} to be from ${low} to ${high}, found ${value}.`);
  }
}

export function badOption(message: string, help = 'Correct the option or leave it out.'): InputError {
  return new InputError({ code: 'data/bad-option', message, help });
}
