/** A model, data and a seed, each of which may change at any time, and what is made of the three when it is needed. */

import type { Dataset } from '../../data/dataset.ts';
import type { FloatDtype } from '../../data/floats.ts';
import type { Ready } from './compiling.ts';
import { datasetOf, summaryOf } from './data.ts';
import { type Opened, openTraining } from './opened.ts';
import { EngineError } from './problems.ts';
import type { DataChoice, DataSummary, Event } from './protocol.ts';

export interface Workbench {
  /** Another model: a training of the one before ends. */
  useModel(ready: Ready): Promise<void>;
  /** Other data; those that cannot be read leave all as it was. */
  useData(choice: DataChoice): Promise<DataSummary>;
  useSeed(seed: number): Promise<void>;
  /** The training of the three, made from the seed if there is none yet. Throws what is missing or does not fit. */
  open(): Opened;
}

export function createWorkbench(emit: (event: Event) => void): Workbench {
  let ready: Ready | undefined;
  let data: { readonly choice: DataChoice; readonly sets: Map<FloatDtype, Dataset> } | undefined;
  let opened: Opened | undefined;
  let seed = 0;

  async function close(): Promise<void> {
    await opened?.training.pause();
    opened = undefined;
  }

  function datasetIn(dtype: FloatDtype): Dataset {
    if (data === undefined) throw noData();
    const found = data.sets.get(dtype) ?? datasetOf(data.choice, dtype);
    data.sets.set(dtype, found);
    return found;
  }

  return {
    async useModel(next) {
      await close();
      ready = next;
    },
    async useData(choice) {
      const dtype = ready?.module.layout.dtype ?? 'f32';
      const sets = isSame(choice, data?.choice) ? data?.sets : undefined;
      const dataset = sets?.get(dtype) ?? datasetOf(choice, dtype);
      await close();
      data = { choice, sets: (sets ?? new Map<FloatDtype, Dataset>()).set(dtype, dataset) };
      return summaryOf(choice, dataset, ready?.module.layout);
    },
    async useSeed(next) {
      await close();
      seed = next;
    },
    open() {
      if (ready === undefined) throw noModel();
      opened ??= openTraining(ready, datasetIn(ready.module.layout.dtype), seed, emit);
      return opened;
    },
  };
}

/** What is drawn from a seed need not be drawn anew; a file may have been changed. */
const isSame = (a: DataChoice, b: DataChoice | undefined): boolean =>
  a.kind !== 'csv' && JSON.stringify(a) === JSON.stringify(b);

const noModel = (): EngineError =>
  new EngineError({
    code: 'engine/no-model',
    message: 'There is no model yet that could be trained.',
    help: 'Correct what is wrong with it.',
  });

const noData = (): EngineError =>
  new EngineError({ code: 'engine/no-data', message: 'There are no data yet.', help: 'Choose some.' });
