import fc from 'fast-check';
import {
  drawnArea,
  fitViewport,
  overlaps,
  reveal,
  startViewport,
  zoomAt,
  type Viewport,
} from './viewport.js';

const screen = { width: 800, height: 400 };

describe('fitViewport', () => {
  it('shows all of it, in the middle, and enlarges nothing', () => {
    expect(fitViewport({ width: 400, height: 100 }, screen)).toEqual({ scale: 1, x: 200, y: 150 });
    const view = fitViewport({ width: 1504, height: 100 }, screen);
    expect(view).toEqual({ scale: 0.5, x: 24, y: 175 });
  });

  it('is finite for drawings and screens without size', () => {
    for (const size of [
      { width: 0, height: 0 },
      { width: 1e9, height: 1 },
    ]) {
      const view = fitViewport(size, { width: 0, height: 0 });
      expect(Object.values(view).every(Number.isFinite)).toBe(true);
    }
  });
});

describe('startViewport', () => {
  it('begins at the beginning where the whole would be too small', () => {
    const view = startViewport({ width: 10_000, height: 200 }, screen, 0.6);
    expect(view).toEqual({ scale: 0.6, x: 24, y: 140 });
    expect(startViewport({ width: 400, height: 100 }, screen, 0.6).scale).toBe(1);
  });
});

describe('zoomAt', () => {
  it('keeps what is under the pointer where it is', () => {
    const coordinate = fc.integer({ min: -5000, max: 5000 });
    const factor = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, factor, (atX, atY, by) => {
        const view: Viewport = { x: 30, y: -20, scale: 0.7 };
        const next = zoomAt(view, by, atX, atY);
        expect((atX - next.x) / next.scale).toBeCloseTo((atX - view.x) / view.scale, 4);
        expect((atY - next.y) / next.scale).toBeCloseTo((atY - view.y) / view.scale, 4);
        expect(next.scale).toBeGreaterThanOrEqual(0.02);
        expect(next.scale).toBeLessThanOrEqual(2.5);
      }),
      { numRuns: 100 },
    );
  });
});

describe('reveal', () => {
  const view = { x: 0, y: 0, scale: 1 };

  it('leaves a box alone that is seen', () => {
    expect(reveal(view, { x: 100, y: 100, width: 50, height: 50 }, screen)).toBe(view);
  });

  it('pans just far enough', () => {
    expect(reveal(view, { x: 1000, y: 100, width: 100, height: 50 }, screen)).toEqual({
      x: -324,
      y: 0,
      scale: 1,
    });
    expect(reveal(view, { x: -60, y: 0, width: 10, height: 10 }, screen)).toEqual({
      x: 84,
      y: 24,
      scale: 1,
    });
  });

  it('shows the beginning of a box that is larger than the screen', () => {
    expect(reveal(view, { x: 500, y: 100, width: 5000, height: 10 }, screen).x).toBe(-476);
  });
});

describe('drawnArea', () => {
  it('covers what is seen, whatever the place and the scale', () => {
    const place = fc.integer({ min: -20_000, max: 20_000 });
    const scale = fc.double({ min: 0.05, max: 2, noNaN: true });
    fc.assert(
      fc.property(place, place, scale, (x, y, by) => {
        const area = drawnArea({ x, y, scale: by }, screen);
        const seen = { x: -x / by, y: -y / by, width: 800 / by, height: 400 / by };
        expect(area.x).toBeLessThanOrEqual(seen.x);
        expect(area.y).toBeLessThanOrEqual(seen.y);
        expect(area.x + area.width).toBeGreaterThanOrEqual(seen.x + seen.width);
        expect(area.y + area.height).toBeGreaterThanOrEqual(seen.y + seen.height);
      }),
      { numRuns: 100 },
    );
  });

  it('stays the same during small movements', () => {
    const a = drawnArea({ x: -10, y: -10, scale: 1 }, screen);
    expect(drawnArea({ x: -60, y: -40, scale: 1 }, screen)).toEqual(a);
  });
});

describe('overlaps', () => {
  it('knows boxes that only touch', () => {
    const box = { x: 0, y: 0, width: 10, height: 10 };
    expect(overlaps(box, { x: 10, y: 0, width: 5, height: 5 })).toBe(false);
    expect(overlaps(box, { x: 9, y: 9, width: 5, height: 5 })).toBe(true);
  });
});
