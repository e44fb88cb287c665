import fc from 'fast-check';
import { Value } from 'typebox/value';
import { BindingsLockSchema } from './bindings-lock.js';
import { generateLock } from './generate-lock.js';
import { hasLockForm } from './lock-form.js';

const { lock } = generateLock({
  flowId: 'flow',
  requiredHints: ['resource::kv::read', 'resource::http::read'],
  binds: ['kv=disk:./data', 'http=undici:api.example.com'],
});

/** Every way to a value inside, as keys. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

/** A copy in which the value at `path` is `replacement`, or is gone when that is undefined. */
function replaced(path: readonly string[], replacement: unknown): unknown {
  const [last] = path.slice(-1);
  if (last === undefined) return replacement;
  const copy = structuredClone(lock);
  let at = copy as unknown as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  if (replacement === undefined && !Array.isArray(at)) delete at[last];
  else at[last] = replacement;
  return copy;
}

test('the form is that of the schema', () => {
  const anything = fc.oneof(
    fc.constantFrom(undefined, null, [], {}, '', 1, 2, '1', true, [1], ['x'], { x: 1 }),
    fc.constantFrom(lock, lock.instances, lock.flows, lock.content_hash),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...pathsOf(lock)), anything, (path, replacement) => {
      const value = replaced(path, replacement);
      expect(hasLockForm(value)).toBe(Value.Check(BindingsLockSchema, value));
    }),
    { numRuns: 1000 },
  );
});
