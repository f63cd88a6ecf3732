/** The head of the page: which model it is, what it was compiled for, and what the compiler warns of. */

import type { Inspection, Warning } from '../inspection/inspection.ts';
import { bytes, exact } from './quantity.ts';

const targets = { ts: 'TypeScript', wasm: 'WebAssembly' } as const;

export function PageHeader({ inspection }: { readonly inspection: Inspection }) {
  const { model, target, dtype, batch, memory, warnings, sources } = inspection;
  return (
    <header class="page-header">
      <h1>{model}</h1>
      <p>
        {`${targets[target]}, ${dtype}, ${exact(batch)} samples per step, an arena of ${bytes(memory.arenaBytes)}`}
      </p>
      {warnings.length > 0 && (
        <details class="warnings">
          <summary>{`${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`}</summary>
          <ul>
            {warnings.map((warning) => (
              <WarningItem key={warning.message} {...{ warning, sources }} />
            ))}
          </ul>
        </details>
      )}
    </header>
  );
}

interface WarningItemProps {
  readonly warning: Warning;
  readonly sources: Inspection['sources'];
}

function WarningItem({ warning, sources }: WarningItemProps) {
  const { code, message, help, site } = warning;
  const file = site === undefined ? undefined : sources[site.source]?.name;
  return (
    <li>
      {file !== undefined && site !== undefined && `${file}:${site.line}: `}
      {message} <small>{code}</small>
      {help !== undefined && <p>{help}</p>}
    </li>
  );
}
