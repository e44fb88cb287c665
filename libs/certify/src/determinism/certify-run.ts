// Certifies a recorded run: replays it again and again under another clock and other chance of the
// platform, and with handlers that begin later; what is recorded has to come again.
import type { Diagnostic } from '@basalt/diagnostics';
import {
  compileFlow,
  replayRun,
  type FlowBundle,
  type ReplayReport,
  type ReplayStart,
  type RunRecord,
} from '@basalt/executor';
import { DEFAULT_SEED } from '../certify-idempotency.js';
import type { Evidence } from '../evidence/evidence.js';
import { DEFAULT_VARIATIONS, START_MS, type DeterminismOptions } from './certify-determinism.js';
import { perturbedFlow } from './perturbed-flow.js';
import { PerturbedPlatform } from './perturbed-platform.js';
import { runEvidence } from './run-evidence.js';
import { simplerVariations, variationOf, type Variation } from './variation.js';

/** A replay that differed. */
export interface FoundReplay {
  readonly variation: Variation;
  readonly report: ReplayReport;
  readonly finding: Diagnostic;
  readonly tried: number;
}

export interface RunFindings {
  readonly start: ReplayStart;
  readonly variations: readonly Variation[];
  /** Numbers of the variations that differed. */
  readonly failed: ReadonlySet<number>;
  readonly called: number;
  readonly answered: number;
  readonly found: FoundReplay | undefined;
}

/** Certifies a run in this process; nothing is written, and no node with effects is called. */
export async function certifyRun(
  bundle: FlowBundle,
  start: ReplayStart,
  records: readonly RunRecord[],
  options: DeterminismOptions = {},
): Promise<Evidence> {
  const began = Date.now();
  const platform = options.platform ?? new PerturbedPlatform();
  platform.install();
  const seed = options.seed ?? DEFAULT_SEED;
  const replay = (variation: Variation): Promise<ReplayReport> => {
    const { timing, clockMs, chance } = variation;
    const flow = perturbedFlow(bundle, { timingSeed: timing, answers: [] }, () => undefined);
    const time = { nowMs: START_MS + clockMs, seed: chance ?? `${seed}` };
    // On a virtual clock, whatever the run was recorded on: delays cost nothing, and come out the same.
    // It begins with the run, whose waits and limits are in its records.
    const deterministic = { seed: time.seed, startMs: records[0]?.at ?? START_MS };
    const given = { ...start, deterministic: start.deterministic ?? deterministic };
    return platform.during(time, () => replayRun(compileFlow(flow), given, records));
  };
  try {
    const { cases = DEFAULT_VARIATIONS, only, onProgress, signal } = options;
    const variations = Array.from({ length: Math.max(cases, only ?? 0) }, (_, n) =>
      variationOf(seed, n + 1),
    ).filter(({ number }) => only === undefined || number === only);
    const failed = new Set<number>();
    let found: FoundReplay | undefined;
    let [called, answered] = [0, 0];
    for (const [done, variation] of variations.entries()) {
      signal?.throwIfAborted();
      onProgress?.({ step: 'cases', done, of: variations.length });
      const report = await replay(variation);
      called += report.called;
      answered += report.answered;
      if (report.finding === undefined) continue;
      failed.add(variation.number);
      found ??= { variation, report, finding: report.finding, tried: 0 };
    }
    if (found !== undefined) found = await simplest(found, replay);
    const findings = { start, variations, failed, called, answered, found };
    return runEvidence(bundle.ir, options, findings, began);
  } finally {
    if (options.platform === undefined) platform.remove();
  }
}

async function simplest(
  found: FoundReplay,
  replay: (variation: Variation) => Promise<ReplayReport>,
): Promise<FoundReplay> {
  let tried = 0;
  for (const variation of simplerVariations(found.variation)) {
    tried += 1;
    const report = await replay(variation);
    const { finding, divergence } = report;
    if (finding === undefined || divergence?.node !== found.report.divergence?.node) continue;
    return { variation, report, finding, tried };
  }
  return { ...found, tried };
}
