/** The error function of Gauss, in both precisions: no host has one. */

import type { Float } from '../types.ts';
import { type Expansion, horner } from './polynomial.ts';

interface Coefficients {
  /** Of erf(x)/x - 1 in x^2, for |x| < 1. */
  readonly near: readonly number[];
  /** Of erfc(x) e^(x^2) in 2/(x + 2), from 1 to `end`. */
  readonly far: readonly number[];
  /** Where the result is 1 after rounding, and stays so. */
  readonly end: number;
}

const coefficients: { readonly [F in Float]: Coefficients } = {
  f32: {
    near: [
      0.128379166126, -0.376126259565, 0.112835787237, -0.026853347197, 0.005187163129, -0.00079979235306,
      7.8076475946e-5,
    ],
    far: [0.001823335304, 0.259693145752, 0.396828114986, -0.064505875111, 0.636719226837, -0.230815233175],
    end: 4,
  },
  f64: {
    near: [
      0.12837916709551256, -0.3761263890318352, 0.11283791670944182, -0.026866170643111767,
      0.005223977606124974, -0.0008548325929775908, 0.00012055293594199847, -1.492471268730315e-5,
      1.6447136843229027e-6, -1.6206357290185898e-7, 1.3711179583613432e-8, -7.779856515784344e-10,
    ],
    far: [
      2.851567314572836e-5, 0.28147308854116887, 0.2882088668426579, 0.21117720524865716, 0.31232017053566397,
      -0.26770548500159064, 0.6055470681816123, -0.7187689476685906, 0.2846569098005668, 0.07961966043449994,
      -0.10101501168320562, 0.024460247708578672,
    ],
    end: 6,
  },
};

/** An odd polynomial near 0; 1 - erfc(x) elsewhere, where erfc is small and its errors smaller. */
export const erf: Expansion = (s, [x]) => {
  const { near, far, end } = coefficients[x.dtype === 'f32' ? 'f32' : 'f64'];
  const small = s.apply('add', x, s.apply('mul', x, horner(s, s.apply('mul', x, x), near)));
  const size = s.apply('min', s.apply('abs', x), end);
  const bell = s.apply('exp', s.apply('neg', s.apply('mul', size, size)));
  const tail = s.apply('mul', bell, horner(s, s.apply('div', 2, s.apply('add', size, 2)), far));
  const large = s.apply('sub', 1, tail);
  const signed = s.apply('select', s.apply('less', x, 0), s.apply('neg', large), large);
  return s.apply('select', s.apply('less', size, 1), small, signed);
};
