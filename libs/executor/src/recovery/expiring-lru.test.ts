import fc from 'fast-check';
import { ExpiringLru } from './expiring-lru.js';

describe('ExpiringLru', () => {
  it('forgets what was used least recently', () => {
    const lru = new ExpiringLru<number>(2, () => 0);
    lru.set('a', 1);
    lru.set('b', 2);
    expect(lru.get('a')).toBe(1);
    lru.set('c', 3);
    expect(['a', 'b', 'c'].map((key) => lru.get(key))).toEqual([1, undefined, 3]);
  });

  it('forgets what is older than its time', () => {
    let now = 1000;
    const lru = new ExpiringLru<number>(9, () => now);
    lru.set('a', 1, 10);
    lru.set('b', 2);
    now = 1009;
    expect(lru.get('a')).toBe(1);
    now = 1010;
    expect([lru.get('a'), lru.get('b'), lru.size]).toEqual([undefined, 2, 1]);
  });

  it('agrees with a list kept in order of use', () => {
    const step = fc.tuple(fc.nat(5), fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }));
    const steps = fc.array(fc.tuple(fc.constantFrom('get', 'set'), step, fc.nat(3)));
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (list, max) => {
        let now = 0;
        const lru = new ExpiringLru<number>(max, () => now);
        let model: { key: string; value: number; until: number }[] = [];
        list.forEach(([verb, [k, ttl], wait], value) => {
          now += wait;
          const key = String(k);
          const found = model.find((e) => e.key === key);
          model = model.filter((e) => e !== found);
          if (verb === 'set') {
            lru.set(key, value, ttl);
            model.push({ key, value, until: ttl === undefined ? Infinity : now + ttl });
            model = model.slice(-max);
          } else {
            const valid = found !== undefined && now < found.until;
            expect(lru.get(key)).toBe(valid ? found.value : undefined);
            if (valid) model.push(found);
          }
          expect(lru.size).toBe(model.length);
        });
      }),
    );
  });

  it.each([0, -1, 1.5, NaN, Infinity])('refuses the bound %p', (max) => {
    expect(() => new ExpiringLru(max, () => 0)).toThrow(RangeError);
  });
});
