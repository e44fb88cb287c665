// The bindings lock file: what a flow was bound to, pinned by a hash. This file is the source of the
// type and of schemas/bindings_lock.schema.json; the form is that of the 0.1 contract.
import { Type, type Static } from 'typebox';

/** Version of the form; another one is refused. */
export const LOCK_VERSION = 1;

const text = (description: string) => Type.String({ description });
const settings = (description: string) =>
  Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], { description });

const Instance = Type.Object(
  {
    provider_kind: text('Kind of provider, such as kv.memory'),
    provides: Type.Array(Type.String(), { description: 'Hints that the instance can serve' }),
    connect: settings('Where the provider finds its resource'),
    config: settings('Settings of the provider'),
    isolation: Type.Union(
      [Type.Array(Type.Unknown()), Type.Record(Type.String(), Type.Unknown()), Type.Null()],
      { description: 'Wishes for isolation; none can be met yet, so it must be empty' },
    ),
  },
  { description: 'One provider with its settings' },
);

const FlowUse = Type.Object(
  {
    use: Type.Record(Type.String(), Type.String(), {
      description: 'Instance name for each hint that the flow needs',
    }),
  },
  { description: 'What one flow is bound to' },
);

/** The file's schema. */
export const BindingsLockSchema = Type.Object(
  {
    version: Type.Literal(LOCK_VERSION, { description: 'Version of the form' }),
    generated_at: text('When the file was generated, RFC 3339'),
    content_hash: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256, in hex, of the compact JSON without this field, its keys sorted',
    }),
    instances: Type.Record(Type.String(), Instance, { description: 'Providers by name' }),
    flows: Type.Record(Type.String(), FlowUse, { description: 'Bindings by flow id' }),
  },
  { description: 'Bindings lock file' },
);

export type BindingsLock = Static<typeof BindingsLockSchema>;
export type LockInstance = Static<typeof Instance>;

/** The schema as a JSON Schema document. */
export function bindingsLockSchemaDocument(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://basalt.dev/schemas/bindings_lock.schema.json',
    title: 'BindingsLock',
    ...BindingsLockSchema,
  };
}
