/** Data given from outside at each call: a feature, a label, the step number or the seed. */

import type { Op } from '../op.ts';
import { type LeafAttrs, namedLeaf } from './leaf.ts';

export const input: Op<0, LeafAttrs> = namedLeaf;
