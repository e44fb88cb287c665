// Steps that stand in `in` as data, for a component that runs them: they are passed on as they are written.
import { STEP_KEYS } from './compose-model.js';
import { isMap, type ValueMap } from './plain-values.js';

/** A map with a text under `call`, or one that only binds names. */
export function isStep(map: ValueMap): boolean {
  if (typeof map['call'] === 'string') return true;
  return isMap(map['let']) && Object.keys(map).every((key) => STEP_KEYS.includes(key));
}
