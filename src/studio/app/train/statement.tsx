/** A statement of a step: its formula, where it comes from, and what it stores. */

import type { BlockRow, DerivationPart } from '../../../inspection/inspection.ts';
import { RoleSign } from '../../../inspector/role.tsx';
import { short } from '../../../report/numbers.ts';
import type { ArrayPicture, ExaminedBlock } from '../../engine/protocol.ts';
import { ArrayFigure } from './array-picture.tsx';

interface StatementProps {
  readonly row: BlockRow;
  readonly examined: ExaminedBlock;
  readonly derivation: readonly DerivationPart[];
}

export function Statement({ row, examined, derivation }: StatementProps) {
  const markup = formulaOf(row, derivation);
  return (
    <div class="statement" data-role={row.role}>
      <h3>
        <RoleSign role={row.role} /> {row.name} <small>{row.type}</small>
      </h3>
      {markup !== undefined && <div class="mathematics" dangerouslySetInnerHTML={{ __html: markup }} />}
      <pre class="formula">{row.formula}</pre>
      {examined.values.map((array) => (
        <div class="stored" key={array.name}>
          <ArrayFigure array={array} />
          <FirstNumbers array={array} />
        </div>
      ))}
    </div>
  );
}

/** The last formula with the same key is the one that the code computes. */
const formulaOf = ({ keys: [key] }: BlockRow, derivation: readonly DerivationPart[]): string | undefined =>
  derivation.findLast((part) => part.kind === 'formula' && part.keys[0] === key)?.markup;

const most = 6;

/** The corner of an array, as numbers. */
function FirstNumbers({ array }: { readonly array: ArrayPicture }) {
  const { rows, columns, values, name, shape } = array;
  if (shape.length === 0) return null;
  const [down, across] = [Math.min(rows, most), Math.min(columns, most)];
  return (
    <table class="numbers">
      <caption class="unseen">First numbers of {name}</caption>
      <tbody>
        {Array.from({ length: down }, (_, row) => (
          <tr key={row}>
            {Array.from({ length: across }, (_, column) => (
              <td key={column}>{short(values[row * columns + column] ?? Number.NaN)}</td>
            ))}
            {columns > across && <td aria-hidden="true">…</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
