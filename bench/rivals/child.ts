/** The process of one contender, seen from the runner. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Entrant } from './contenders.ts';
import { pythonCache, pythonPath } from './install.ts';
import { pinnedTo } from './pinning.ts';
import { type Message, parseMessage, type Slice, type Spec } from './protocol.ts';

type Ready = Message & { readonly kind: 'ready' };

export interface Child {
  readonly ready: Ready;
  /** Trains for about so many seconds; throws when the process has ended. */
  slice(seconds: number): Promise<Slice>;
  /** Resolves once the process is gone. */
  close(): Promise<void>;
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** What takes longer than this has stopped. */
const patience = 300_000;

/** Throws with the reason why a contender cannot take part. */
export async function startChild(
  { adapter, language, threads }: Entrant,
  rest: Omit<Spec, 'adapter' | 'threads'>,
) {
  const spec: Spec = { adapter, threads, ...rest };
  const command =
    language === 'node'
      ? [process.execPath, pathOf('worker.mjs'), JSON.stringify(spec)]
      : [pythonPath, pathOf('python/worker.py'), JSON.stringify(spec)];
  const [file = '', ...words] = [...pinnedTo(threads), ...command];
  const env = { ...process.env, ...environmentFor(threads) };
  return converse(spawn(file, words, { stdio: ['pipe', 'pipe', 'pipe'], env }));
}

function environmentFor(threads: number): Readonly<Record<string, string>> {
  const names = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_NUM_THREADS'];
  return {
    ...Object.fromEntries(names.map((name) => [name, `${threads}`])),
    ...(threads === 1 ? { XLA_FLAGS: '--xla_cpu_multi_thread_eigen=false' } : {}),
    JAX_PLATFORMS: 'cpu',
    CUDA_VISIBLE_DEVICES: '',
    TORCHINDUCTOR_CACHE_DIR: pythonCache,
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

async function converse(child: ChildProcess): Promise<Child> {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('the process has no pipes');
  let errors = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2_000);
  });
  // Writing to a process that has died is told by its end.
  stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => resolve()).once('error', () => resolve()),
  );
  const messages = messagesOf(createInterface({ input: stdout }));
  const next = async (): Promise<Message> => {
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    const { value, done } = await messages.next();
    clearTimeout(timer);
    if (done === true)
      throw new Error(errors.trim().split('\n').at(-1) || 'its process ended without a word');
    if (value.kind === 'failed') throw new Error(value.reason);
    return value;
  };
  const ready = await next();
  if (ready.kind !== 'ready') throw new Error(`it said ${ready.kind} before it was ready`);
  return {
    ready,
    async slice(seconds) {
      stdin.write(`${seconds}\n`);
      const message = await next();
      if (message.kind !== 'slice') throw new Error(`it said ${message.kind}, not slice`);
      return message;
    },
    async close() {
      stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function* messagesOf(lines: AsyncIterable<string>): AsyncGenerator<Message, undefined> {
  for await (const line of lines) {
    const message = parseMessage(line);
    if (message !== undefined) yield message;
  }
  return undefined;
}
