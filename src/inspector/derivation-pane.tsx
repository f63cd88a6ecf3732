/** The derivation by hand, as the compiler has worked it out: formulas that know their values. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DerivationPart, Inspection } from '../inspection/inspection.ts';
import type { Linking } from './linking.ts';
import { itemProps, usePane } from './use-pane.ts';
import { partOf, useParts } from './use-parts.ts';

export interface DerivationPaneProps {
  readonly inspection: Inspection;
  readonly linking: Linking;
}

/** Formulas that are set in one frame. */
const size = 8;

export function DerivationPane({ inspection: { derivation }, linking }: DerivationPaneProps) {
  const { box, repaint, handlers } = usePane({ pane: 'derivation', items: derivation, linking });
  const parts = useParts(
    derivation,
    Math.ceil(derivation.length / size),
    (part) => (
      <div key={part}>
        {partOf(derivation, part, size).map((one, i) => (
          <Part key={i} part={one} item={part * size + i} />
        ))}
      </div>
    ),
    repaint,
  );
  return (
    <div class="derivation scrolling" ref={box} {...handlers}>
      {parts}
    </div>
  );
}

function Part({ part, item }: { readonly part: DerivationPart; readonly item: number }) {
  const element = useRef<HTMLDivElement>(null);
  const { kind, markup, keys, site } = part;
  useLayoutEffect(() => {
    // Made by the compiler, which escapes what is text.
    if (element.current === null) return;
    element.current.innerHTML = markup;
    // A heading that is nothing but a formula has no text that could be its name.
    if (kind === 'step' && keys[0] !== undefined)
      element.current.querySelector('h1, h2, h3')?.setAttribute('aria-label', keys[0]);
  }, [markup, kind, keys]);
  const linked = keys.length > 0 || site !== undefined;
  return <div class={`part part-${kind}`} ref={element} {...(linked ? itemProps('derivation', item) : {})} />;
}
