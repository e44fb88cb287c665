import { nearestNode } from './nearest-node.js';

//  0   1   2
//      3
const places = [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
  { x: 200, y: 0 },
  { x: 100, y: 80 },
];

describe('nearestNode', () => {
  it('leads to the neighbour in the direction', () => {
    expect(nearestNode(places, 0, 'right')).toBe(1);
    expect(nearestNode(places, 1, 'right')).toBe(2);
    expect(nearestNode(places, 2, 'left')).toBe(1);
    expect(nearestNode(places, 1, 'down')).toBe(3);
    expect(nearestNode(places, 3, 'up')).toBe(1);
  });

  it('prefers what lies straight ahead', () => {
    expect(nearestNode(places, 3, 'right')).toBe(2);
    const row = [...places, { x: 300, y: 80 }];
    expect(nearestNode(row, 3, 'right')).toBe(4);
  });

  it('leads nowhere where there is nothing', () => {
    expect(nearestNode(places, 0, 'left')).toBeUndefined();
    expect(nearestNode(places, 0, 'up')).toBeUndefined();
    expect(nearestNode([], 0, 'down')).toBeUndefined();
    expect(nearestNode(places, 99, 'down')).toBeUndefined();
  });
});
