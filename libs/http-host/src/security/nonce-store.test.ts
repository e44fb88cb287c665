import fc from 'fast-check';
import { NonceStore } from './nonce-store.js';

describe('NonceStore', () => {
  it('takes a nonce once while it is remembered', () => {
    const store = new NonceStore(1000, 10);
    expect([store.take('a', 0), store.take('a', 999), store.take('b', 999)]).toEqual([
      'new',
      'seen',
      'new',
    ]);
    expect([store.take('a', 1000), store.take('b', 1998), store.size]).toEqual(['new', 'seen', 2]);
  });

  it('accepts nothing new where it is full, and forgets nothing for it', () => {
    const store = new NonceStore(1000, 2);
    store.take('a', 0);
    store.take('b', 500);
    expect([store.take('c', 999), store.take('a', 999), store.take('b', 999)]).toEqual([
      'full',
      'seen',
      'seen',
    ]);
    expect(store.take('c', 1000)).toBe('new');
  });

  it('never takes a nonce twice within its time, never holds more than its bound', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 400 })),
    );
    const property = fc.property(steps, (given) => {
      const store = new NonceStore(1000, 4);
      const takenAt = new Map<number, number>();
      let now = 0;
      for (const [nonce, pause] of given) {
        now += pause;
        const verdict = store.take(String(nonce), now);
        const last = takenAt.get(nonce);
        const remembered = last !== undefined && now - last < 1000;
        if (remembered) expect(verdict).toBe('seen');
        else expect(verdict).not.toBe('seen');
        if (verdict === 'new') takenAt.set(nonce, now);
        expect(store.size).toBeLessThanOrEqual(4);
      }
    });
    fc.assert(property, { numRuns: 100 });
  });
});
