// Times the contenders of a case in turn, round by round, so that a slow spell of the machine meets
// all of them.
import type { BenchCase } from './bench-case.js';

export interface Measured {
  readonly name: string;
  /** Nanoseconds an operation, one sample a round. */
  readonly samples: readonly number[];
}

export async function measure(benchCase: BenchCase): Promise<Measured[]> {
  const running = [];
  for (const { name, setup } of benchCase.contenders) {
    const batch = await setup();
    await batch();
    running.push({ name, batch, samples: [] as number[] });
  }
  for (let round = 0; round < benchCase.rounds; round += 1) {
    for (const { batch, samples } of running) {
      globalThis.gc?.();
      const start = process.hrtime.bigint();
      await batch();
      samples.push(Number(process.hrtime.bigint() - start) / benchCase.operations);
    }
  }
  return running.map(({ name, samples }) => ({ name, samples }));
}
