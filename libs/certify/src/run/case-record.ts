// What was seen of one case.
import type { JobEnd } from '../cases/job-end.js';
import type { CasePoint, Injection } from '../cases/certify-case.js';
import type { EffectCall } from '../world/effect-call.js';

/** One line of the course of a case. `ms` counts from its begin. */
export interface TimelineEntry {
  readonly ms: number;
  readonly what: 'job' | 'worker' | 'effect' | 'commit' | 'injection';
  readonly job: string;
  readonly text: string;
}

export interface CaseRecord {
  readonly effects: readonly EffectCall[];
  /** Every point that was passed, in order; of `before`, the phase stands for both. */
  readonly points: readonly CasePoint[];
  readonly ends: readonly JobEnd[];
  /** Injections whose point was reached. */
  readonly injected: readonly Injection[];
  /** Jobs that had not ended when nothing happened any more. */
  readonly stuck: readonly string[];
  readonly timeline: readonly TimelineEntry[];
}
