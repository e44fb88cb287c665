// What queues may be called.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { nameProblem } from './name-problem.js';

const MAX_NAME = 128;

/** Gives the name back. @throws DiagnosticError QUE103 where a queue cannot be called so. */
export function checkQueueName(name: string): string {
  const unseen = typeof name === 'string' && /\p{Cc}/u.test(name);
  const problem = nameProblem(name, MAX_NAME) ?? (unseen ? 'has control characters' : undefined);
  if (problem === undefined) return name;
  throw new DiagnosticError([
    diagnostic.QUE103({ name: JSON.stringify(name) ?? String(name), problem: `it ${problem}` }),
  ]);
}
