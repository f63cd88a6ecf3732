/** The engine in this process: modules by `data:`, and sources from the disk instead of the bundle. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLanguage, type Language } from '../../src/studio/engine/language.ts';
import type { Addresses } from '../../src/studio/engine/modules.ts';
import type { CompileOptions, CompileResult, Event } from '../../src/studio/engine/protocol.ts';
import { createSession, type Session } from '../../src/studio/engine/session.ts';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

// Stack traces as a worker has them: the test runner writes its own, which do not know what a script says it is called.
Reflect.deleteProperty(Error, 'prepareStackTrace');

let made = 0;
/** Node remembers modules by their address: each gets one of its own. */
export const dataAddresses: Addresses = {
  make: (script) => `data:text/javascript,${encodeURIComponent(`/*${made++}*/${script}`)}`,
  release: () => {},
};

const folders = ['ir', 'src/dsl', 'src/nn', 'src/optim', 'src/optim/schedules', 'src/runtime'];
const files = ['src/index.ts', 'src/compile.ts', 'src/diagnose.ts'];

/** What the bundle holds as texts. */
export function declarationsOnDisk(): ReadonlyMap<string, string> {
  const found = folders.flatMap((folder) =>
    readdirSync(join(repository, folder))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
  return new Map([...found, ...files].map((path) => [path, readFileSync(join(repository, path), 'utf8')]));
}

export const startLanguage = async (): Promise<Language> => createLanguage(declarationsOnDisk());

export interface TestedSession extends Session {
  readonly events: readonly Event[];
  /** What ends the training that goes on. */
  ended(): Promise<Extract<Event, { kind: 'ended' }>>;
}

export function openSession(): TestedSession {
  const events: Event[] = [];
  const waiting: ((event: Extract<Event, { kind: 'ended' }>) => void)[] = [];
  const session = createSession({
    addresses: dataAddresses,
    startLanguage,
    emit(event) {
      events.push(event);
      if (event.kind === 'ended') for (const resolve of waiting.splice(0)) resolve(event);
    },
  });
  return { ...session, events, ended: () => new Promise((resolve) => void waiting.push(resolve)) };
}

export const readModel = (path: string): string => readFileSync(join(repository, path), 'utf8');

/** Sixteen units that tell two moons apart. */
export const moonsModel = readModel('examples/page/model.ts');

export const inFloats: CompileOptions = { dtype: 'f32', target: 'ts' };

export function compiled(result: CompileResult): Extract<CompileResult, { ok: true }> {
  if (result.ok) return result;
  throw new Error(JSON.stringify(result.problems));
}
