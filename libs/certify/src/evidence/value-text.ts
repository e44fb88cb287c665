// A value as people read it in reports.
import { valueToJson, type Value } from '@basalt/ir';

const LONGEST = 200;

/** The begin of its JSON; "nothing" where there is no value. */
export function valueText(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(valueToJson(value));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
}
