/** How the files of checkpoints are called, wherever there are files. */

/** Digits enough for every step, so that names are in the order of steps. */
const digits = 16;
const form = /^step-(\d{16})\.safetensors$/;

export const fileOf = (step: number): string => `step-${String(step).padStart(digits, '0')}.safetensors`;

/** The steps of the checkpoints among the names of a folder, newest first. */
export function stepsAmong(names: readonly string[]): readonly number[] {
  const steps = names.flatMap((name) => {
    const step = Number(form.exec(name)?.[1] ?? Number.NaN);
    return Number.isSafeInteger(step) ? [step] : [];
  });
  return steps.sort((a, b) => b - a);
}
