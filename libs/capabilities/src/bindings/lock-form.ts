// Whether a value has the form of a lock file. By hand rather than from the schema: compiling one costs
// more than all the rest of a command's start. A test holds the two in step.
import type { BindingsLock } from './bindings-lock.js';

/** The first thing that is not as the schema says, and the keys that lead to it. */
export interface FormProblem {
  readonly path: readonly string[];
  readonly reason: string;
}

type Check = (value: unknown, path: readonly string[]) => FormProblem | undefined;

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const simple =
  (wanted: string, holds: (value: unknown) => boolean): Check =>
  (value, path) =>
    holds(value) ? undefined : { path, reason: `it is not ${wanted}` };

const text = simple('a text', (value) => typeof value === 'string');
const settings = simple('an object or null', (value) => value === null || isMap(value));
const isolation = simple(
  'a list, an object or null',
  (value) => value === null || Array.isArray(value) || isMap(value),
);
const texts = simple(
  'a list of texts',
  (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
);
const hash = simple(
  'a SHA-256 in lower-case hex',
  (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
);
const version = simple('the number 1', (value) => value === 1);

/** An object that has every one of `fields`. */
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (!isMap(value)) return { path, reason: 'it is not an object' };
    for (const [name, check] of Object.entries(fields)) {
      if (!Object.hasOwn(value, name)) return { path, reason: `the key "${name}" is missing` };
      const problem = check(value[name], [...path, name]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

/** An object whose every value passes `check`. */
const mapOf =
  (check: Check): Check =>
  (value, path) => {
    if (!isMap(value)) return { path, reason: 'it is not an object' };
    for (const [name, member] of Object.entries(value)) {
      const problem = check(member, [...path, name]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

const lock = record({
  version,
  generated_at: text,
  content_hash: hash,
  instances: mapOf(
    record({
      provider_kind: text,
      provides: texts,
      connect: settings,
      config: settings,
      isolation,
    }),
  ),
  flows: mapOf(record({ use: mapOf(text) })),
});

/** What keeps `value` from being a lock; undefined when it is one. */
export function lockFormProblem(value: unknown): FormProblem | undefined {
  return lock(value, []);
}

/** Whether `value` has the form of a lock. */
export function hasLockForm(value: unknown): value is BindingsLock {
  return lockFormProblem(value) === undefined;
}
