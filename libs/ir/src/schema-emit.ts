// The external form of the format: JSON Schema documents (draft 2020-12), one definition an object,
// built from the TypeBox source. tools/generate.mjs writes them to schemas/, and a test fails when the
// files there differ.
import * as ir from './flow-ir.js';
import { SURFACE_CONFIGS } from './surface-configs.js';

/** A schema as plain JSON. */
export interface SchemaNode {
  readonly [keyword: string]: unknown;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
}

/** The objects of the format, by name, in the order of the reference. */
export const DEFINITIONS: Readonly<Record<string, SchemaNode>> = {
  NodeIR: ir.NodeIR,
  SchemaRef: ir.SchemaRef,
  EdgeIR: ir.EdgeIR,
  BufferPolicy: ir.BufferPolicy,
  ControlSurfaceIR: ir.ControlSurfaceIR,
  CheckpointIR: ir.CheckpointIR,
  IdempotencySpec: ir.IdempotencySpec,
  TriggerSpec: ir.TriggerSpec,
  RetryPolicy: ir.RetryPolicy,
  CacheSpec: ir.CacheSpec,
  CompensationSpec: ir.CompensationSpec,
  ConcurrencySpec: ir.ConcurrencySpec,
  Credential: ir.Credential,
  SourceSpan: ir.SourceSpan,
  FlowPolicies: ir.FlowPolicies,
  LintPolicies: ir.LintPolicies,
  FlowMetadata: ir.FlowMetadata,
  FlowParam: ir.FlowParam,
  ArtifactRef: ir.ArtifactRef,
} as unknown as Readonly<Record<string, SchemaNode>>;

// A schema that is described for one use is a copy, but it shares `properties` or `anyOf`.
const names = new Map<unknown, string>(
  Object.entries(DEFINITIONS).map(([name, schema]) => [schema.properties ?? schema.anyOf, name]),
);

/** The name of the definition that a schema is, if it is one. */
export function definitionName(schema: SchemaNode): string | undefined {
  return names.get(schema.properties ?? schema.anyOf ?? schema);
}

/** schemas/flow_ir.schema.json. */
export function flowSchemaDocument(): SchemaNode {
  const { type, properties, required } = emitBody(ir.FlowIRSchema as unknown as SchemaNode);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://basalt.dev/schemas/flow_ir.schema.json',
    title: 'FlowIR',
    description: 'A flow: the one document that every front end writes and every host runs',
    type,
    properties,
    required,
    definitions: Object.fromEntries(
      Object.entries(DEFINITIONS).map(([name, schema]) => [name, emitBody(schema)]),
    ),
  };
}

/** schemas/surfaces.schema.json: the configuration of each kind of control surface. */
export function surfacesSchemaDocument(): SchemaNode {
  const kinds = Object.entries(SURFACE_CONFIGS) as unknown as [string, SchemaNode][];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://basalt.dev/schemas/surfaces.schema.json',
    title: 'Configurations of control surfaces',
    description: 'A control surface with its configuration, told apart by kind',
    oneOf: kinds.map(([kind]) => ({
      type: 'object',
      properties: { kind: { const: kind }, config: { $ref: `#/definitions/${kind}` } },
      required: ['kind', 'config'],
    })),
    definitions: Object.fromEntries(kinds.map(([kind, schema]) => [kind, emitBody(schema)])),
  };
}

/** A use of a schema: definitions become references that keep their own description and default. */
function emit(schema: SchemaNode): SchemaNode {
  const name = definitionName(schema);
  if (name === undefined) return emitBody(schema);
  const own = DEFINITIONS[name]!;
  return {
    $ref: `#/definitions/${name}`,
    ...(schema.description === own.description ? {} : { description: schema.description }),
    ...(schema.default === undefined ? {} : { default: schema.default }),
  };
}

/** A schema itself. Fields with a default are not required. */
function emitBody(schema: SchemaNode): SchemaNode {
  const out: Record<string, unknown> = {};
  for (const [keyword, content] of Object.entries(schema)) {
    if (keyword === 'properties' || keyword === 'patternProperties') {
      out[keyword] = mapValues(content as Readonly<Record<string, SchemaNode>>, emit);
    } else if (keyword === 'anyOf') {
      out[keyword] = (content as readonly SchemaNode[]).map(emit);
    } else if (keyword === 'items' || keyword === 'additionalProperties') {
      out[keyword] = emit(content as SchemaNode);
    } else if (keyword === 'required') {
      const required = (content as readonly string[]).filter(
        (field) => schema.properties?.[field]?.default === undefined,
      );
      if (required.length > 0) out[keyword] = required;
    } else {
      out[keyword] = content;
    }
  }
  return out;
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
