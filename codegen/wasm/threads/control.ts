/**
 * How threads take work: one word of shared memory, the ticket, holds the number of the step and how many of its parts nobody has
 * taken. Who lowers the count has a part to do; who finishes the last part of a step opens the next one. No order of these events
 * changes a result, because parts write elements of their own.
 */

import { type Code, createLocals } from '../function.ts';
import {
  type AtomicOp,
  get,
  type Instruction,
  i32,
  integer,
  type Local,
  plain,
  set,
  type WasmFunction,
} from '../instructions.ts';

/** Bytes of a cache line: words that different threads write lie in lines of their own. */
const line = 64;

/** Where the words lie, from the beginning of the control block. */
const words = {
  ticket: 0,
  left: line,
  sleepers: 2 * line,
  parts: 3 * line,
  last: 3 * line + 4,
  call: 4 * line,
} as const;

/** Bytes of the control block for so many numbers of a call. */
export const controlBytes = (numbers: number): number => 4 * line + Math.ceil((4 * numbers) / line) * line;

/** Bits of the ticket that count parts; the others are the number of the step. */
const partBits = 16;

/** Looks at the ticket before a thread goes to sleep: some tens of microseconds. */
const patience = 20000;

/** Instructions on the words of a control block that begins at byte `base`. */
const wordsAt = (base: number) => ({
  /** Takes its operands from the stack, the address 0 first. */
  atomic: (op: AtomicOp, word: number): Instruction => ({ op, address: base + word }),
  load: (word: number): Instruction[] => [i32(0), { op: 'i32.load', offset: base + word }],
  store: (word: number, value: Code): Instruction[] => [
    i32(0),
    ...value,
    { op: 'i32.store', offset: base + word },
  ],
});
type Words = ReturnType<typeof wordsAt>;

/** The functions `start`, `join` and `help` over a control block at byte `base`. They call `partsOf` and `runPart`. */
export function createControl(base: number, callNumbers: readonly string[]) {
  const at = wordsAt(base);
  return {
    functions: [takePart(at), start(at, callNumbers.map(integer)), join(at), help(at)],
    /** Instructions for each of the call's numbers. */
    call: callNumbers.map((_, i) => at.load(words.call + 4 * i)),
  };
}

const when = (condition: Code, yes: Code): Instruction[] => [...condition, { op: 'if', yes, no: [] }];

/** Opens the step whose number is in `step`; `count` is for its use. */
const open = ({ atomic, store }: Words, step: Local, count: Local): Instruction[] => [
  get(step),
  { op: 'call', name: 'partsOf' },
  set(count),
  ...store(words.parts, [get(count)]),
  ...[i32(0), get(count), atomic('i32.atomic.store', words.left)],
  i32(0),
  ...[get(step), i32(partBits), plain('i32.shl'), get(count), plain('i32.or')],
  atomic('i32.atomic.store', words.ticket),
  // One part is done by who opened it sooner than a sleeper wakes.
  ...when(
    [
      ...[get(count), i32(1), plain('i32.gt_s')],
      ...[i32(0), atomic('i32.atomic.load', words.sleepers), i32(0), plain('i32.gt_s')],
      plain('i32.and'),
    ],
    [i32(0), i32(-1), atomic('memory.atomic.notify', words.ticket), plain('drop')],
  ),
];

/** Takes a part of the step in `ticket` and does it, unless another thread was faster. */
const take = ({ atomic }: Words, ticket: Local, thread: Local): Instruction[] =>
  when(
    [
      i32(0),
      get(ticket),
      ...[get(ticket), i32(1), plain('i32.sub')],
      atomic('i32.atomic.rmw.cmpxchg', words.ticket),
      ...[get(ticket), plain('i32.eq')],
    ],
    [get(ticket), get(thread), { op: 'call', name: 'takePart' }],
  );

const look = ({ atomic }: Words, ticket: Local): Instruction[] => [
  i32(0),
  atomic('i32.atomic.load', words.ticket),
  { op: 'local.tee', local: ticket },
];

const untaken = (ticket: Local): Instruction[] => [get(ticket), i32(2 ** partBits - 1), plain('i32.and')];

function takePart(at: Words): WasmFunction {
  const [ticket, thread] = [integer('ticket'), integer('thread')];
  const { fresh, all } = createLocals();
  const [step, count] = [fresh('step', 'i32'), fresh('count', 'i32')];
  return {
    name: 'takePart',
    doc: 'does the first untaken part of the ticket, and opens the next step if it was the last to be done',
    parameters: [ticket, thread],
    locals: all,
    exported: false,
    body: [
      ...[get(ticket), i32(partBits), plain('i32.shr_u'), set(step)],
      get(step),
      ...[...at.load(words.parts), ...untaken(ticket), plain('i32.sub')],
      get(thread),
      { op: 'call', name: 'runPart' },
      ...when(
        [i32(0), i32(1), at.atomic('i32.atomic.rmw.sub', words.left), i32(1), plain('i32.eq')],
        [
          ...[get(step), ...at.load(words.last), plain('i32.eq')],
          {
            op: 'if',
            yes: [i32(0), i32(0), at.atomic('i32.atomic.store', words.ticket)],
            no: [...[get(step), i32(1), plain('i32.add'), set(step)], ...open(at, step, count)],
          },
        ],
      ),
    ],
  };
}

/** Sets the threads to work on the steps from `first` to `last`. */
function start(at: Words, numbers: readonly Local[]): WasmFunction {
  const [first, last] = [integer('first'), integer('last')];
  const { fresh, all } = createLocals();
  return {
    name: 'start',
    doc: 'opens the first step of a job for all threads',
    parameters: [first, last, ...numbers],
    locals: all,
    exported: false,
    body: [
      ...numbers.flatMap((number, i) => at.store(words.call + 4 * i, [get(number)])),
      ...at.store(words.last, [get(last)]),
      ...open(at, first, fresh('count', 'i32')),
    ],
  };
}

/** What the thread that has started a job does until it is done. It never sleeps: pages may not. */
function join(at: Words): WasmFunction {
  const { fresh, all } = createLocals();
  const [ticket, thread] = [fresh('ticket', 'i32'), fresh('thread', 'i32')];
  return {
    name: 'join',
    doc: 'takes parts until the job is done',
    parameters: [],
    locals: all,
    exported: true,
    body: [
      {
        op: 'loop',
        body: when(look(at, ticket), [
          ...when(untaken(ticket), take(at, ticket, thread)),
          { op: 'br', depth: 1 },
        ]),
      },
    ],
  };
}

/** What every other thread does for ever: it is ended from outside. */
function help(at: Words): WasmFunction {
  const thread = integer('thread');
  const { fresh, all } = createLocals();
  const [ticket, looks] = [fresh('ticket', 'i32'), fresh('looks', 'i32')];
  const isPatient: Code = [
    get(looks),
    i32(1),
    plain('i32.add'),
    { op: 'local.tee', local: looks },
    i32(patience),
    plain('i32.le_s'),
  ];
  return {
    name: 'help',
    doc: 'takes parts of whatever is to be done, and sleeps where there is nothing for a while',
    parameters: [thread],
    locals: all,
    exported: true,
    body: [
      {
        op: 'loop',
        body: [
          ...look(at, ticket),
          ...[i32(2 ** partBits - 1), plain('i32.and')],
          {
            op: 'if',
            yes: [...take(at, ticket, thread), i32(0), set(looks)],
            no: [...isPatient, { op: 'if', yes: [], no: [...sleep(at, ticket), i32(0), set(looks)] }],
          },
          { op: 'br', depth: 0 },
        ],
      },
    ],
  };
}

/** Until the ticket changes. Who changes it looks for sleepers afterwards, so that none is forgotten. */
const sleep = ({ atomic }: Words, ticket: Local): Instruction[] => [
  ...[i32(0), i32(1), atomic('i32.atomic.rmw.add', words.sleepers), plain('drop')],
  i32(0),
  get(ticket),
  { op: 'i64.const', value: -1 },
  atomic('memory.atomic.wait32', words.ticket),
  plain('drop'),
  ...[i32(0), i32(1), atomic('i32.atomic.rmw.sub', words.sleepers), plain('drop')],
];
