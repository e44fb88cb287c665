import { edgePath, middleOf } from './edge-path.js';

describe('edgePath', () => {
  it('rounds the corners of straight lines', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 50, y: 0 },
      { x: 50, y: 40 },
    ];
    expect(edgePath(points, 'right')).toBe('M0 0L40 0Q50 0 50 10L50 40');
  });

  it('draws curves between points that are not in line', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 100, y: 50 },
    ];
    expect(edgePath(points, 'right')).toBe('M0 0C50 0 50 50 100 50');
    expect(edgePath(points, 'down')).toBe('M0 0C0 25 100 25 100 50');
  });

  it('draws nothing for an edge without a line', () => {
    expect(edgePath([], 'right')).toBe('');
    expect(edgePath([{ x: 1, y: 1 }], 'right')).toBe('');
  });
});

describe('middleOf', () => {
  it('is half way along the line', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 30 },
    ];
    expect(middleOf(points)).toEqual({ x: 10, y: 10 });
    expect(middleOf([{ x: 3, y: 4 }])).toEqual({ x: 3, y: 4 });
    expect(middleOf([])).toEqual({ x: 0, y: 0 });
  });
});
