import fc from 'fast-check';
import { TraceLanes, type TraceLane } from './trace-lanes.js';

describe('TraceLanes', () => {
  it('gives overlapping uses of a name rows of their own, and takes the lowest free one again', () => {
    const lanes = new TraceLanes();
    const [a1, a2, b1] = [lanes.take('a'), lanes.take('a'), lanes.take('b')];
    expect([a1.id, a2.id, b1.id]).toEqual([1, 2, 3]);
    lanes.give(a2);
    lanes.give(a1);
    const again = lanes.take('a');
    expect([again, lanes.take('a').id, lanes.take('a').id]).toEqual([
      { id: 1, name: 'a', isNew: false },
      2,
      4,
    ]);
  });

  it('never gives a row that is in use, nor more rows than were needed at once', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.boolean(), fc.nat(20)));
    fc.assert(
      fc.property(steps, (list) => {
        const lanes = new TraceLanes();
        const used: TraceLane[] = [];
        const most = { a: 0, b: 0 };
        const ids = new Set<number>();
        for (const [name, take, pick] of list) {
          if (!take) {
            const [lane] = used.splice(pick % Math.max(1, used.length), 1);
            if (lane !== undefined) lanes.give(lane);
            continue;
          }
          const lane = lanes.take(name);
          expect(lane.name).toBe(name);
          expect(used.map((u) => u.id)).not.toContain(lane.id);
          used.push(lane);
          ids.add(lane.id);
          const key = name as 'a' | 'b';
          most[key] = Math.max(most[key], used.filter((u) => u.name === name).length);
        }
        expect(ids.size).toBe(most.a + most.b);
      }),
    );
  });
});
