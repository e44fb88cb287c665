// Checks a payload before an execution is begun for it, by the check that the executor compiled.
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { NodePlan } from '@basalt/executor';
import type { Value } from '@basalt/ir';

/** What is wrong with the payload; `details.pointer` names the part. */
export function checkPayload(trigger: NodePlan, payload: Value): Diagnostic | undefined {
  const problem = trigger.checkInput?.(payload);
  if (problem === undefined) return undefined;
  const pointer = /^(\/.*?) must /s.exec(problem)?.[1] ?? '';
  const params = { trigger: trigger.alias, problem };
  return diagnostic.RUN116(params, undefined, { details: { pointer } });
}
