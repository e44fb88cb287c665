// What a host gives to the executions that it starts, and what comes with one of them.
import {
  seededRng,
  systemClock,
  systemRng,
  type CapabilitySet,
  type Clock,
  type Log,
  type Rng,
  type SecretStore,
} from '@basalt/capabilities';
import type { Value } from '@basalt/ir';
import type { InvocationMetadata } from '../node-handler.js';
import type { RunJournal } from '../durable/run-journal.js';
import type { ResultCache } from '../recovery/result-cache.js';
import type { RunObserver } from '../observe/run-observer.js';
import { VirtualTime } from '../determinism/virtual-time.js';

/** Clean-up after a cancellation is waited for this long, in milliseconds. */
export const DEFAULT_GRACE_MS = 5_000;

export interface HostOptions {
  /** What is bound. Nodes get of it what their hints declare. */
  readonly capabilities?: CapabilitySet;
  /** The clock of waits and limits; `capabilities.clock`, else the system's. */
  readonly clock?: Clock;
  readonly rng?: Rng;
  /** `capabilities.secrets` when absent. */
  readonly secrets?: SecretStore;
  readonly log?: Log;
  readonly observer?: RunObserver;
  /** Equal flow, payload, seed and start give an equal course of events, byte for byte. Replaces
   * clock and rng. */
  readonly deterministic?: DeterministicOptions;
  /** How long a cancellation waits for handlers, in milliseconds. */
  readonly graceMs?: number;
  /** Results of nodes with a cache. Without it, executions with one host object share one. */
  readonly resultCache?: ResultCache;
  /** What to do when nothing is left but to wait for events from outside; wait when absent. park: an
   * execution with a journal ends with the status waiting, and goes on when it is started again; one
   * without waits. */
  readonly onSuspended?: 'wait' | 'fail' | 'park';
}

export interface DeterministicOptions {
  readonly seed: number | string;
  /** The first reading of the virtual clock, milliseconds since the epoch; 0 when absent. */
  readonly startMs?: number;
}

/** What is to be done about an effectful invocation of which only the begin is known: call it again, or
 * take it as done, with the given output or with null. */
export type UnknownOutcome = 'repeat' | { readonly done: Value };

export interface Invoke {
  /** Alias of the node that gets the payload; the only trigger when absent. */
  readonly trigger?: string;
  /** Alias of the node whose output is the result; that of the trigger, else the only leaf. */
  readonly capture?: string;
  readonly payload: Value;
  /** Whoever calls has checked the payload against the schema of the trigger. */
  readonly payloadIsChecked?: boolean;
  /** Milliseconds; that of the trigger or the flow when absent. */
  readonly deadlineMs?: number;
  readonly metadata?: Partial<InvocationMetadata>;
  readonly runId?: string;
  /** Cancels the execution when it is aborted; with a journal that is its outcome. `Run.interrupt`
   * stops it without one. */
  readonly signal?: AbortSignal;
  /** value: the first output of the capture. stream: all of them, through `outputs()`. */
  readonly mode?: 'value' | 'stream';
  /** `output` resolves with the first capture, and not only when everything else has ended. */
  readonly returnEarly?: boolean;
  /** Makes the execution durable. One with a history goes on where it stopped: the payload, trigger
   * and capture must be those of its start. */
  readonly journal?: RunJournal;
  /** By alias: decisions about outcomes that are not known (DUR102). */
  readonly outcomes?: Readonly<Record<string, UnknownOutcome>>;
}

/** The sources of time and chance of one execution. */
export interface RunSources {
  readonly clock: Clock;
  readonly rng: Rng;
  /** The same clock, where the executor has to move it. */
  readonly virtual: VirtualTime | undefined;
}

const SYSTEM_RNG = systemRng();

export function sourcesOf(host: HostOptions): RunSources {
  const { deterministic } = host;
  if (deterministic !== undefined) {
    const virtual = new VirtualTime(deterministic.startMs ?? 0);
    return { clock: virtual.clock, rng: seededRng(deterministic.seed), virtual };
  }
  return {
    clock: host.clock ?? host.capabilities?.clock ?? systemClock(),
    rng: host.rng ?? host.capabilities?.rng ?? SYSTEM_RNG,
    virtual: undefined,
  };
}
