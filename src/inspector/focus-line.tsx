/** What is meant, in words, and the way to let go of it. */

import { useMemo } from 'preact/hooks';
import type { Inspection } from '../inspection/inspection.ts';
import { type Description, describe, factsOf } from './focus.ts';
import { type Linking, release } from './linking.ts';
import { RoleSign } from './role.tsx';

export interface FocusLineProps {
  readonly inspection: Inspection;
  readonly linking: Linking;
}

export function FocusLine({ inspection, linking }: FocusLineProps) {
  const facts = useMemo(() => factsOf(inspection), [inspection]);
  const focus = linking.focus.value;
  const pinned = linking.pinned.value;
  return (
    <section class="focus-line" aria-label="What is pointed at">
      {pinned !== undefined && (
        <button type="button" class="pinned" onClick={() => release(linking)} title="Escape releases it too">
          {`pinned: ${describe(inspection, facts, pinned).name} `}
          <span aria-hidden="true">×</span>
          <span class="unseen">, release</span>
        </button>
      )}
      {focus === undefined ? (
        <p class="none">
          Point at anything to see it from all sides; click or Enter pins it, Escape releases it.
        </p>
      ) : (
        <Words {...describe(inspection, facts, focus)} />
      )}
    </section>
  );
}

function Words({ name, formula, type, role, rule, of, where, line, says }: Description) {
  return (
    <p>
      {role !== undefined && <RoleSign role={role} />} <b>{name}</b>
      {formula !== undefined && (
        <>
          {' = '}
          <code>{formula}</code>
        </>
      )}
      {type !== undefined && <span>{type}</span>}
      {rule !== undefined && (
        <span>
          by the rule of <b>{rule}</b>
          {of !== undefined && (
            <>
              {' in '}
              <code>{of}</code>
            </>
          )}
        </span>
      )}
      {says !== undefined && <span>{says}</span>}
      {where !== undefined && (
        <span>
          {where} <code>{line}</code>
        </span>
      )}
    </p>
  );
}
