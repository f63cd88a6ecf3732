/** Identifiers of the emitted module: the user's names where they are fit for it, generated ones otherwise. */

import type { PlannedProgram } from '../../ir/kernel.ts';
import type { Value } from '../../ir/value.ts';

/** Words that an identifier must not be: the language's, and those the module uses itself. */
const taken =
  'abstract any arguments as asserts async await bigint boolean break case catch class const continue debugger declare default ' +
  'delete do else enum eval export extends false finally for from function get global globalThis if implements import in infer ' +
  'instanceof interface is keyof let module namespace never new null number object of package private protected public readonly ' +
  'require return satisfies set static string super switch symbol this throw true try type typeof undefined unique unknown var void ' +
  'while with yield Array ArrayBuffer Float32Array Float64Array Infinity Int32Array Math NaN Number Object Uint8Array ' +
  'f32 layout create arena batch n t seed state metrics evaluation outputs step evaluate predict Batch Inputs Metrics Evaluation Outputs ' +
  'rows half join team threads module shared columns rowsOf newMemory url read download Column Memory Team exp expm1 log sin cos tanh erf sigmoid softplus uniform word single floatOf bitsOf memory pages code bytes instance run WebAssembly i j k l i2 j2 k2 l2';

/** Names for the variables of one function. */
export interface LocalNames {
  readonly of: (wanted: string) => string;
  /** A name for a part of a long expression, unique in the function. */
  readonly fresh: () => string;
  /** From here on, the names given so far to `wanted` are another block's. */
  readonly retire: (wanted: readonly string[]) => void;
}

export interface Identifiers {
  /** A new identifier as close to `wanted` as can be. */
  claim(wanted: string): string;
  /** Names for the variables of one function, none of which hides a name of the module. */
  locals(): LocalNames;
}

export function createIdentifiers(): Identifiers {
  const used = new Set(taken.split(' '));
  /** The number that the next namesake gets: counting anew each time would take ever longer. */
  const suffixes = new Map<string, number>();
  return {
    claim(wanted) {
      const base = /^[A-Za-z_$][\w$]{0,40}$/.test(wanted) ? wanted : 'v';
      let name = base;
      let next = suffixes.get(base) ?? (base === 'v' ? 1 : 2);
      while (used.has(name)) name = `${base}${next++}`;
      suffixes.set(base, next);
      used.add(name);
      return name;
    },
    locals() {
      const chosen = new Map<string, string>();
      const retired = new Set<string>();
      let count = 0;
      return {
        of(wanted) {
          const known = chosen.get(wanted);
          if (known !== undefined) return known;
          let name = wanted;
          for (let i = 2; used.has(name) || retired.has(name) || [...chosen.values()].includes(name); i++) {
            name = `${wanted.replace(/\d+$/, '')}${i}`;
          }
          chosen.set(wanted, name);
          return name;
        },
        fresh() {
          do count++;
          while (used.has(`u${count}`));
          return `u${count}`;
        },
        retire(wanted) {
          for (const name of wanted) retired.add(chosen.get(name) ?? name);
          chosen.clear();
        },
      };
    },
  };
}

/** What a value on the way to `subject` is called: by what it is. */
function helperName(subject: string | undefined, op: string): string {
  const noun = stems.get(op) ?? capital(op);
  return subject === undefined ? `${noun.charAt(0).toLowerCase()}${noun.slice(1)}` : `${subject}${noun}`;
}

/** What a state will be, while its old value is still needed. */
const nextName = (state: string): string => `next${capital(state.replaceAll('.', '_'))}`;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const stems: ReadonlyMap<string, string> = new Map([
  ['reduceMax', 'Max'],
  ['exp', 'Exponential'],
  ['log', 'Logarithm'],
  ['sin', 'Sine'],
  ['cos', 'Cosine'],
  ['sum', 'Sum'],
  ['sub', 'Difference'],
  ['add', 'Total'],
  ['mul', 'Product'],
  ['div', 'Quotient'],
]);

export interface ModuleNames {
  /** The array that holds a value: a state, an input, or what a block computes. */
  readonly arrays: ReadonlyMap<Value, string>;
  /** The array of each state, by the state's name. */
  readonly states: ReadonlyMap<string, string>;
  /** The parameter of each input, by the input's name. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly identifiers: Identifiers;
}

export function nameModule(planned: PlannedProgram, leaves: readonly Value[]): ModuleNames {
  const identifiers = createIdentifiers();
  const { program, blocks } = planned;
  const inputs = new Map(program.inputs.map(({ name }) => [name, identifiers.claim(name)]));
  const states = new Map(
    program.states.map(({ name }) => [name, identifiers.claim(name.replace(/\./g, '_'))]),
  );
  const arrays = new Map<Value, string>();
  for (const leaf of leaves) {
    const name = String(leaf.attrs.name);
    const known = leaf.op === 'state' ? states.get(name) : inputs.get(name);
    arrays.set(leaf, known ?? name);
  }
  const updated = new Map(
    program.functions.flatMap((fn) => fn.updates).map(({ state, value }) => [value, state]),
  );
  for (const block of blocks) {
    const last = block.roots[block.roots.length - 1];
    const subject = last && program.notes.get(last)?.name;
    for (const root of block.roots) {
      if (arrays.has(root)) continue;
      const buffer = planned.buffers.get(root);
      const state = updated.get(root);
      const inPlace = state !== undefined && planned.states.get(state) === buffer;
      const own = program.notes.get(root)?.name;
      const next = state === undefined || (own !== undefined && own !== state) ? own : nextName(state);
      arrays.set(
        root,
        inPlace ? (states.get(state) ?? '') : identifiers.claim(next ?? helperName(subject, root.op)),
      );
    }
  }
  return { arrays, states, inputs, identifiers };
}
