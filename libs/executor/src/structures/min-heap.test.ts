import fc from 'fast-check';
import { MinHeap } from './min-heap.js';

describe('MinHeap', () => {
  it('is empty at first and after the last pop', () => {
    const heap = new MinHeap<number>((a, b) => a < b);
    expect([heap.size, heap.peek(), heap.pop()]).toEqual([0, undefined, undefined]);
    heap.push(4);
    expect([heap.size, heap.peek(), heap.pop(), heap.pop(), heap.size]).toEqual([
      1,
      4,
      4,
      undefined,
      0,
    ]);
  });

  it('gives the smallest item for every mix of pushes and pops', () => {
    const steps = fc.array(fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined }));
    fc.assert(
      fc.property(steps, (list) => {
        const heap = new MinHeap<number>((a, b) => a < b);
        const model: number[] = [];
        for (const item of list) {
          if (item === undefined) {
            expect(heap.pop()).toBe(model.shift());
          } else {
            heap.push(item);
            model.push(item);
            model.sort((a, b) => a - b);
          }
          expect([heap.size, heap.peek()]).toEqual([model.length, model[0]]);
        }
      }),
    );
  });
});
