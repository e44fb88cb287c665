// Makes any value fit for a log line: plain JSON, no secrets, and never more than its share of space.
import { REDACTED, type SecretRedactor } from '../secrets/secret-redactor.js';

/** What one line may hold. */
export interface LogBounds {
  /** Longest text, in UTF-16 units. */
  readonly maxText: number;
  /** Most items of a list, and most keys of a map. */
  readonly maxItems: number;
  /** Deepest nesting. */
  readonly maxDepth: number;
}

const SECRET_NAME =
  /pass(wd|word|phrase|code)?$|secret|token$|api[-_]?key|private[-_]?key|access[-_]?key|authorization|cookie|credential/i;

/** Text without secrets and control characters of terminals, cut to its bound. */
export function logText(text: string, bounds: LogBounds, redactor: SecretRedactor): string {
  // Enough for every secret that begins inside the bound; what may be a part of one is dropped.
  const window = text.slice(0, bounds.maxText + redactor.longest);
  const clean = redactor.redact(window);
  if (window.length === text.length && clean.length <= bounds.maxText) return clean;
  const sure = window.length === text.length ? clean.length : clean.length - redactor.longest;
  const kept = clean.slice(0, Math.max(0, Math.min(bounds.maxText, sure)));
  return `${kept}... (${text.length} characters)`;
}

function fieldsOf(value: object, bounds: LogBounds, redactor: SecretRedactor, depth: number) {
  const keys = Object.keys(value);
  const fields: [string, unknown][] = keys.slice(0, bounds.maxItems).map((key) => {
    const name = logText(key, bounds, redactor);
    if (SECRET_NAME.test(key)) return [name, REDACTED];
    let field: unknown;
    try {
      field = (value as Record<string, unknown>)[key];
    } catch {
      field = '[unreadable]';
    }
    return [name, logValue(field, bounds, redactor, depth + 1)];
  });
  if (keys.length > bounds.maxItems) fields.push(['...', `${keys.length} keys`]);
  return Object.fromEntries(fields);
}

function errorFields(error: Error, bounds: LogBounds, redactor: SecretRedactor) {
  const text = (part: unknown) => logText(String(part), bounds, redactor);
  return { name: text(error.name), message: text(error.message), stack: text(error.stack) };
}

/** `value` as JSON that is safe to print: cycles end at the depth bound, bytes are counted, secrets
 * and fields with names of secrets are left out. Never throws. */
export function logValue(
  value: unknown,
  bounds: LogBounds,
  redactor: SecretRedactor,
  depth = 0,
): unknown {
  switch (typeof value) {
    case 'string':
      return logText(value, bounds, redactor);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return logText(value.toString(), bounds, redactor);
    case 'object':
      break;
    default:
      return `[${typeof value}]`;
  }
  if (value === null) return null;
  if (depth >= bounds.maxDepth) return '[deep]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  try {
    if (value instanceof Error) return errorFields(value, bounds, redactor);
    if (!Array.isArray(value)) return fieldsOf(value, bounds, redactor, depth);
  } catch {
    return '[unreadable]';
  }
  const items = value
    .slice(0, bounds.maxItems)
    .map((item) => logValue(item, bounds, redactor, depth + 1));
  return value.length > bounds.maxItems ? [...items, `... (${value.length} items)`] : items;
}
