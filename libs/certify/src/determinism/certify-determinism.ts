// Certifies that equal inputs give equal results: executes each input again and again with another clock,
// other chance and another order of nodes, and finds the first value that differs.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { compileFlow, type FlowBundle } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { DEFAULT_SEED, type CertifyProgress } from '../certify-idempotency.js';
import type { Evidence } from '../evidence/evidence.js';
import { eventMaker } from '../inputs/event-maker.js';
import { makePayloads, payloadProblem } from '../inputs/make-inputs.js';
import { smallerValues } from '../inputs/smaller-values.js';
import type { WorldState } from '../world/world-state.js';
import { compareExecutions, type Difference } from './compare-executions.js';
import { determinismEvidence } from './determinism-evidence.js';
import { executeOnce, type Executed } from './execute-once.js';
import { exactNodes, perturbedFlow } from './perturbed-flow.js';
import { PerturbedPlatform } from './perturbed-platform.js';
import { simplerVariations, variationOf, type Variation } from './variation.js';

export interface DeterminismOptions {
  /** Variations of each input; 8 when absent. */
  readonly cases?: number | undefined;
  /** A whole number; 1 when absent. */
  readonly seed?: number | undefined;
  /** The number of the only variation that is executed, from 1. */
  readonly only?: number | undefined;
  /** Made from the schema of the trigger when absent. */
  readonly payloads?: readonly Value[] | undefined;
  readonly world?: WorldState | undefined;
  /** Installed before the flow was loaded, where that should find references that modules keep. */
  readonly platform?: PerturbedPlatform | undefined;
  readonly tools?: Readonly<Record<string, string>> | undefined;
  readonly onProgress?: ((progress: CertifyProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const DEFAULT_VARIATIONS = 8;
const MADE_INPUTS = 4;
const MOST_REDUCTIONS = 100;
/** The clock of the first execution, milliseconds since the epoch. */
export const START_MS = Date.UTC(2024, 0, 1);

/** An input, and what its executions have shown. */
export interface VariedInput {
  readonly payload: Value;
  readonly first: Executed;
  readonly differences: ReadonlyMap<number, Difference>;
}

export interface FoundDifference {
  readonly payload: Value;
  readonly variation: Variation;
  readonly difference: Difference;
  /** Executions that the reduction has made. */
  readonly tried: number;
}

export interface DeterminismFindings {
  readonly inputs: readonly VariedInput[];
  readonly variations: readonly Variation[];
  readonly compared: number;
  readonly answered: number;
  readonly found: FoundDifference | undefined;
}

/** Certifies a flow in this process. @throws DiagnosticError CERT102, CERT103. */
export async function certifyDeterminism(
  bundle: FlowBundle,
  options: DeterminismOptions = {},
): Promise<Evidence> {
  const began = Date.now();
  const platform = options.platform ?? new PerturbedPlatform();
  platform.install();
  try {
    const findings = await new DeterminismCheck(bundle, options, platform).run();
    return determinismEvidence(bundle.ir, options, findings, began);
  } finally {
    if (options.platform === undefined) platform.remove();
  }
}

class DeterminismCheck {
  readonly #bundle: FlowBundle;
  readonly #options: DeterminismOptions;
  readonly #platform: PerturbedPlatform;
  readonly #exact: ReadonlySet<string>;
  readonly #eventFor: (checkpoint: string) => Value;
  #compared = 0;
  #answered = 0;

  constructor(bundle: FlowBundle, options: DeterminismOptions, platform: PerturbedPlatform) {
    this.#bundle = bundle;
    this.#options = options;
    this.#platform = platform;
    this.#exact = exactNodes(bundle.ir);
    this.#eventFor = eventMaker(bundle.ir, this.#seed);
  }

  get #seed(): number {
    return this.#options.seed ?? DEFAULT_SEED;
  }

  async run(): Promise<DeterminismFindings> {
    const { cases = DEFAULT_VARIATIONS, only, onProgress, signal } = this.#options;
    const plan = compileFlow(this.#bundle);
    const trigger = plan.triggers[0]!;
    const payloads = this.#options.payloads ?? makePayloads(plan, trigger, this.#seed, MADE_INPUTS);
    const variations = Array.from({ length: Math.max(cases, only ?? 0) }, (_, n) =>
      variationOf(this.#seed, n + 1),
    ).filter(({ number }) => only === undefined || number === only);
    const inputs: VariedInput[] = [];
    let failing: { payload: Value; variation: Variation; difference: Difference } | undefined;
    for (const [index, payload] of payloads.entries()) {
      const first = await this.#execute(payload, variationOf(this.#seed, 1), []);
      const differences = new Map<number, Difference>();
      for (const variation of variations) {
        signal?.throwIfAborted();
        const done = index * variations.length + differences.size;
        onProgress?.({ step: 'cases', done, of: payloads.length * variations.length });
        const difference = await this.#differs(payload, variation, first);
        if (difference === undefined) continue;
        differences.set(variation.number, difference);
        failing ??= { payload, variation, difference };
      }
      inputs.push({ payload, first, differences });
    }
    this.#requireResults(inputs);
    const counts = { compared: this.#compared, answered: this.#answered };
    const fits = (payload: Value) => payloadProblem(trigger, payload) === undefined;
    const found = failing === undefined ? undefined : await this.#reduce(failing, fits);
    return { inputs, variations, ...counts, found };
  }

  #requireResults(inputs: readonly VariedInput[]): void {
    if (inputs.some(({ first }) => first.result.status === 'completed')) return;
    const [reason] = inputs[0]!.first.result.diagnostics;
    const words = reason === undefined ? 'it has no result' : `${reason.code} ${reason.message}`;
    const params = { count: inputs.length, flow: this.#bundle.ir.name, reason: words };
    throw new DiagnosticError([diagnostic.CERT103(params)]);
  }

  async #differs(
    payload: Value,
    variation: Variation,
    first: Executed,
  ): Promise<Difference | undefined> {
    const again = await this.#execute(payload, variation, first.steps);
    this.#compared += again.steps.length;
    return compareExecutions(first, again, this.#exact);
  }

  #execute(
    payload: Value,
    { clockMs, chance, timing }: Variation,
    answers: Executed['steps'],
  ): Promise<Executed> {
    const flow = perturbedFlow(this.#bundle, { timingSeed: timing, answers }, () => {
      this.#answered += 1;
    });
    const time = { nowMs: START_MS + clockMs, seed: chance ?? `${this.#seed}` };
    return this.#platform.during(time, () =>
      executeOnce({
        flow,
        payload,
        world: this.#options.world ?? {},
        seed: time.seed,
        startMs: time.nowMs,
        eventFor: this.#eventFor,
      }),
    );
  }

  /** The simplest variation first, then the smallest payload, with the same node to blame. */
  async #reduce(
    given: Omit<FoundDifference, 'tried'>,
    fits: (payload: Value) => boolean,
  ): Promise<FoundDifference> {
    let current = given;
    let tried = 0;
    const attempt = async (payload: Value, variation: Variation): Promise<boolean> => {
      this.#options.onProgress?.({ step: 'shrink', done: tried, of: MOST_REDUCTIONS });
      tried += 1;
      const first = await this.#execute(payload, variationOf(this.#seed, 1), []);
      const difference = await this.#differs(payload, variation, first);
      const { kind, node } = given.difference;
      if (difference?.kind !== kind || difference.node !== node) return false;
      current = { payload, variation, difference };
      return true;
    };
    for (const variation of simplerVariations(given.variation)) {
      if (await attempt(given.payload, variation)) break;
    }
    let isSmaller = true;
    while (isSmaller && tried < MOST_REDUCTIONS) {
      isSmaller = false;
      for (const payload of smallerValues(current.payload)) {
        if (tried >= MOST_REDUCTIONS) break;
        if (!fits(payload) || !(await attempt(payload, current.variation))) continue;
        isSmaller = true;
        break;
      }
    }
    return { ...current, tried };
  }
}
