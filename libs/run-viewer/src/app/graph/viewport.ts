// The part of a drawing that is seen: arithmetic of panning and zooming.

/** Screen = drawing * scale + offset. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

const MIN_SCALE = 0.02;
const MAX_SCALE = 2.5;
const FIT_MARGIN = 24;

/** Shows the whole drawing in the middle, never larger than it is. */
export function fitViewport(drawing: Size, screen: Size): Viewport {
  const wide = (screen.width - 2 * FIT_MARGIN) / Math.max(1, drawing.width);
  const high = (screen.height - 2 * FIT_MARGIN) / Math.max(1, drawing.height);
  const scale = clampScale(Math.min(1, wide, high));
  return {
    scale,
    x: (screen.width - drawing.width * scale) / 2,
    y: (screen.height - drawing.height * scale) / 2,
  };
}

/** Shows the drawing as large as it can be read: the whole of it where that is large enough, else its
 * beginning. */
export function startViewport(drawing: Size, screen: Size, leastScale: number): Viewport {
  const fit = fitViewport(drawing, screen);
  if (fit.scale >= leastScale) return fit;
  const place = (all: number, seen: number) =>
    all * leastScale <= seen - 2 * FIT_MARGIN ? (seen - all * leastScale) / 2 : FIT_MARGIN;
  return {
    scale: leastScale,
    x: place(drawing.width, screen.width),
    y: place(drawing.height, screen.height),
  };
}

/** Zooms so that what is at a point of the screen stays there. */
export function zoomAt(view: Viewport, factor: number, atX: number, atY: number): Viewport {
  const scale = clampScale(view.scale * factor);
  const ratio = scale / view.scale;
  return { scale, x: atX - (atX - view.x) * ratio, y: atY - (atY - view.y) * ratio };
}

/** Pans as little as shows the box with a margin; unchanged where it is seen already. */
export function reveal(view: Viewport, box: Box, screen: Size): Viewport {
  const margin = FIT_MARGIN;
  const shift = (offset: number, from: number, length: number, seen: number) => {
    const start = from * view.scale + offset;
    const end = (from + length) * view.scale + offset;
    if (end - start > seen - 2 * margin || start < margin) return offset + margin - start;
    return end > seen - margin ? offset + seen - margin - end : offset;
  };
  const x = shift(view.x, box.x, box.width, screen.width);
  const y = shift(view.y, box.y, box.height, screen.height);
  return x === view.x && y === view.y ? view : { ...view, x, y };
}

/** The part of the drawing that is seen, with half a screen around it, in steps of half a screen: it
 * stays the same during small movements, so that nothing has to be drawn again. */
export function drawnArea(view: Viewport, screen: Size): Box {
  const step = (seen: number) => Math.max(1, seen / view.scale / 2);
  const [stepX, stepY] = [step(screen.width), step(screen.height)];
  const x = (Math.floor(-view.x / view.scale / stepX) - 1) * stepX;
  const y = (Math.floor(-view.y / view.scale / stepY) - 1) * stepY;
  return { x, y, width: 5 * stepX, height: 5 * stepY };
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function clampScale(scale: number): number {
  return Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));
}
