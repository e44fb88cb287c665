// Times the contenders of a case in turn, round by round, so that a slow spell of the machine meets
// all of them. No collection is forced between batches: it would throw away compiled code, and what is
// measured then is the compiler.
import type { BenchCase } from './bench-case.js';

export interface Measured {
  readonly name: string;
  /** Nanoseconds an operation, one sample a round. */
  readonly samples: readonly number[];
}

const WARM_UP_MS = 1_000;

/** What is measured is the steady state: the compiler of the engine has had its time. Slow batches run
 * once. */
async function warmUp(batch: () => Promise<void> | void): Promise<void> {
  const end = performance.now() + WARM_UP_MS;
  do await batch();
  while (performance.now() < end);
}

export async function measure(benchCase: BenchCase): Promise<Measured[]> {
  const running = [];
  for (const { name, setup } of benchCase.contenders) {
    const batch = await setup();
    await warmUp(batch);
    running.push({ name, batch, samples: [] as number[] });
  }
  for (let round = 0; round < benchCase.rounds; round += 1) {
    for (const { batch, samples } of running) {
      const start = process.hrtime.bigint();
      await batch();
      samples.push(Number(process.hrtime.bigint() - start) / benchCase.operations);
    }
  }
  return running.map(({ name, samples }) => ({ name, samples }));
}
