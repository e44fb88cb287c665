import type { DedupeStore } from '@basalt/capabilities';
import { DedupeGate } from './dedupe-gate.js';

/** A store with a clock that the test moves. */
class ClockedStore implements DedupeStore {
  readonly until = new Map<string, number>();
  nowMs = 0;

  putIfAbsent(key: string, ttlMs: number): Promise<boolean> {
    const isNew = (this.until.get(key) ?? -Infinity) <= this.nowMs;
    if (isNew) this.until.set(key, this.nowMs + ttlMs);
    return Promise.resolve(isNew);
  }

  forget(key: string): Promise<void> {
    this.until.delete(key);
    return Promise.resolve();
  }
}

describe('DedupeGate', () => {
  it('lets the first through and stops the others until the time is over', async () => {
    const store = new ClockedStore();
    const gate = new DedupeGate(store);
    expect(await gate.enter('k', 100)).toBe('first');
    store.nowMs = 99;
    expect(await gate.enter('k', 100)).toBe('duplicate');
    expect(await gate.enter('other', 100)).toBe('first');
    store.nowMs = 100;
    expect(await gate.enter('k', 100)).toBe('first');
  });

  it('lets exactly one of many at once through', async () => {
    const gate = new DedupeGate(new ClockedStore());
    const all = await Promise.all(Array.from({ length: 50 }, () => gate.enter('k', 100)));
    expect(all.filter((admission) => admission === 'first').length).toBe(1);
  });

  it('lets a message that failed come again', async () => {
    const gate = new DedupeGate(new ClockedStore());
    await gate.enter('k', 100);
    await gate.fail('k');
    expect(await gate.enter('k', 100)).toBe('first');
  });

  it('names a store that fails, and keeps its cause', async () => {
    const cause = new Error('connection lost');
    const broken: DedupeStore = {
      putIfAbsent: () => Promise.reject(cause),
      forget: () => {
        throw cause;
      },
    };
    const gate = new DedupeGate(broken);
    await expect(gate.enter('k1', 100)).rejects.toMatchObject({
      cause,
      message: 'RUN330: The dedupe store cannot remember the key k1: connection lost',
    });
    await expect(gate.fail('k1')).rejects.toMatchObject({
      cause,
      message: 'RUN330: The dedupe store cannot forget the key k1: connection lost',
    });
  });

  it.each([0, -1, NaN, Infinity])('refuses the time %p', async (ttlMs) => {
    const store = new ClockedStore();
    await expect(new DedupeGate(store).enter('k', ttlMs)).rejects.toThrow(RangeError);
    expect(store.until.size).toBe(0);
  });
});
