// What a course of kills is about: processes on a backend, and what must have become of their work.
import type { EffectLedger } from './effect-ledger.js';
import type { ProgramSetting } from './crash-programs.js';
import type { Target, Watch } from './respawned.js';
import type { Verdict } from './effects-verdict.js';

export interface StageSetting extends ProgramSetting {
  /** What the names of this course's jobs begin with. */
  readonly series: string;
  /** A folder for whatever is kept. */
  readonly folder: string;
  readonly ledger: EffectLedger;
  readonly watch: Watch;
  /** Called in the end, the last one first. */
  readonly onEnd: (close: () => Promise<void>) => void;
}

export interface Stage {
  /** What is killed. */
  readonly targets: readonly Target[];
  /** Lets everything that was begun come to its end, and judges it. */
  settle(): Promise<Settled>;
}

export interface Settled extends Verdict {
  /** Jobs or requests. */
  readonly jobs: number;
  /** Over HTTP: how often callers got which status, in the end. */
  readonly answers?: Readonly<Record<string, number>>;
}
