/** Sine and cosine from additions and products alone, so that every engine gives the same bits. */

const HALVINGS = 8;

/** `[sin, cos]` of an angle in radians, |angle| up to about 100, to about 1e-12. */
export function sinCos(angle: number): readonly [number, number] {
  const h = angle / 2 ** HALVINGS;
  const q = h * h;
  let sin = h * (1 - (q / 6) * (1 - (q / 20) * (1 - (q / 42) * (1 - q / 72))));
  // 1 - cos is carried instead of cos: doubling it keeps the digits that 1 - tiny would lose.
  let versine = (q / 2) * (1 - (q / 12) * (1 - (q / 30) * (1 - q / 56)));
  for (let i = 0; i < HALVINGS; i++) {
    const nextVersine = 2 * sin * sin;
    sin = 2 * sin * (1 - versine);
    versine = nextVersine;
  }
  return [sin, 1 - versine];
}
