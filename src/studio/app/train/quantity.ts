/** Arrays in words: how large they are, and what is in them. */

import { short } from '../../../report/numbers.ts';
import type { ArrayPicture } from '../../engine/protocol.ts';

export const sizeInWords = ({ shape }: ArrayPicture): string =>
  shape.length === 0 ? 'number' : shape.join(' × ');

export const rangeInWords = ({ min, max, mean, shape }: ArrayPicture): string =>
  shape.length === 0 ? short(mean) : `${short(min)} to ${short(max)}, mean ${short(mean)}`;

/** The same where there is little room: beside a line of code. */
export const rangeInShort = ({ min, max, shape }: ArrayPicture): string => {
  const three = (value: number): string => short(Number(value.toPrecision(3)));
  return shape.length === 0 ? short(min) : `${three(min)} to ${three(max)}`;
};
