/** The graph from pass to pass: a slider over the stages, what each did, and by which equations. */

import { type ReadonlySignal, type Signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Inspection, Key, Stage } from '../inspection/inspection.ts';
import { EquationList, GoneList } from './equation-list.tsx';
import { GraphPane } from './graph-pane.tsx';
import type { Linking } from './linking.ts';
import { RoleLegend } from './role.tsx';

export interface PassesPaneProps {
  readonly inspection: Inspection;
  readonly linking: Linking;
  /** Position in `Schedule.blocks`. */
  readonly current?: ReadonlySignal<Key | undefined> | undefined;
}

/** The stage that is chosen, so that it is found again when the inspection is replaced. */
interface Choice {
  readonly name: string;
  readonly position: number;
}

/** The stage of that name, or the one at that place; without a choice, the first with blocks, which are what the code has. */
function positionOf(stages: readonly Stage[], choice: Choice | undefined): number {
  const last = stages.length - 1;
  if (choice === undefined) {
    const fused = stages.findIndex(({ graph }) => graph.nodes.some(({ kind }) => kind === 'block'));
    return fused < 0 ? last : fused;
  }
  const same = stages.findIndex(({ name }) => name === choice.name);
  return same >= 0 ? same : Math.min(choice.position, last);
}

export function PassesPane({ inspection, linking, current }: PassesPaneProps) {
  const { stages } = inspection;
  const choice = useSignal<Choice | undefined>(undefined);
  const earlier = useSignal(false);
  const position = positionOf(stages, choice.value);
  const stage = stages[position];
  const before = stages[position - 1];
  const isBefore = earlier.value && before !== undefined;
  const gone = useMemo(() => new Set(stage?.removed), [stage]);
  if (stage === undefined) return null;
  const shown = isBefore ? before : stage;
  const choose = (next: number): void => {
    const { name } = stages[next] ?? stage;
    choice.value = { name, position: next };
    linking.turns.value++;
  };
  return (
    <div class="passes">
      <StageSlider {...{ stages, position, choose }} />
      <p class="doc">{stage.doc}</p>
      <StageSides {...{ stage, before, earlier }} />
      <GraphPane
        graph={shown.graph}
        label={`Graph ${isBefore ? 'before' : 'after'} ${stage.name}`}
        linking={linking}
        gone={isBefore ? gone : undefined}
        current={current}
      />
      <div class="below scrolling">
        <EquationList {...{ stage, linking }} />
        <GoneList {...{ stage, before, linking }} />
      </div>
    </div>
  );
}

interface SliderProps {
  readonly stages: readonly Stage[];
  readonly position: number;
  readonly choose: (position: number) => void;
}

function StageSlider({ stages, position, choose }: SliderProps) {
  const last = stages.length - 1;
  const name = stages[position]?.name ?? '';
  return (
    <div class="slider">
      <button
        type="button"
        disabled={position === 0}
        onClick={() => choose(position - 1)}
        aria-label="previous stage"
      >
        ‹
      </button>
      <input
        type="range"
        min={0}
        max={last}
        step={1}
        value={position}
        aria-label="Stage"
        aria-valuetext={`${name}, ${position + 1} of ${stages.length}`}
        onInput={({ currentTarget }) => choose(Number(currentTarget.value))}
      />
      <button
        type="button"
        disabled={position === last}
        onClick={() => choose(position + 1)}
        aria-label="next stage"
      >
        ›
      </button>
      <output>
        <b>{name}</b> <small>{`${position + 1} of ${stages.length}`}</small>
      </output>
    </div>
  );
}

interface SidesProps {
  readonly stage: Stage;
  readonly before: Stage | undefined;
  readonly earlier: Signal<boolean>;
}

/** Which side of the pass is drawn, and how many values there are on either. */
function StageSides({ stage, before, earlier }: SidesProps) {
  const isBefore = earlier.value && before !== undefined;
  const side = (title: string, pressed: boolean, value: boolean, { graph }: Stage) => (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={() => {
        earlier.value = value;
      }}
    >
      {`${title}: ${graph.nodes.length} nodes`}
    </button>
  );
  const changes = (['added', 'changed'] as const).map(
    (change) => [change, stage.graph.nodes.filter((node) => node.change === change).length] as const,
  );
  return (
    <div class="sides">
      <fieldset class="choice">
        <legend class="unseen">Side of the pass</legend>
        {before !== undefined && side('Before', isBefore, true, before)}
        {side('After', !isBefore, false, stage)}
      </fieldset>
      <span class="changes">
        {changes.map(([change, count]) => (
          <span key={change}>{`${change === 'added' ? '+' : 'Δ'} ${count} ${change}`}</span>
        ))}
        <span>{`− ${stage.removed.length} gone`}</span>
      </span>
      <RoleLegend />
    </div>
  );
}
