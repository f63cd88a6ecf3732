/** Marks on the elements of a pane's items: attributes that come and go without drawing anything again. */

export type Marks = ReadonlyMap<number, string>;

export interface Painter {
  /** Replaces the marks of one attribute. */
  paint(attribute: string, marks: Marks): void;
  /** After elements were drawn: marks all that are there now. */
  repaint(): void;
}

interface Layer {
  readonly marks: Marks;
  readonly painted: readonly Element[];
}

/** What an attribute is where no mark is. */
const otherwise: Readonly<Record<string, string>> = { tabindex: '-1' };

export const itemId = (pane: string, item: number): string => `${pane}-item-${item}`;

export function createPainter(pane: string): Painter {
  const layers = new Map<string, Layer>();
  const clear = (attribute: string, element: Element): void => {
    const value = otherwise[attribute];
    if (value === undefined) element.removeAttribute(attribute);
    else element.setAttribute(attribute, value);
  };
  const paint = (attribute: string, marks: Marks): void => {
    for (const element of layers.get(attribute)?.painted ?? []) clear(attribute, element);
    const painted = [...marks].flatMap(([item, value]) => {
      const element = document.getElementById(itemId(pane, item));
      element?.setAttribute(attribute, value);
      return element === null ? [] : [element];
    });
    layers.set(attribute, { marks, painted });
  };
  return {
    paint,
    repaint() {
      for (const [attribute, { marks }] of layers) paint(attribute, marks);
    },
  };
}

/** Scrolls a box, and nothing around it, until an element of it can be seen. */
export function reveal(box: Element, element: Element): void {
  const { top, bottom } = element.getBoundingClientRect();
  revealSpan(box, top, bottom);
}

export function revealSpan(box: Element, top: number, bottom: number): void {
  const outer = box.getBoundingClientRect();
  if (outer.height === 0 || (top >= outer.top && bottom <= outer.bottom)) return;
  const by = (top + bottom) / 2 - (outer.top + outer.bottom) / 2;
  const far = Math.abs(by) > 2 * outer.height || matchMedia('(prefers-reduced-motion: reduce)').matches;
  box.scrollBy({ top: by, behavior: far ? 'instant' : 'smooth' });
}
