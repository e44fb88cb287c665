// A promise that a case has shown to be broken.
import type { Diagnostic } from '@basalt/diagnostics';
import type { EffectCall } from '../world/effect-call.js';

export interface Violation {
  readonly finding: Diagnostic;
  /** Empty where it is not about one. */
  readonly node: string;
  readonly job: string;
  /** The lines of the ledger that show it. */
  readonly effects: readonly EffectCall[];
}

/** Violations of one cause: those of one kind at one node. */
export function causeOf({ finding, node }: Violation): string {
  return `${finding.code} ${node}`;
}
