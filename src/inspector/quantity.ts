/** Numbers as people read them. */

const steps = ['', 'k', 'M', 'G', 'T'] as const;

/** `1.3 M`: three digits and a power of a thousand. */
export function amount(value: number): string {
  let rest = value;
  let step = 0;
  while (Math.abs(rest) >= 999.5 && step < steps.length - 1) {
    rest /= 1000;
    step++;
  }
  const digits = Number.isInteger(rest) && step === 0 ? String(rest) : rest.toPrecision(3);
  return steps[step] === '' ? digits : `${digits} ${steps[step]}`;
}

export const bytes = (value: number): string => {
  const [digits = '', step = ''] = amount(value).split(' ');
  return `${digits} ${step}B`;
};

/** With a separator at each thousand, whatever the language of the reader's system. */
export const exact = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ' ');

export const ratio = (value: number): string =>
  value === 0 ? '0' : value < 0.095 ? value.toFixed(2) : value.toPrecision(2);
