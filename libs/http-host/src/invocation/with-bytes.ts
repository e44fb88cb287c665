// A payload that came as JSON gets its bytes, where the trigger's schema says that text stands for them.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { NodePlan } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { BytesPlace } from '../bytes/bytes-place.js';
import { NoBase64Error, readBytes } from '../bytes/bytes-text.js';

/** @param forForm whether `details.problems` names the field, as forms read it.
 * @throws DiagnosticError RUN116 with `details.pointer` for text that is no base64. */
export function withBytes(
  trigger: NodePlan,
  place: BytesPlace,
  value: Value,
  forForm = false,
): Value {
  try {
    return readBytes(place, value);
  } catch (error) {
    if (!(error instanceof NoBase64Error)) throw error;
    const params = { trigger: trigger.alias, problem: error.message };
    const { pointer } = error;
    const problems = [{ pointer, message: 'must be base64 text' }];
    const details = forForm ? { pointer, problems } : { pointer };
    throw new DiagnosticError([diagnostic.RUN116(params, undefined, { details })]);
  }
}
