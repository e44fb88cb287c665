// Checks what comes from outside, payloads and events, against the JSON Schema that the flow declares.
import type { Value } from '@basalt/ir';
import { Compile } from 'typebox/compile';

interface CompiledSchema {
  readonly Check: (value: unknown) => boolean;
  readonly Errors: (value: unknown) => readonly { instancePath: string; message: string }[];
}

/** A function that names the first problem of a value, or gives undefined. The schema is compiled on
 * first use. */
export function schemaCheck(schema: unknown): (value: Value) => string | undefined {
  let compiled: CompiledSchema | undefined;
  return (value) => {
    compiled ??= Compile(schema as never) as unknown as CompiledSchema;
    if (compiled.Check(value)) return undefined;
    // A JSON Schema knows no bigint: integers are checked as numbers.
    const plain = asNumbers(value);
    if (plain !== value && compiled.Check(plain)) return undefined;
    const [first] = compiled.Errors(plain);
    if (first === undefined) return 'it does not match';
    return `${first.instancePath || 'it'} ${first.message}`;
  };
}

function asNumbers(value: Value): Value {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item) => asNumbers(item as Value));
  const entries = Object.entries(value as { readonly [key: string]: Value });
  return Object.fromEntries(entries.map(([key, part]) => [key, asNumbers(part)]));
}
