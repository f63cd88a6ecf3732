/** All equations of `simplify`, in the order in which they are tried. */

import type { Equation } from '../pattern.ts';
import { arithmetic } from './arithmetic.ts';
import { logarithms } from './logarithms.ts';
import { movement, type Rule } from './movement.ts';

export const simplifyRules: readonly Rule[] = movement;
export const simplifyEquations: readonly Equation[] = [...logarithms, ...arithmetic];
