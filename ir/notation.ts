/** How an expression is written down: as ASCII text for comments and as TeX, with the brackets it needs. */

export interface Notation {
  readonly text: string;
  readonly tex: string;
  /** How tightly the outermost operator binds; operands that bind less get brackets. */
  readonly binds: number;
}

/** Binding strengths, loosest first. */
export const binds = { compare: 1, sum: 2, product: 3, prefix: 4, matrix: 5, postfix: 6, atom: 7 } as const;

export const atom = (text: string, tex: string = text): Notation => ({ text, tex, binds: binds.atom });

const bracket = (x: Notation, strength: number): Notation =>
  x.binds < strength ? atom(`(${x.text})`, `\\left(${x.tex}\\right)`) : x;

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

export const fraction = (x: Notation, y: Notation): Notation => ({
  text: `${bracket(x, binds.product).text} / ${bracket(y, binds.prefix).text}`,
  tex: `\\frac{${x.tex}}{${y.tex}}`,
  binds: binds.product,
});
