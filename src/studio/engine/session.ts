/** Answers the calls of the protocol, whatever line they come by. */

import { compileText } from './compiling.ts';
import { type Examined, examineStep } from './examine.ts';
import type { Language } from './language.ts';
import type { Addresses } from './modules.ts';
import type { Opened } from './opened.ts';
import { picturesOf } from './pictures.ts';
import { EngineError } from './problems.ts';
import type { Calls, Event } from './protocol.ts';
import { createWorkbench } from './workbench.ts';

export type Session = {
  readonly [Name in keyof Calls]: (...values: Parameters<Calls[Name]>) => Promise<ReturnType<Calls[Name]>>;
};

export interface SessionOptions {
  readonly addresses: Addresses;
  readonly emit: (event: Event) => void;
  /** Starts the language service; it is asked for when it is needed, and once. */
  readonly startLanguage: () => Promise<Language>;
}

export function createSession({ addresses, emit, startLanguage }: SessionOptions): Session {
  const workbench = createWorkbench(emit);
  let language: Promise<Language> | undefined;
  let examined: { readonly of: Opened; readonly step: Examined } | undefined;
  const languageService = (): Promise<Language> => {
    language ??= startLanguage();
    return language;
  };
  return {
    check: async (text) => (await languageService()).check(text),
    complete: async (text, position) => (await languageService()).complete(text, position),
    hover: async (text, position) => (await languageService()).hover(text, position),
    async compile(text, options) {
      const { result, ready } = await compileText(text, options, addresses);
      if (ready !== undefined) await workbench.useModel(ready);
      return result;
    },
    useData: workbench.useData,
    async reset(seed) {
      await workbench.useSeed(seed);
      return workbench.open().training.state();
    },
    play: async (epochs) => workbench.open().training.play(epochs),
    pause: async () => workbench.open().training.pause(),
    stepOnce: async () => workbench.open().training.stepOnce(),
    async examine() {
      const opened = workbench.open();
      await opened.training.pause();
      examined = { of: opened, step: examineStep(opened) };
      return examined.step.examination;
    },
    async finishExamined() {
      const { training, trainer } = workbench.open();
      const step = examined?.of.training === training ? examined.step : undefined;
      examined = undefined;
      if (step === undefined || step.examination.step !== trainer.steps) throw notExamined();
      const state = await training.stepOnce();
      return { ...state, equal: step.isReached() };
    },
    pictures: async () => picturesOf(workbench.open()),
    weights: async () => new Uint8Array(workbench.open().trainer.save()),
  };
}

const notExamined = (): EngineError =>
  new EngineError({
    code: 'engine/not-examined',
    message: 'The next step has not been examined.',
    help: 'Examine it first; a step that was made meanwhile is another one.',
  });
