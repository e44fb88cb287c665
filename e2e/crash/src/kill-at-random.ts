// Kills one target after another, each at a random instant of its work; one in eight while it starts, and
// one in eight together with the next.
import { setTimeout as delay } from 'node:timers/promises';
import type { Role, Target } from './respawned.js';
import { SeededChance } from './seeded-chance.js';

const MOST_MS = 160;

export interface KillOptions {
  readonly seed: number;
  readonly kills: number;
  /** Longest time that work is left alone before a kill, in milliseconds; 160 when absent. */
  readonly mostMs?: number | undefined;
}

/** @param onKill is told each kill once the target is started again. */
export async function killAtRandom(
  { seed, kills, mostMs = MOST_MS }: KillOptions,
  targets: readonly Target[],
  onKill: (role: Role, chance: SeededChance) => Promise<void>,
): Promise<void> {
  const chance = new SeededChance(seed);
  let killed = 0;
  while (killed < kills) {
    const first = chance.pick(targets);
    const both = chance.next() < 0.125 && killed + 1 < kills && targets.length > 1;
    const second = both ? chance.pick(targets.filter((target) => target !== first)) : undefined;
    const doomed = second === undefined ? [first] : [first, second];
    if (chance.next() >= 0.125) await Promise.all(doomed.map(({ ready }) => ready));
    await delay(chance.between(0, mostMs));
    await Promise.all(doomed.map((target) => target.kill()));
    for (const target of doomed) {
      await target.again();
      killed += 1;
      await onKill(target.role, chance);
    }
  }
}
