// Whether memory stays flat while a million items stream through a bounded flow.
import { compilePlan, startRun } from '@basalt/executor';
import type { ReportCase } from '../bench-case.js';
import { streamFlow } from '../stream-flow.js';

const ITEMS = 1_000_000;
const EVERY = 100_000;

export const streamMemory: ReportCase = {
  name: 'stream-memory',
  about: `heap in use after a collection, every ${EVERY} of ${ITEMS} streamed items`,
  async report() {
    const run = startRun(compilePlan(streamFlow(ITEMS)), { payload: null, mode: 'stream' });
    const lines: string[] = [];
    let count = 0;
    for await (const _ of run.outputs()) {
      count += 1;
      if (count % EVERY === 0) lines.push(`${count} items: ${heapMegabytes()} MB`);
    }
    await run.result;
    if (count !== ITEMS) throw new Error(`lost items: ${count}`);
    return lines;
  },
};

function heapMegabytes(): string {
  globalThis.gc?.();
  return (process.memoryUsage().heapUsed / 1e6).toFixed(2);
}
