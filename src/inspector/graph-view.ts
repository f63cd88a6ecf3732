/** Which part of a drawing is seen: a place and a scale. */

export interface View {
  /** Where the drawing's top left is in the box. */
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const smallest = 0.08;
const largest = 3;

/** Below this, nobody reads a node. */
const readable = 0.75;

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** All of it, no larger than it is. */
export function wholeOf(drawing: Size, box: Size): View {
  const scale = clamp(Math.min(box.width / drawing.width, box.height / drawing.height), smallest, 1);
  return {
    x: (box.width - drawing.width * scale) / 2,
    y: Math.max(0, (box.height - drawing.height * scale) / 2),
    scale,
  };
}

/** As much as can be read, around a point of the drawing. */
export function start(drawing: Size, box: Size, around: { readonly x: number; readonly y: number }): View {
  const whole = wholeOf(drawing, box);
  if (whole.scale >= readable) return whole;
  const view = { ...whole, scale: readable };
  return keep(
    { ...view, x: box.width / 2 - around.x * readable, y: box.height / 2 - around.y * readable },
    drawing,
    box,
  );
}

/** The point under `at` stays where it is. */
export function zoom(view: View, factor: number, at: { readonly x: number; readonly y: number }): View {
  const scale = clamp(view.scale * factor, smallest, largest);
  const by = scale / view.scale;
  return { x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by, scale };
}

export const pan = (view: View, x: number, y: number): View => ({ ...view, x: view.x + x, y: view.y + y });

/** Never so far that nothing is left: half of the box stays filled, or the whole drawing in it. */
export function keep(view: View, drawing: Size, box: Size): View {
  const along = (at: number, length: number, room: number): number => {
    const least = Math.min(room / 2, length);
    return clamp(at, least - length, room - least);
  };
  return {
    ...view,
    x: along(view.x, drawing.width * view.scale, box.width),
    y: along(view.y, drawing.height * view.scale, box.height),
  };
}

/** Pans as little as needed to bring a rectangle of the drawing into the box, at a size that can be read. */
export function bring(
  view: View,
  { x, y, width, height }: Size & { readonly x: number; readonly y: number },
  box: Size,
): View {
  const { scale } = view;
  const along = (at: number, middle: number, length: number, room: number): number => {
    const margin = Math.min(24, room / 8);
    const from = at + (middle - length / 2) * scale;
    const to = from + length * scale;
    if (from >= margin && to <= room - margin) return at;
    return room / 2 - middle * scale;
  };
  return {
    scale,
    x: along(view.x, x, width, box.width),
    y: along(view.y, y, height, box.height),
  };
}
