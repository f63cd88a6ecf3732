/** The text in the editor and what the compiler says about it: checked soon after each edit, compiled a little later. */

import {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from '@preact/signals';
import type { CallFailure, CompileOptions, CompileResult, Problem } from '../../engine/protocol.ts';
import { type EngineHandle, failureOf } from './engine-handle.ts';

export type Compiled = Extract<CompileResult, { ok: true }> & {
  /** What was compiled. */
  readonly text: string;
  readonly options: CompileOptions;
};

export interface ModelState {
  readonly text: ReadonlySignal<string>;
  readonly options: Signal<CompileOptions>;
  /** From the checker and the compiler, in the order of the text. */
  readonly problems: ReadonlySignal<readonly Problem[]>;
  readonly failure: ReadonlySignal<CallFailure | undefined>;
  /** The last one that went well. */
  readonly compiled: ReadonlySignal<Compiled | undefined>;
  /** Whether what is shown is of another text than that of now, which is not going to be compiled as it stands. */
  readonly outdated: ReadonlySignal<boolean>;
  /** Whether what is shown is of another text or other options than those of now. */
  readonly stale: ReadonlySignal<boolean>;
  readonly compiling: ReadonlySignal<boolean>;
  /** Whether the compilation that runs takes so long that one may want to end it. */
  readonly slow: ReadonlySignal<boolean>;
  edit(text: string): void;
  compileNow(): void;
  /** Ends a compiler that does not come to an end; the text waits for an edit. */
  stop(): void;
}

interface Asked {
  readonly text: string;
  readonly options: CompileOptions;
}

const checkAfter = 300;
const compileAfter = 500;
const slowAfter = 5_000;

const createSignals = ({ text, options }: Asked) => ({
  text: signal(text),
  options: signal(options),
  checked: signal<readonly Problem[]>([]),
  reported: signal<readonly Problem[]>([]),
  failure: signal<CallFailure | undefined>(undefined),
  compiled: signal<Compiled | undefined>(undefined),
  compiling: signal(false),
  slow: signal(false),
  /** A compilation will begin by itself. */
  due: signal(false),
  /** The last compilation found errors. */
  failed: signal(false),
});

type Signals = ReturnType<typeof createSignals>;

export function createModelState(
  engine: EngineHandle,
  start: Asked,
  onCompiled: (compiled: Compiled) => void,
): ModelState {
  const signals = createSignals(start);
  const { text, options, compiled, compiling, failed, due, failure, slow } = signals;
  const jobs = createJobs(signals, {
    check: () => check(engine, signals),
    compile: createCompiler(engine, signals, onCompiled),
  });
  const follow = followEngine(engine, jobs);
  let known = start.options;
  effect(() => {
    if (options.value === known) return;
    known = options.value;
    jobs.later('compile', 0);
  });
  const stale = computed(() => {
    const last = compiled.value;
    return last !== undefined && (last.text !== text.value || last.options !== options.value);
  });
  return {
    text,
    options,
    problems: computed(() => merged(signals.checked.value, signals.reported.value)),
    failure,
    compiled,
    outdated: computed(() => stale.value && (failed.value || !(due.value || compiling.value))),
    stale,
    compiling,
    slow,
    edit(next) {
      if (next === text.value) return;
      text.value = next;
      jobs.later('check', checkAfter);
      jobs.later('compile', compileAfter);
    },
    compileNow: () => jobs.later('compile', 0),
    stop() {
      follow.spare();
      engine.restart();
    },
  };
}

type Job = 'check' | 'compile';

/** Each job waits by itself, and begins to wait anew when it is asked for again. */
function createJobs({ due }: Signals, run: Readonly<Record<Job, () => Promise<void>>>) {
  const timers = { check: 0, compile: 0 };
  return {
    run,
    later(name: Job, wait: number): void {
      clearTimeout(timers[name]);
      if (name === 'compile') due.value = true;
      timers[name] = window.setTimeout(() => void run[name](), wait);
    },
  };
}

/** The first text is compiled, and every worker that takes the place of another is told of the text. */
function followEngine({ death, status }: EngineHandle, { run }: ReturnType<typeof createJobs>) {
  /** What a compiler hung at is not tried again by itself. */
  let spared = false;
  effect(() => {
    if (death.value?.code === 'engine/silent') spared = true;
    if (status.value !== 'ready') return;
    untracked(() => {
      void run.check();
      if (!spared) void run.compile();
      spared = false;
    });
  });
  return {
    spare(): void {
      spared = true;
    },
  };
}

async function check(engine: EngineHandle, { text, checked, failure }: Signals): Promise<void> {
  const asked = text.value;
  if (engine.status.value !== 'ready') return;
  try {
    const problems = await engine.call('check', asked);
    if (asked === text.value) checked.value = problems;
  } catch (error) {
    failure.value = failureOf(error);
  }
}

/** One compilation at a time; what is asked for meanwhile is done once, after it. */
function createCompiler(
  engine: EngineHandle,
  signals: Signals,
  onCompiled: (compiled: Compiled) => void,
): () => Promise<void> {
  const { text, options, compiling, slow, due, failure } = signals;
  let again = false;
  return async function compile(): Promise<void> {
    due.value = false;
    if (engine.status.value !== 'ready') return;
    if (compiling.value) {
      again = true;
      return;
    }
    const asked = { text: text.value, options: options.value };
    const late = setTimeout(() => {
      slow.value = true;
    }, slowAfter);
    compiling.value = true;
    try {
      const compiled = take(await engine.call('compile', asked.text, asked.options), asked, signals);
      if (compiled !== undefined) onCompiled(compiled);
    } catch (error) {
      failure.value = failureOf(error);
    } finally {
      clearTimeout(late);
      batch(() => {
        compiling.value = false;
        slow.value = false;
      });
    }
    if (!again) return;
    again = false;
    await compile();
  };
}

/** Keeps what a compilation has come to; returns the model, if there is one. */
function take(result: CompileResult, asked: Asked, signals: Signals): Compiled | undefined {
  const { text, reported, failure, failed, compiled } = signals;
  const model = result.ok ? { ...result, ...asked } : undefined;
  batch(() => {
    failure.value = undefined;
    failed.value = !result.ok;
    if (asked.text === text.value) reported.value = result.ok ? result.warnings : result.problems;
    if (model !== undefined) compiled.value = model;
  });
  return model;
}

/** What the type checker finds, the compiler often finds as well: one problem of each place is enough. */
function merged(checked: readonly Problem[], reported: readonly Problem[]): readonly Problem[] {
  const errors = checked.filter(({ severity }) => severity === 'error');
  const fresh = reported.filter(
    (problem) => !errors.some((error) => error.from <= problem.to && problem.from <= error.to),
  );
  return [...checked, ...fresh].sort((a, b) => a.from - b.from);
}
