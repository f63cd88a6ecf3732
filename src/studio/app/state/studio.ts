/** All that the page knows, and the order in which things happen: text, then model, then data, then training. */

import { batch, effect, type Signal, signal, untracked } from '@preact/signals';
import type { DataChoice } from '../../engine/protocol.ts';
import { firstStarter } from '../starters.ts';
import { createDataState, type DataState } from './data-state.ts';
import { writeDraft } from './draft.ts';
import type { EngineHandle } from './engine-handle.ts';
import { createExamining, type Examining } from './examining.ts';
import { type Compiled, createModelState, type ModelState } from './model-state.ts';
import type { Shared } from './share.ts';
import { createTraining, type Training } from './training-state.ts';

/** What one looks at; on a narrow screen the text is one of them. */
export type View = 'model' | 'train' | 'graph' | 'code' | 'derivation' | 'kernels' | 'memory';

export interface Studio {
  readonly engine: EngineHandle;
  readonly model: ModelState;
  readonly data: DataState;
  readonly training: Training;
  readonly examining: Examining;
  readonly view: Signal<View>;
  /** Said to all, aloud: what a button did that cannot be seen. */
  readonly notice: Signal<{ readonly text: string; readonly bad: boolean } | undefined>;
  /** The model takes the place of the one in the editor. */
  open(text: string): void;
  openShared(shared: Shared): void;
  useData(choice: DataChoice): void;
  openFile(file: File): Promise<void>;
  shared(): Shared;
}

const made = ['moons', 'spirals', 'blobs', 'digits'] as const;

/** The generated set that a model asks for. */
function dataOf(spec: string | undefined): DataChoice | undefined {
  const kind = made.find((one) => spec === one || spec?.startsWith(`${one}?`));
  return kind === undefined ? undefined : { kind };
}

export function createStudio(engine: EngineHandle, from: Shared | undefined, hash: () => string): Studio {
  const start = from ?? { text: firstStarter.text, options: { dtype: 'f32', target: 'ts' }, seed: 1 };
  const data = createDataState(engine, from?.data ?? { kind: 'moons' });
  const training = createTraining(engine, start.seed);
  const examining = createExamining(engine, training);
  const wishes = createWishes(data, training);
  if (from?.data !== undefined) wishes.overrule();

  /** Data are looked at by each model anew, and each training begins at its first step. */
  async function prepare(): Promise<void> {
    examining.leave();
    const loaded = await data.load();
    if (data.failure.value !== undefined || data.summary.value?.misfit !== undefined) training.clear();
    else if (loaded) await training.reset();
  }

  const model = createModelState(engine, start, (compiled) => {
    wishes.grant(compiled);
    void prepare();
  });
  const studio: Studio = {
    engine,
    model,
    data,
    training,
    examining,
    view: signal<View>('train'),
    notice: signal<Studio['notice']['value']>(undefined),
    open: model.edit,
    openShared: (shared) =>
      batch(() => {
        if (shared.data !== undefined) {
          data.choice.value = shared.data;
          wishes.overrule();
        }
        training.seed.value = shared.seed;
        model.options.value = shared.options;
        model.edit(shared.text);
      }),
    useData(choice) {
      data.choice.value = choice;
      if (model.compiled.value !== undefined) void prepare();
    },
    async openFile(file) {
      const opened = await data.open(file);
      if (opened && model.compiled.value !== undefined) await prepare();
    },
    shared: () => sharedOf(model, data, training),
  };
  effect(() => {
    // A new worker knows of no training.
    engine.generation.value;
    untracked(() => {
      examining.leave();
      training.clear();
    });
  });
  keepDraft(studio, hash);
  return studio;
}

/** What a model asks to be trained on, and for how long: done when it asks for something else than before. */
function createWishes(data: DataState, training: Training) {
  let asked: string | undefined;
  let epochs: number | undefined;
  let overruled = false;
  return {
    /** What was chosen comes before what the next model asks for. */
    overrule(): void {
      overruled = true;
    },
    grant({ model }: Compiled): void {
      const wanted = dataOf(model.data);
      const isNew = model.data !== asked && !overruled;
      asked = model.data;
      overruled = false;
      batch(() => {
        if (isNew && wanted !== undefined && wanted.kind !== data.choice.value.kind)
          data.choice.value = wanted;
        if (model.epochs !== epochs) training.epochs.value = model.epochs;
        epochs = model.epochs;
      });
    },
  };
}

function sharedOf(model: ModelState, data: DataState, training: Training): Shared {
  const { value: choice } = data.choice;
  return {
    text: model.text.value,
    options: model.options.value,
    data: choice.kind === 'csv' ? undefined : choice,
    seed: training.seed.value,
  };
}

/** Written a little after the last change: typing is not the time for it. */
function keepDraft(studio: Studio, hash: () => string): void {
  let timer = 0;
  let first = true;
  effect(() => {
    const shared = studio.shared();
    clearTimeout(timer);
    if (!first) timer = window.setTimeout(() => untracked(() => writeDraft(hash(), shared)), 200);
    first = false;
  });
  // A reload right after a key must not lose it.
  window.addEventListener('pagehide', () => writeDraft(hash(), studio.shared()));
}
