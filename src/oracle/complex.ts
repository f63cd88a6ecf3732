/** Complex numbers, and functions of them next to the real axis. */

export interface Complex {
  readonly re: number;
  readonly im: number;
}

export const complex = (re: number, im = 0): Complex => ({ re, im });

export const add = (a: Complex, b: Complex): Complex => complex(a.re + b.re, a.im + b.im);
export const sub = (a: Complex, b: Complex): Complex => complex(a.re - b.re, a.im - b.im);
export const neg = (a: Complex): Complex => complex(-a.re, -a.im);

export const mul = (a: Complex, b: Complex): Complex =>
  complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);

/** By Smith's method, which squares nothing. */
export function div(a: Complex, b: Complex): Complex {
  if (Math.abs(b.re) < Math.abs(b.im)) return div(complex(a.im, -a.re), complex(b.im, -b.re));
  const ratio = b.im / b.re;
  const divisor = b.re + b.im * ratio;
  return complex((a.re + a.im * ratio) / divisor, (a.im - a.re * ratio) / divisor);
}

export const exp = ({ re, im }: Complex): Complex =>
  complex(Math.exp(re) * Math.cos(im), Math.exp(re) * Math.sin(im));

/** e^x cos y - 1 = (e^x - 1) cos y - 2 sin^2(y / 2). */
export const expm1 = ({ re, im }: Complex): Complex =>
  complex(Math.expm1(re) * Math.cos(im) - 2 * Math.sin(im / 2) ** 2, Math.exp(re) * Math.sin(im));

export const log = ({ re, im }: Complex): Complex =>
  complex(Math.log(Math.hypot(re, im)), Math.atan2(im, re));

/** The root in the right half-plane. */
export function sqrt({ re, im }: Complex): Complex {
  const size = Math.sqrt((Math.abs(re) + Math.hypot(re, im)) / 2);
  if (size === 0) return complex(0);
  return re < 0 ? complex(Math.abs(im) / (2 * size), im < 0 ? -size : size) : complex(size, im / (2 * size));
}

export const sin = ({ re, im }: Complex): Complex =>
  complex(Math.sin(re) * Math.cosh(im), Math.cos(re) * Math.sinh(im));

export const cos = ({ re, im }: Complex): Complex =>
  complex(Math.cos(re) * Math.cosh(im), -Math.sin(re) * Math.sinh(im));

/** tanh(x + iy) = (sinh 2x + i sin 2y) / (cosh 2x + cos 2y); past 300 it is 1 to the last bit. */
export function tanh({ re, im }: Complex): Complex {
  if (Math.abs(re) > 300) return complex(Math.sign(re));
  const divisor = Math.cosh(2 * re) + Math.cos(2 * im);
  return complex(Math.sinh(2 * re) / divisor, Math.sin(2 * im) / divisor);
}

/** 1 / (1 + e^-z), with an exponential that does not overflow. */
export const sigmoid = (z: Complex): Complex =>
  z.re < 0 ? div(exp(z), add(complex(1), exp(z))) : div(complex(1), add(complex(1), exp(neg(z))));

/** ln(1 + e^z), with an exponential that does not overflow. */
export const softplus = (z: Complex): Complex =>
  z.re < 0 ? log(add(complex(1), exp(z))) : add(z, log(add(complex(1), exp(neg(z)))));
