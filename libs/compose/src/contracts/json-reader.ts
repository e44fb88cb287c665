// JSON texts as values: bounded in depth, with the place of what is wrong.
import { checkValue, firstSyntaxError, MAX_VALUE_DEPTH, measureJson, type Value } from '@basalt/ir';
import { ComposeError } from '../run/compose-error.js';

/** Throws JSON_PARSE with the line, column and offset of what is wrong. */
export function readJsonText(text: string): Value {
  if (measureJson(text).depth > MAX_VALUE_DEPTH) {
    const message = `The text is nested more than ${MAX_VALUE_DEPTH} levels deep.`;
    throw new ComposeError('JSON_PARSE', message);
  }
  let value: Value;
  try {
    value = JSON.parse(text) as Value;
  } catch {
    throw syntaxError(text);
  }
  const fault = checkValue(value);
  if (fault === undefined) return value;
  throw new ComposeError('JSON_PARSE', `The text at ${fault.path || 'its root'}: ${fault.reason}.`);
}

function syntaxError(text: string): ComposeError {
  const { problem, offset, place } = firstSyntaxError(text);
  const { line, column } = place;
  const message = `The text is no JSON at line ${line}, column ${column}: ${problem}.`;
  return new ComposeError('JSON_PARSE', message, { line, column, offset });
}
