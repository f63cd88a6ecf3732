/** What a program remembers between steps: a parameter or an optimizer's slot, as it was before this step. */

import type { Op } from '../op.ts';
import { type LeafAttrs, namedLeaf } from './leaf.ts';

export const state: Op<0, LeafAttrs> = namedLeaf;
