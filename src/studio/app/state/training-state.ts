/** The training in the engine as the page sees it: where it stands, its losses, metrics and pictures. */

import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Event, Pictures, Problem, TrainingState } from '../../engine/protocol.ts';
import { type LossHistory, noLosses, withLosses } from '../train/loss-history.ts';
import { type EngineHandle, failureOf } from './engine-handle.ts';

type Evaluation = Extract<Event, { kind: 'evaluation' }>;

export interface Training {
  /** Undefined until there is a model with data that fit. */
  readonly state: ReadonlySignal<TrainingState | undefined>;
  readonly losses: ReadonlySignal<LossHistory>;
  /** Of the test samples, where there are some. */
  readonly tests: ReadonlySignal<LossHistory>;
  readonly evaluation: ReadonlySignal<Evaluation | undefined>;
  readonly speed: ReadonlySignal<number | undefined>;
  readonly pictures: ReadonlySignal<Pictures | undefined>;
  /** Why it ended, or why a button did nothing. */
  readonly problem: ReadonlySignal<Pick<Problem, 'code' | 'message' | 'help'> | undefined>;
  readonly seed: Signal<number>;
  /** Absent: until paused. */
  readonly epochs: Signal<number | undefined>;
  play(): Promise<void>;
  pause(): Promise<void>;
  stepOnce(): Promise<void>;
  reset(): Promise<void>;
  /** There is nothing to train any more. */
  clear(): void;
  /** What a call that made a step has told. */
  took(state: TrainingState): void;
  /** Draws the state of now, unless a drawing is under way: then that one is followed by another. */
  redraw(): Promise<void>;
}

/** Pictures are asked for no more often, in milliseconds. */
const between = 400;

const createSignals = () => ({
  state: signal<TrainingState | undefined>(undefined),
  losses: signal<LossHistory>(noLosses),
  tests: signal<LossHistory>(noLosses),
  evaluation: signal<Evaluation | undefined>(undefined),
  speed: signal<number | undefined>(undefined),
  problem: signal<Training['problem']['value']>(undefined),
});

type Signals = ReturnType<typeof createSignals>;

export function createTraining(engine: EngineHandle, seed: number): Training {
  const signals = createSignals();
  const { state, problem } = signals;
  const drawing = createDrawing(engine);
  engine.onEvent((event) => {
    batch(() => take(event, signals));
    void drawing.redraw();
  });
  /** What a call answers is where the training stands now. */
  const say = async (call: () => Promise<TrainingState>): Promise<void> => {
    try {
      const at = await call();
      batch(() => {
        problem.value = undefined;
        state.value = at;
      });
      await drawing.redraw();
    } catch (error) {
      problem.value = failureOf(error);
    }
  };
  const training: Training = {
    ...signals,
    pictures: drawing.pictures,
    seed: signal(seed),
    epochs: signal<number | undefined>(undefined),
    play: () => say(() => engine.call('play', further(training))),
    pause: () => say(() => engine.call('pause')),
    stepOnce: () => say(() => engine.call('stepOnce')),
    reset: () =>
      say(async () => {
        const at = await engine.call('reset', training.seed.value);
        forget(signals);
        drawing.renew();
        return at;
      }),
    clear() {
      forget(signals);
      drawing.forget();
    },
    took(at) {
      state.value = at;
      void drawing.redraw();
    },
    redraw: drawing.redraw,
  };
  return training;
}

function take(event: Event, { state, losses, tests, evaluation, speed, problem }: Signals): void {
  if (event.kind === 'evaluation') {
    evaluation.value = event;
    const { loss } = event.test;
    if (loss !== undefined) tests.value = withLosses(tests.value, [{ step: event.step, loss }]);
    return;
  }
  state.value = event.state;
  if (event.kind === 'ended') problem.value = event.problem;
  else {
    losses.value = withLosses(losses.value, event.losses);
    speed.value = event.stepsPerSecond;
  }
}

function forget({ state, losses, tests, evaluation, speed, problem }: Signals): void {
  batch(() => {
    state.value = undefined;
    losses.value = noLosses;
    tests.value = noLosses;
    evaluation.value = undefined;
    speed.value = undefined;
    problem.value = undefined;
  });
}

/** Of a training that has all its epochs behind it, as many again. */
function further({ state, epochs }: Training): number | undefined {
  const [at, wanted] = [state.value, epochs.value];
  if (at === undefined || wanted === undefined) return wanted;
  const passed = Math.floor(at.step / at.stepsPerEpoch);
  return passed < wanted ? wanted : passed + wanted;
}

function createDrawing(engine: EngineHandle) {
  const pictures = signal<Pictures | undefined>(undefined);
  let busy = false;
  let again = false;
  /** Those that are asked for before and answered after are of another model. */
  let subject = 0;

  async function redraw(): Promise<void> {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    const asked = subject;
    try {
      const drawn = await engine.call('pictures');
      if (asked === subject) pictures.value = drawn;
    } catch {
      // Of no model there is no picture; what is wrong, the call that was made for its own sake tells.
    }
    setTimeout(() => {
      busy = false;
      if (again) void redraw();
    }, between);
  }

  /** What is drawn by now stays until there is something to take its place: less moves on the page. */
  function renew(): void {
    subject++;
    again = busy;
  }

  return {
    pictures,
    redraw,
    renew,
    forget() {
      renew();
      pictures.value = undefined;
    },
  };
}
