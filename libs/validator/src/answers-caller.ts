// Which triggers have a caller on the line.
import type { NodeIR } from '@basalt/ir';

/** True for a trigger whose caller waits for a value or a stream. */
export function answersCaller({ trigger }: NodeIR): boolean {
  return trigger?.kind === 'http' && trigger.respond !== 'accepted';
}
