/** The equations that a pass has used, with what each made of what, and the values that are gone after it. */

import { useMemo } from 'preact/hooks';
import type { Linked, Stage } from '../inspection/inspection.ts';
import type { Focus } from './focus.ts';
import type { Linking } from './linking.ts';
import { itemProps, usePane } from './use-pane.ts';
import { partOf, useParts } from './use-parts.ts';

/** Lines that are drawn in one frame. */
const size = 50;

interface Equation extends Linked {
  readonly name: string;
  readonly says: string;
}

interface EquationListProps {
  readonly stage: Stage;
  readonly linking: Linking;
}

export function EquationList({ stage, linking }: EquationListProps) {
  const { equations } = stage;
  const items = useMemo(
    () =>
      equations.map(
        ({ name, before, after, from, to, site }): Equation => ({
          name,
          says: `${before} → ${after}`,
          keys: [to, from],
          ...(site === undefined ? {} : { site }),
        }),
      ),
    [equations],
  );
  // An equation is about both: what it has made, and what that was made of.
  const focusOf = (equation: Equation): Focus => ({ pane: 'equations', ...equation });
  const { box, repaint, handlers } = usePane({ pane: 'equations', items, linking, focusOf });
  const parts = useParts(
    equations,
    Math.ceil(equations.length / size),
    (part) => (
      <div role="none" key={part}>
        {partOf(equations, part, size).map(({ name, before, after }, i) => (
          <button type="button" key={i} {...itemProps('equations', part * size + i)}>
            <code class="equation">{name}</code>
            <span class="use">
              <code>{before}</code> → <code>{after}</code>
            </span>
          </button>
        ))}
      </div>
    ),
    repaint,
  );
  return (
    <section aria-labelledby="equations-heading">
      <h3 id="equations-heading">{`Equations that fired: ${equations.length}`}</h3>
      <div class="equations" ref={box} {...handlers}>
        {equations.length === 0 ? <p class="none">None in this stage.</p> : parts}
      </div>
    </section>
  );
}

interface GoneListProps {
  readonly stage: Stage;
  readonly before: Stage | undefined;
  readonly linking: Linking;
}

export function GoneList({ stage, before, linking }: GoneListProps) {
  const items = useMemo(() => {
    const nodes = new Map(before?.graph.nodes.map((node) => [node.keys[0], node]));
    return stage.removed.flatMap((key) => {
      const node = nodes.get(key);
      return node === undefined ? [] : [node];
    });
  }, [stage, before]);
  const { box, repaint, handlers } = usePane({ pane: 'gone', items, linking });
  const parts = useParts(
    items,
    Math.ceil(items.length / size),
    (part) => (
      <div role="none" key={part}>
        {partOf(items, part, size).map(({ name, formula }, i) => (
          <button type="button" key={i} {...itemProps('gone', part * size + i)}>
            {name !== undefined && <b>{name}</b>} <code>{formula}</code>
          </button>
        ))}
      </div>
    ),
    repaint,
  );
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="gone-heading">
      <h3 id="gone-heading">{`Values that are gone: ${items.length}`}</h3>
      <div class="equations" ref={box} {...handlers}>
        {parts}
      </div>
    </section>
  );
}
