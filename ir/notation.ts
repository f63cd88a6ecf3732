/** How an expression is written down: as ASCII text for comments and as TeX, with the brackets it needs. */

export interface Notation {
  readonly text: string;
  readonly tex: string;
  /** How tightly the outermost operator binds; operands that bind less get brackets. */
  readonly binds: number;
  /** The same for TeX, where it is another: a sum with a sign before it, say, instead of a call. */
  readonly texBinds?: number;
  /** Whether it is a single number: TeX then needs no sign for products with it. */
  readonly scalar?: boolean;
}

/** Binding strengths, loosest first. */
export const binds = { compare: 1, sum: 2, product: 3, prefix: 4, matrix: 5, postfix: 6, atom: 7 } as const;

export const atom = (text: string, tex: string = text): Notation => ({ text, tex, binds: binds.atom });

const bracket = (x: Notation, strength: number): Notation => ({
  ...x,
  text: x.binds < strength ? `(${x.text})` : x.text,
  tex: (x.texBinds ?? x.binds) < strength ? `\\left(${x.tex}\\right)` : x.tex,
});

/** `x op y`; the right operand needs brackets at equal strength when the operator is not associative. */
export function infix(op: string, tex: string, strength: number, associative = true) {
  return (x: Notation, y: Notation): Notation => {
    const a = bracket(x, strength);
    const b = bracket(y, associative ? strength : strength + 1);
    return { text: `${a.text} ${op} ${b.text}`, tex: `${a.tex} ${tex} ${b.tex}`, binds: strength };
  };
}

export const prefix =
  (op: string, tex: string) =>
  (x: Notation): Notation => {
    const a = bracket(x, binds.prefix);
    return { text: `${op}${a.text}`, tex: `${tex}${a.tex}`, binds: binds.prefix };
  };

export const postfix =
  (op: string, tex: string) =>
  (x: Notation): Notation => {
    const a = bracket(x, binds.postfix);
    return { text: `${a.text}${op}`, tex: `${a.tex}${tex}`, binds: binds.postfix };
  };

export const call =
  (name: string, tex = `\\operatorname{${name}}`) =>
  (...xs: readonly Notation[]): Notation =>
    atom(
      `${name}(${xs.map((x) => x.text).join(', ')})`,
      `${tex}\\left(${xs.map((x) => x.tex).join(', ')}\\right)`,
    );

/** Elementwise in text; in TeX by a sign where both are arrays, side by side where one is a number. */
export function times(x: Notation, y: Notation): Notation {
  const product = infix('*', '\\odot', binds.product)(x, y);
  if (!x.scalar && !y.scalar) return product;
  const [a, b] = [bracket(x, binds.product), bracket(y, binds.product)];
  const right = b.tex.startsWith('-') ? `\\left(${b.tex}\\right)` : b.tex;
  const sign = /^[\d.]/.test(right) ? '\\cdot' : '\\,';
  return { ...product, tex: `${a.tex} ${sign} ${right}` };
}

/** In TeX an array over a number is a fraction of 1 before it, as in 1/m times a sum. */
export function fraction(x: Notation, y: Notation): Notation {
  const text = `${bracket(x, binds.product).text} / ${bracket(y, binds.prefix).text}`;
  if (y.scalar && !x.scalar)
    return { text, tex: `\\frac{1}{${y.tex}} ${bracket(x, binds.product).tex}`, binds: binds.product };
  // The line of a fraction is a bracket of its own, but for what stands behind it.
  return { text, tex: `\\frac{${x.tex}}{${y.tex}}`, binds: binds.product, texBinds: binds.matrix };
}
