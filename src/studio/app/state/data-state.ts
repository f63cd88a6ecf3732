/** The data to train on: what was chosen, and what the engine says about it. */

import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { CallFailure, DataChoice, DataSummary } from '../../engine/protocol.ts';
import { headerOf } from './csv-header.ts';
import { type EngineHandle, failureOf } from './engine-handle.ts';

export interface DataState {
  readonly choice: Signal<DataChoice>;
  readonly summary: ReadonlySignal<DataSummary | undefined>;
  readonly failure: ReadonlySignal<CallFailure | undefined>;
  /** The columns of the dropped file. */
  readonly columns: ReadonlySignal<readonly string[]>;
  /** Asks the engine for `choice`; true when it is there. */
  load(): Promise<boolean>;
  /** True when the file is what is chosen now. */
  open(file: File): Promise<boolean>;
}

/** A file of data for a page; larger ones are for the command line. */
const fileLimit = 64 * 2 ** 20;

export function createDataState(engine: EngineHandle, first: DataChoice): DataState {
  const choice = signal(first);
  const summary = signal<DataSummary | undefined>(undefined);
  const failure = signal<CallFailure | undefined>(undefined);
  const columns = signal<readonly string[]>([]);
  let asked = 0;

  return {
    choice,
    summary,
    failure,
    columns,
    async load() {
      const request = ++asked;
      try {
        const answer = await engine.call('useData', choice.value);
        if (request !== asked) return false;
        batch(() => {
          summary.value = answer;
          failure.value = undefined;
        });
        return true;
      } catch (error) {
        if (request !== asked) return false;
        batch(() => {
          summary.value = undefined;
          failure.value = failureOf(error);
        });
        return false;
      }
    },
    async open(file) {
      if (file.size > fileLimit) {
        failure.value = {
          code: 'data/too-large',
          message: `${file.name} has ${Math.round(file.size / 2 ** 20)} MiB; the page takes up to ${fileLimit / 2 ** 20} MiB.`,
          help: 'Train on a part of it, or on the command line.',
        };
        return false;
      }
      const bytes = new Uint8Array(await file.arrayBuffer());
      const header = headerOf(bytes);
      batch(() => {
        columns.value = header;
        choice.value = { kind: 'csv', name: file.name, bytes };
      });
      return true;
    },
  };
}
