/** CSV files of many pieces are read as if they were read in one: wherever a piece ends, and whatever stands there. */

import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import { seed } from '../properties/seed.ts';
import { textBytes } from './bytes.ts';
import { accepts } from './harness.ts';
import { createRandom } from './random.ts';
import { csv, growCsv } from './targets/csv.ts';

describe('a CSV file of 20 to 400 kB', () => {
  it('has the cells that all of its text has, or is refused as that is', () => {
    let accepted = 0;
    for (let i = 0; i < 150; i++) {
      const random = createRandom(seed, 77, i);
      const input = growCsv(random, 1000 + random.below(9000));
      expect(input.length).toBeGreaterThan(10_000);
      if (accepts(csv, input, `seed ${seed}, file ${i}`)) accepted++;
    }
    expect(accepted).toBeGreaterThan(20);
  });

  it.each(['\n', '\r', '\r\n'])('may have any character beside the end of a piece: line end %j', (end) => {
    const row = `1,"é\u2028${end}😀 ""q"", \ufeff"${end}`;
    for (let shift = 0; shift < 2 * row.length; shift++) {
      const input = textBytes(`${'x'.repeat(shift + 1)},y${end}${row.repeat(2500)}`);
      expect(input.length).toBeGreaterThan(3 * 2 ** 14);
      expect(accepts(csv, input, `shift ${shift}`)).toBe(true);
    }
  });

  it('names the row and the column of a bad cell in any piece', () => {
    for (const bad of [0, 1, 3000, 4999]) {
      const rows = Array.from({ length: 5000 }, (_, i) => (i === bad ? '1,"\n",2x,a' : '1,"2\n",3,a'));
      const input = textBytes(`p,q,r,s\n${rows.join('\n')}`);
      expect(() => parseCsv(input, 'f.csv')).toThrow(
        expect.objectContaining({ code: 'data/csv', at: `f.csv:${bad + 2}:2` }),
      );
    }
  });
});
