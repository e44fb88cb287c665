// Certifies that a flow can be repeated: inputs, what they do without faults, cases with faults by seed,
// the judgement of each, and the reduction of what fails.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { compileFlow, type ExecPlan, type FlowBundle } from '@basalt/executor';
import { hashValue, type Value } from '@basalt/ir';
import type { CaseInput, CertifyCase } from './cases/certify-case.js';
import { generateCases } from './cases/generate-cases.js';
import { shrinkCase } from './cases/shrink-case.js';
import { idempotencyEvidence } from './evidence/idempotency-evidence.js';
import type { Evidence } from './evidence/evidence.js';
import { eventMaker } from './inputs/event-maker.js';
import { makePayloads, payloadProblem } from './inputs/make-inputs.js';
import {
  embeddedBackend,
  redisBackend,
  type CaseBackend,
  type RedisPlace,
} from './run/case-backend.js';
import type { CaseRecord } from './run/case-record.js';
import { runCase, type CaseSetting } from './run/case-run.js';
import { judgeCase } from './run/judge-case.js';
import { areIndependent, makeReference, type Reference } from './run/reference.js';
import { causeOf, type Violation } from './run/violation.js';
import type { WorkerCommand } from './worker/worker-process.js';
import { WorkerPool } from './worker/worker-pool.js';
import type { WorldState } from './world/world-state.js';

export interface IdempotencyOptions {
  /** Starts a process that loads the same flow and calls `runCertifyWorker`. */
  readonly worker: WorkerCommand;
  /** embedded when absent. */
  readonly backend?: 'embedded' | 'redis' | undefined;
  readonly redis?: RedisPlace | undefined;
  /** 24 when absent. */
  readonly cases?: number | undefined;
  /** A whole number; 1 when absent. */
  readonly seed?: number | undefined;
  /** The number of the only case that is executed, from 1. */
  readonly only?: number | undefined;
  /** Executed in place of cases from the seed, and not reduced. */
  readonly case?: CertifyCase | undefined;
  /** Made from the schema of the trigger when absent. */
  readonly payloads?: readonly Value[] | undefined;
  readonly world?: WorldState | undefined;
  /** Without a sign of life for so long a case is stuck, in milliseconds; 60 000 when absent. */
  readonly hangMs?: number | undefined;
  /** Cases that the reduction of a failure may execute; 60 when absent. */
  readonly shrinkBudget?: number | undefined;
  /** Names and versions for the evidence. */
  readonly tools?: Readonly<Record<string, string>> | undefined;
  readonly onProgress?: ((progress: CertifyProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far a certification is. */
export interface CertifyProgress {
  readonly step: 'inputs' | 'cases' | 'shrink';
  readonly done: number;
  readonly of: number;
}

/** A case that was executed. */
export interface JudgedCase {
  /** Its number, from 1. */
  readonly number: number;
  readonly case: CertifyCase;
  readonly record: CaseRecord;
  readonly violations: readonly Violation[];
}

/** The smallest case that shows the first violation. */
export interface MinimalCase extends JudgedCase {
  readonly violation: Violation;
  /** Cases that its reduction has executed. */
  readonly tried: number;
}

/** What was found out, before it is written down. */
export interface IdempotencyFindings {
  readonly references: readonly Reference[];
  readonly judged: readonly JudgedCase[];
  readonly minimal: MinimalCase | undefined;
}

export const DEFAULT_CASES = 24;
export const DEFAULT_SEED = 1;
const DEFAULT_HANG_MS = 60_000;
const DEFAULT_SHRINK_BUDGET = 60;
/** Inputs that are made, of which those count that are independent. */
const MADE_INPUTS = 4;

/** Certifies a flow. @throws DiagnosticError CERT102, CERT103, CERT106, CERT107.
 * @throws Error where a Redis server is asked for and none can be started. */
export async function certifyIdempotency(
  bundle: FlowBundle,
  options: IdempotencyOptions,
): Promise<Evidence> {
  const began = Date.now();
  const plan = compileFlow(bundle);
  const inputs = inputsFor(plan, options);
  const backend =
    options.backend === 'redis' ? await redisBackend(options.redis ?? {}) : embeddedBackend();
  const pool = new WorkerPool(options.worker);
  try {
    const certifier = new Certifier(plan, options, settingOf(plan, options, backend, pool));
    const findings = await certifier.run(inputs);
    return idempotencyEvidence(plan.ir, options, findings, { began, backend: backend.kind });
  } finally {
    await pool.close();
    await backend.close();
  }
}

function inputsFor(plan: ExecPlan, options: IdempotencyOptions): readonly CaseInput[] {
  if (options.case !== undefined) return options.case.inputs;
  const payloads =
    options.payloads ??
    makePayloads(plan, plan.triggers[0]!, options.seed ?? DEFAULT_SEED, MADE_INPUTS);
  return payloads.map((payload, index) => ({ id: `input-${index + 1}`, payload }));
}

function settingOf(
  { ir }: ExecPlan,
  options: IdempotencyOptions,
  backend: CaseBackend,
  pool: WorkerPool,
): CaseSetting {
  const { world = {}, hangMs = DEFAULT_HANG_MS, seed = DEFAULT_SEED } = options;
  return {
    flow: ir,
    pool,
    backend,
    world,
    hangMs,
    signal: options.signal ?? new AbortController().signal,
    eventFor: eventMaker(ir, seed),
  };
}

class Certifier {
  readonly #plan: ExecPlan;
  readonly #options: IdempotencyOptions;
  readonly #setting: CaseSetting;
  /** By the id and payload of an input. */
  readonly #references = new Map<string, Reference>();

  constructor(plan: ExecPlan, options: IdempotencyOptions, setting: CaseSetting) {
    this.#plan = plan;
    this.#options = options;
    this.#setting = setting;
  }

  async run(inputs: readonly CaseInput[]): Promise<IdempotencyFindings> {
    const references = await this.#makeReferences(inputs);
    const { seed = DEFAULT_SEED, only, cases: count = DEFAULT_CASES } = this.#options;
    const { ir: flow } = this.#plan;
    const { cuts } = this.#setting.backend;
    const generated = this.#options.case
      ? [this.#options.case]
      : generateCases({ seed, count: Math.max(count, only ?? 0), references, flow, cuts });
    const judged: JudgedCase[] = [];
    for (const [index, given] of generated.entries()) {
      if (only !== undefined && index !== only - 1) continue;
      this.#progress('cases', judged.length, only === undefined ? generated.length : 1);
      judged.push(await this.#judge(given, index + 1));
    }
    const failed = judged.find(({ violations }) => violations.length > 0);
    const minimal = failed === undefined ? undefined : await this.#minimize(failed);
    return { references, judged, minimal };
  }

  /** Those that an input shares its keys with are left out. @throws DiagnosticError CERT103. */
  async #makeReferences(inputs: readonly CaseInput[]): Promise<readonly Reference[]> {
    const kept: Reference[] = [];
    for (const [index, input] of inputs.entries()) {
      this.#progress('inputs', index, inputs.length);
      const reference = await this.#reference(input);
      if (kept.every((other) => areIndependent(other, reference))) kept.push(reference);
    }
    if (kept.some(({ end }) => end.status === 'completed')) return kept;
    // A case names its inputs: one that fails may be what it shows.
    if (this.#options.case !== undefined) return kept;
    const { reason, status } = kept[0]!.end;
    const words =
      reason === undefined ? `the first is ${status}` : `${reason.code} ${reason.message}`;
    const params = { count: kept.length, flow: this.#plan.ir.name, reason: words };
    throw new DiagnosticError([diagnostic.CERT103(params)]);
  }

  async #judge(given: CertifyCase, number: number): Promise<JudgedCase> {
    const references = new Map<string, Reference>();
    for (const input of given.inputs) references.set(input.id, await this.#reference(input));
    const record = await runCase(given, this.#setting);
    const violations = judgeCase(given, record, references, this.#plan.ir);
    return { number, case: given, record, violations };
  }

  async #minimize(failed: JudgedCase): Promise<MinimalCase> {
    const [first] = failed.violations;
    const cause = causeOf(first!);
    const budget =
      this.#options.case === undefined ? (this.#options.shrinkBudget ?? DEFAULT_SHRINK_BUDGET) : 0;
    let tried = 0;
    const { case: _, shown } = await shrinkCase(failed.case, {
      budget,
      fits: (payload) => payloadProblem(this.#plan.triggers[0]!, payload) === undefined,
      attempt: async (candidate) => {
        this.#progress('shrink', tried, budget);
        tried += 1;
        const judged = await this.#judge(candidate, failed.number);
        const violation = judged.violations.find((one) => causeOf(one) === cause);
        return violation === undefined ? undefined : { ...judged, violation };
      },
    });
    return { ...(shown ?? { ...failed, violation: first! }), tried };
  }

  /** What an input does without faults. */
  async #reference(input: CaseInput): Promise<Reference> {
    const name = `${input.id} ${hashValue(input.payload)}`;
    const known = this.#references.get(name);
    if (known !== undefined) return known;
    const made = await makeReference(input, this.#setting);
    this.#references.set(name, made);
    return made;
  }

  #progress(step: CertifyProgress['step'], done: number, of: number): void {
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.({ step, done, of });
  }
}
