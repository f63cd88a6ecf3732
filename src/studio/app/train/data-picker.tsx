/** Chooses what to train on: a set that is drawn from a seed, or a CSV file of the reader's own. */

import { useRef } from 'preact/hooks';
import { grouped } from '../../../report/numbers.ts';
import type { CallFailure, DataChoice, DataSummary } from '../../engine/protocol.ts';
import type { DataState } from '../state/data-state.ts';
import type { Studio } from '../state/studio.ts';
import { NumberField } from './number-field.tsx';

type Made = Exclude<DataChoice, { kind: 'csv' }>;

const titles: Readonly<Record<Made['kind'], string>> = {
  moons: 'Two moons',
  spirals: 'Two spirals',
  blobs: 'Three blobs',
  digits: 'Digits, drawn',
};

const made = ['moons', 'spirals', 'blobs', 'digits'] as const;

export function DataPicker({ studio }: { readonly studio: Studio }) {
  const { data } = studio;
  const choice = data.choice.value;
  const input = useRef<HTMLInputElement>(null);
  const choose = (kind: string): void => {
    const found = made.find((one) => one === kind);
    if (found !== undefined) studio.useData({ kind: found });
  };
  const read = (file: File | undefined): void => {
    if (file !== undefined) void studio.openFile(file);
  };
  return (
    <section class="data" aria-labelledby="data-title">
      <h2 id="data-title">Data</h2>
      <div class="row">
        <label class="field">
          <span>Set</span>
          <select value={choice.kind} onChange={(event) => choose(event.currentTarget.value)}>
            {made.map((kind) => (
              <option key={kind} value={kind}>
                {titles[kind]}
              </option>
            ))}
            <option value="csv" disabled hidden>
              {choice.kind === 'csv' ? choice.name : 'CSV file'}
            </option>
          </select>
        </label>
        {choice.kind === 'csv' ? (
          <LabelPicker studio={studio} choice={choice} columns={data.columns.value} />
        ) : (
          <MadeOptions studio={studio} choice={choice} />
        )}
        <button
          type="button"
          title="Or drop a file anywhere on the page; it stays in this page"
          onClick={() => input.current?.click()}
        >
          CSV file …
        </button>
        <input
          ref={input}
          class="unseen"
          type="file"
          accept=".csv,text/csv"
          aria-label="CSV file to train on"
          tabIndex={-1}
          onChange={(event) => read(event.currentTarget.files?.[0])}
        />
      </div>
      <Summary data={data} />
    </section>
  );
}

interface MadeOptionsProps {
  readonly studio: Studio;
  readonly choice: Made;
}

function MadeOptions({ studio, choice }: MadeOptionsProps) {
  const change = (part: Partial<Pick<Made, 'samples' | 'noise'>>): void => {
    studio.useData({ ...choice, ...part });
  };
  return (
    <>
      <NumberField
        label="Samples"
        hint="How many to train on; a quarter as many more are for testing"
        value={choice.samples}
        usual={choice.kind === 'digits' ? 2000 : 1000}
        least={10}
        most={20_000}
        whole
        onChange={(samples) => change({ samples })}
      />
      <NumberField
        label="Noise"
        hint="How far samples stray from where they belong"
        value={choice.noise}
        usual={usualNoise[choice.kind]}
        least={0}
        most={2}
        onChange={(noise) => change({ noise })}
      />
    </>
  );
}

/** As `src/data` has them. */
const usualNoise: Readonly<Record<Made['kind'], number>> = {
  moons: 0.1,
  spirals: 0.02,
  blobs: 0.25,
  digits: 0.08,
};

interface LabelPickerProps {
  readonly studio: Studio;
  readonly choice: Extract<DataChoice, { kind: 'csv' }>;
  readonly columns: readonly string[];
}

function LabelPicker({ studio, choice, columns }: LabelPickerProps) {
  return (
    <label class="field" title="The column that is to be learnt from the others">
      <span>Label</span>
      <select
        value={choice.label ?? columns.at(-1) ?? ''}
        onChange={(event) => studio.useData({ ...choice, label: event.currentTarget.value })}
      >
        {columns.map((column) => (
          <option key={column} value={column}>
            {column}
          </option>
        ))}
      </select>
    </label>
  );
}

function Summary({ data }: { readonly data: DataState }) {
  const { failure, summary } = data;
  if (failure.value !== undefined) return <Trouble trouble={failure.value} />;
  if (summary.value === undefined) return <p class="note">…</p>;
  const { misfit } = summary.value;
  return (
    <>
      <p class="note">{inWords(summary.value)}</p>
      {misfit !== undefined && <Trouble trouble={misfit} />}
    </>
  );
}

/** What is wrong, and what to do about it. */
export function Trouble({ trouble }: { readonly trouble: Pick<CallFailure, 'message' | 'help'> }) {
  return (
    <div class="trouble" role="alert">
      <p>{trouble.message}</p>
      {trouble.help !== undefined && <p>{trouble.help}</p>}
    </div>
  );
}

function inWords({ title, train, test, features, classes }: DataSummary): string {
  const columns = features.length <= 4 ? ` (${features.join(', ')})` : '';
  const kinds = classes === 0 ? 'labels are numbers' : `${classes} classes`;
  return `${title}: ${grouped(train)} samples to train, ${grouped(test)} to test; ${features.length} features${columns}, ${kinds}.`;
}
