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
    compiled ??= Compile(withBytes(schema) as never) as unknown as CompiledSchema;
    if (compiled.Check(value)) return undefined;
    // A JSON Schema knows no bigint and no bytes: integers are checked as numbers, bytes as their mark.
    const plain = asPlain(value);
    if (plain !== value && compiled.Check(plain)) return undefined;
    const [first] = compiled.Errors(plain);
    if (first === undefined) return 'it does not match';
    return `${first.instancePath || 'it'} ${first.message}`;
  };
}

/** What stands for bytes while they are checked: only a schema with base64 content takes it. */
const BYTES = { type: 'object', properties: { $bytes: { const: true } }, required: ['$bytes'] };

/** The schema, in which base64 text may also be bytes. */
function withBytes(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(withBytes);
  const entries = Object.entries(schema).map(([key, part]) => [key, withBytes(part)]);
  const copy = Object.fromEntries(entries) as { readonly contentEncoding?: unknown };
  return copy.contentEncoding === 'base64' ? { anyOf: [copy, BYTES] } : copy;
}

function asPlain(value: Value): Value {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return { $bytes: true };
  if (Array.isArray(value)) return value.map((item) => asPlain(item as Value));
  const entries = Object.entries(value as { readonly [key: string]: Value });
  return Object.fromEntries(entries.map(([key, part]) => [key, asPlain(part)]));
}
