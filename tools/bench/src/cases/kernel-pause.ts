// How long one call of the memory manager keeps a program from its work, in heaps of 10 MB to 1 GB, with
// each strategy; and what a replacement of a value costs and how much memory is taken at the most.
import { execFileSync } from 'node:child_process';
import type { ReportCase } from '../bench-case.js';
import { buildWithRuntime, withFolder } from '../native-program.js';

interface Measured {
  readonly replace: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly longest: number;
  readonly calls: number;
  readonly peak: number;
  readonly rounds: number;
  readonly collected: number;
  /** Calls that took at most so many nanoseconds. */
  readonly histogram: readonly (readonly [bound: number, calls: number])[];
}

/** Live megabytes, and replacements enough for a whole round of collection at least. */
const HEAPS = [
  [10, 300_000],
  [100, 300_000],
  [1000, 400_000],
] as const;

const us = (ns: number) => `${(ns / 1000).toFixed(1)} us`;

function describe(megabytes: number, strategy: string, m: Measured): string[] {
  const share = m.histogram.map(
    ([bound, calls]) => `${bound / 1000} us ${((100 * calls) / m.calls).toFixed(4)}%`,
  );
  return [
    `${megabytes} MB, ${strategy}: p50 ${us(m.p50)}, p99 ${us(m.p99)}, p99.9 ${us(m.p999)}, longest ${us(m.longest)} of ${m.calls} calls`,
    `  calls within ${share.join(', ')}`,
    `  ${m.replace.toFixed(0)} ns a replacement where the heap chooses when to collect; at most ${(m.peak / 2 ** 20).toFixed(0)} MB taken; ${m.rounds} rounds, ${m.collected} cells collected`,
  ];
}

async function report(folder: string): Promise<string[]> {
  const program = buildWithRuntime(folder, 'kernel-pause');
  const lines = ['CPU time of each call while the collector is never idle, the clock included'];
  for (const [megabytes, replacements] of HEAPS) {
    for (const strategy of ['counting', 'tracing']) {
      const args = [String(megabytes), strategy, String(replacements)];
      const output = execFileSync(program, args, { encoding: 'utf8' });
      lines.push(...describe(megabytes, strategy, JSON.parse(output) as Measured));
    }
  }
  return lines;
}

export const kernelPause: ReportCase = {
  name: 'kernel-pause',
  about: 'pauses of the memory manager of the runtime in C, in heaps of 10 MB to 1 GB',
  report: () => withFolder(report),
};
