/** One step, statement by statement: where one is in it, the statement with its numbers, and the code with those so far. */

import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { BlockRow, Role } from '../../../inspection/inspection.ts';
import { focusOn } from '../../../inspector/focus.ts';
import { type Linking, release } from '../../../inspector/linking.ts';
import { letterOf } from '../../../inspector/role.tsx';
import type { Examination } from '../../engine/protocol.ts';
import { type Examining, numbersSoFar } from '../state/examining.ts';
import type { Studio } from '../state/studio.ts';
import { InspectorPane } from '../view/inspector-pane.tsx';
import { Trouble } from './data-picker.tsx';
import { Statement } from './statement.tsx';

interface StepModeProps {
  readonly studio: Studio;
  readonly linking: Linking;
  readonly shown: boolean;
}

export function StepMode({ studio, linking, shown }: StepModeProps) {
  const { examining, model } = studio;
  const examination = examining.examination.value;
  const inspection = model.compiled.value?.inspection;
  const numbers = useComputed(() => numbersSoFar(examining));
  useBrackets(examining);
  const row = inspection?.schedule.blocks[examining.block.value ?? -1];
  useEffect(() => {
    linking.pinned.value = row === undefined ? undefined : focusOn('kernels', row);
    return () => release(linking);
  }, [row, linking]);
  if (examination === undefined || inspection === undefined) return null;
  const examined = examination.blocks[examining.position.value];
  return (
    <section class="step-mode" aria-labelledby="step-title">
      <h2 id="step-title">
        Step {examination.step + 1}, statement by statement{' '}
        <small>
          with {examination.samples} {examination.samples === 1 ? 'sample' : 'samples'}
        </small>
      </h2>
      <Buttons examining={examining} count={examination.blocks.length} />
      <Phases examining={examining} examination={examination} rows={inspection.schedule.blocks} />
      {row !== undefined && examined !== undefined ? (
        <Statement row={row} examined={examined} derivation={inspection.derivation} />
      ) : (
        <End examining={examining} />
      )}
      <div class="step-code">
        {shown && (
          <InspectorPane view="code" current={examining.block} {...{ inspection, linking, numbers, shown }} />
        )}
      </div>
    </section>
  );
}

/** `[` and `]` go back and on, wherever nothing is typed. */
function useBrackets(examining: Examining): void {
  useEffect(() => {
    const move = (event: KeyboardEvent): void => {
      const [target] = event.composedPath();
      const typing =
        target instanceof HTMLElement &&
        (target.isContentEditable || target.matches('input, select, textarea'));
      if (typing || event.ctrlKey || event.metaKey) return;
      if (event.key === ']') examining.next();
      if (event.key === '[') examining.previous();
    };
    addEventListener('keydown', move);
    return () => removeEventListener('keydown', move);
  }, [examining]);
}

interface ButtonsProps {
  readonly examining: Examining;
  readonly count: number;
}

function Buttons({ examining, count }: ButtonsProps) {
  const position = examining.position.value;
  const made = examining.equal.value !== undefined;
  const onward = useRef<HTMLButtonElement>(null);
  // The button that was pressed last is there no more.
  useEffect(() => onward.current?.focus(), [made]);
  return (
    <div class="row">
      {made ? (
        <button type="button" key="again" ref={onward} onClick={() => void examining.begin()}>
          Examine the next
        </button>
      ) : (
        <>
          <button type="button" disabled={position === 0} onClick={examining.previous} aria-keyshortcuts="[">
            ← Previous <kbd>[</kbd>
          </button>
          <button
            type="button"
            key="next"
            ref={onward}
            aria-disabled={position >= count}
            onClick={examining.next}
            aria-keyshortcuts="]"
          >
            Next → <kbd>]</kbd>
          </button>
          <button type="button" disabled={examining.busy.value} onClick={() => void examining.finish()}>
            Make the step
          </button>
        </>
      )}
      <button type="button" onClick={() => close(examining)}>
        Close
      </button>
      <p class="note" role="status">
        {position < count ? `statement ${position + 1} of ${count}` : 'all statements passed'}
      </p>
    </div>
  );
}

/** Back to the button that led here. */
function close(examining: Examining): void {
  examining.leave();
  requestAnimationFrame(() => document.getElementById('examine')?.focus());
}

const roles: readonly Role[] = ['forward', 'backward', 'update'];

interface PhasesProps {
  readonly examining: Examining;
  readonly examination: Examination;
  readonly rows: readonly BlockRow[];
}

/** The three parts of a step, each with how much of it has been passed. */
function Phases({ examining, examination, rows }: PhasesProps) {
  const position = examining.position.value;
  const roleAt = (at: number): Role | undefined => rows[examination.blocks[at]?.block ?? -1]?.role;
  return (
    <ol class="phases">
      {roles.map((role) => {
        const own = examination.blocks.flatMap((_, at) => (roleAt(at) === role ? [at] : []));
        const passed = own.filter((at) => at < position).length;
        const here = roleAt(position) === role;
        return (
          <li key={role} data-role={role}>
            <button
              type="button"
              disabled={own.length === 0 || examining.equal.value !== undefined}
              aria-current={here ? 'step' : undefined}
              onClick={() => examining.go(own[0] ?? 0)}
            >
              <span class="role" data-role={role} aria-hidden="true">
                {letterOf[role]}
              </span>{' '}
              {role}{' '}
              <small>
                {passed} of {own.length}
              </small>
            </button>
            <progress
              aria-label={`Statements passed, ${role}`}
              value={passed}
              max={Math.max(1, own.length)}
            />
          </li>
        );
      })}
    </ol>
  );
}

function End({ examining }: { readonly examining: Examining }) {
  const { value: equal } = examining.equal;
  if (equal === undefined)
    return (
      <p class="statement">
        Nothing is left but to make the step: then the trainer does all of it at once, and its state is
        compared with what was worked out here.
      </p>
    );
  if (equal)
    return (
      <p class="statement equal" role="status">
        <span aria-hidden="true">✓</span> The step is made. The trainer's state has the same bits as what was
        worked out here.
      </p>
    );
  return (
    <Trouble
      trouble={{
        message: "The trainer's state differs from what was worked out here.",
        help: 'This is a fault of the compiler: please report it with a link to this model (Share).',
      }}
    />
  );
}
