/** What is pointed at, and what else shows the same thing: plain functions over an inspection. */

import type { GraphNode, Inspection, Key, Linked, Place, Role, Source } from '../inspection/inspection.ts';

export type PaneName =
  | 'source'
  | 'graph'
  | 'equations'
  | 'gone'
  | 'code'
  | 'derivation'
  | 'kernels'
  | 'memory';

export interface Focus {
  /** Where it is pointed at. */
  readonly pane: PaneName;
  /** What is meant; of an equation, what it made and what it was applied to. None where a line of the model is meant. */
  readonly keys: readonly Key[];
  readonly site?: Place;
  /** What it is called where it is no value: an equation. */
  readonly name?: string;
  /** What else is known of it in its pane. */
  readonly says?: string;
}

/** `own` computes or shows what is meant, `part` has to do with it. */
export type Light = 'own' | 'part';

/** Positions in a list of items, by what they are about. */
export interface LinkIndex {
  readonly own: ReadonlyMap<Key, readonly number[]>;
  readonly part: ReadonlyMap<Key, readonly number[]>;
  readonly sites: ReadonlyMap<string, readonly number[]>;
}

const siteKey = ({ source, line }: Place): string => `${source}:${line}`;

function add<K>(lists: Map<K, number[]>, key: K, position: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [position]);
  else list.push(position);
}

export function linkIndex(items: readonly Linked[]): LinkIndex {
  const own = new Map<Key, number[]>();
  const part = new Map<Key, number[]>();
  const sites = new Map<string, number[]>();
  items.forEach(({ keys, site }, position) => {
    keys.forEach((key, i) => {
      add(i === 0 ? own : part, key, position);
    });
    if (site !== undefined) add(sites, siteKey(site), position);
  });
  return { own, part, sites };
}

/** Of what an item is about, the first is what it stands for. */
export const focusOn = (pane: PaneName, { keys, site }: Linked): Focus => ({
  pane,
  keys: keys.slice(0, 1),
  ...(site === undefined ? {} : { site }),
});

/** What lights up in a pane, in the order of its items: what stands for a value, and with less light what it is a part of. */
export function lit(pane: PaneName, index: LinkIndex, focus: Focus): ReadonlyMap<number, Light> {
  const lights = new Map<number, Light>();
  const light = (positions: readonly number[] | undefined, how: Light): void => {
    for (const position of positions ?? []) if (lights.get(position) !== 'own') lights.set(position, how);
  };
  if (pane === 'source' || focus.keys.length === 0) {
    if (focus.site !== undefined) light(index.sites.get(siteKey(focus.site)), 'own');
  } else {
    for (const key of focus.keys) light(index.part.get(key), 'part');
    for (const key of focus.keys) light(index.own.get(key), 'own');
    // What an equation was applied to may be there between two others alone: then it is its line that matters.
    if (lights.size === 0 && focus.pane === 'equations' && focus.site !== undefined)
      light(index.sites.get(siteKey(focus.site)), 'part');
  }
  return new Map([...lights].sort(([a], [b]) => a - b));
}

/** The item to be scrolled to. */
export function firstLit(lights: ReadonlyMap<number, Light>): number | undefined {
  for (const [position, how] of lights) if (how === 'own') return position;
  return lights.keys().next().value;
}

export const sameFocus = (a: Focus | undefined, b: Focus | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.pane === b.pane &&
    a.keys.join() === b.keys.join() &&
    a.says === b.says &&
    samePlace(a.site, b.site));

const samePlace = (a: Place | undefined, b: Place | undefined): boolean =>
  a?.source === b?.source && a?.line === b?.line;

/** What is known of each value: as it is in the last stage that has it. */
export type Facts = ReadonlyMap<Key, GraphNode>;

export function factsOf({ stages }: Pick<Inspection, 'stages'>): Facts {
  const facts = new Map<Key, GraphNode>();
  for (const { graph } of stages)
    for (const node of graph.nodes) {
      const [key] = node.keys;
      if (key !== undefined) facts.set(key, node);
    }
  return facts;
}

/** The same focus in another inspection, where its line may be another one; none where what is meant is not there. */
export function inNext(facts: Facts, focus: Focus): Focus | undefined {
  const { pane, keys } = focus;
  if (keys.length === 0) return focus;
  const node = keys.map((key) => facts.get(key)).find((one) => one !== undefined);
  if (node === undefined) return undefined;
  return { pane, keys, ...(node.site === undefined ? {} : { site: node.site }) };
}

/** A focus in words. */
export interface Description {
  readonly name: string;
  readonly formula?: string;
  readonly type?: string;
  readonly role?: Role;
  readonly rule?: string;
  readonly of?: string;
  /** `model.ts:12`, and what is written there. */
  readonly where?: string;
  readonly line?: string;
  readonly says?: string;
}

export function describe({ sources }: Pick<Inspection, 'sources'>, facts: Facts, focus: Focus): Description {
  const rest = {
    ...placeInWords(sources, focus.site),
    ...(focus.says === undefined ? {} : { says: focus.says }),
  };
  if (focus.name !== undefined) return { name: focus.name, ...rest };
  const node = focus.keys.map((key) => facts.get(key)).find((one) => one !== undefined);
  if (node === undefined) return { name: namesAt(facts, focus.site) || 'nothing with a name', ...rest };
  const { name, kind, formula, type, role, rule, of } = node;
  const isGiven = kind === 'input' || kind === 'state';
  return {
    name: name ?? formula,
    ...(name === undefined || isGiven ? {} : { formula }),
    type: isGiven ? `${kind}, ${type}` : type,
    role,
    ...(rule === undefined ? {} : { rule }),
    ...(of === undefined ? {} : { of }),
    ...rest,
  };
}

/** All that a line of the model has brought about and that has a name. */
function namesAt(facts: Facts, site: Place | undefined): string {
  if (site === undefined) return '';
  const names = [...facts.values()]
    .filter((node) => samePlace(node.site, site))
    .flatMap(({ name }) => (name === undefined ? [] : [name]));
  return [...new Set(names)].join(', ');
}

function placeInWords(
  sources: readonly Source[],
  site: Place | undefined,
): Pick<Description, 'where' | 'line'> {
  const source = site === undefined ? undefined : sources[site.source];
  if (site === undefined || source === undefined) return {};
  const line = source.text.split('\n')[site.line - 1]?.trim() ?? '';
  return { where: `${source.name}:${site.line}`, ...(line === '' ? {} : { line }) };
}

/** The lines of a source that something comes from, in order. */
export function linkedLines(inspection: Inspection, source: number): readonly Linked[] {
  const lines = new Set<number>();
  const lists: readonly (readonly Pick<Linked, 'site'>[])[] = [
    ...inspection.stages.flatMap(({ graph, equations }) => [graph.nodes, equations]),
    ...inspection.code.map((file) => file.lines),
    inspection.derivation,
    inspection.schedule.blocks,
    inspection.memory.buffers,
  ];
  for (const list of lists) for (const { site } of list) if (site?.source === source) lines.add(site.line);
  return [...lines].sort((a, b) => a - b).map((line) => ({ keys: [], site: { source, line } }));
}
