// The reference pages of the format as Markdown, from the same source as the schemas.
import { FlowIRSchema } from './flow-ir.js';
import { definitionName, DEFINITIONS, type SchemaNode } from './schema-emit.js';
import { SURFACE_CONFIGS } from './surface-configs.js';

/** docs/reference/ir/flow-ir.md. */
export function flowReferencePage(): string {
  const objects = Object.entries(DEFINITIONS);
  return [
    '# Flow IR',
    '',
    'A flow is one JSON document. Its schema is `schemas/flow_ir.schema.json`; this page, the schema and',
    'the TypeScript types come from one source, `libs/ir/src/flow-ir.ts`. Unknown keys are ignored. Null',
    'in an optional field means that the field is absent. A field with a default may be left out.',
    '',
    '"Since 0.1" marks what the 0.1 contract has; everything newer is optional.',
    '',
    ...section('FlowIR', FlowIRSchema as unknown as SchemaNode, 'The flow document'),
    ...objects.flatMap(([name, schema]) => section(name, schema, schema.description ?? '')),
  ].join('\n');
}

/** docs/reference/ir/surfaces.md. */
export function surfacesReferencePage(): string {
  const kinds = Object.entries(SURFACE_CONFIGS) as unknown as [string, SchemaNode][];
  return [
    '# Control surfaces',
    '',
    'A control surface is an entry of `control_surfaces`: `{id, kind, targets, config}`. The shape of',
    '`config` follows from the kind. Every alias in it is also in `targets`.',
    '',
    ...kinds.flatMap(([kind, schema]) => section(kind, schema, schema.description ?? '')),
  ].join('\n');
}

function section(name: string, schema: SchemaNode, description: string): string[] {
  const since = sinceOf(description);
  const intro = [`## ${name}`, '', `${sentence(description)} Since ${since}.`, ''];
  if (schema.anyOf) {
    return [...intro, ...schema.anyOf.flatMap((option) => fieldTable(option, since))];
  }
  return [...intro, ...fieldTable(schema, since)];
}

function fieldTable(schema: SchemaNode, objectSince: string): string[] {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const text = field.description ?? '';
    const since = objectSince === '0.1' ? sinceOf(text) : objectSince;
    const fallback =
      field.default !== undefined
        ? `\`${JSON.stringify(field.default)}\``
        : required.has(name)
          ? 'required'
          : 'absent';
    return `| \`${name}\` | ${typeName(field)} | ${fallback} | ${cell(sentence(text))} | ${since} |`;
  });
  return ['| field | type | default | meaning | since |', '|---|---|---|---|---|', ...rows, ''];
}

/** The type of a field, for people. */
function typeName(schema: SchemaNode): string {
  const name = definitionName(schema);
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`;
  if (schema.anyOf) {
    const options = schema.anyOf.filter((option) => option['type'] !== 'null');
    return options.map(typeName).join(' or ');
  }
  if (schema['$ref'] === '#') return '[FlowIR](#flowir)';
  if (Array.isArray(schema['enum'])) return schema['enum'].map((w) => `\`${w}\``).join(', ');
  if ('const' in schema) return `\`${JSON.stringify(schema['const'])}\``;
  if (Array.isArray(schema['type'])) return 'JSON Schema';
  return plainTypeName(schema);
}

function plainTypeName(schema: SchemaNode): string {
  const minimum = schema['minimum'] as number | undefined;
  switch (schema['type']) {
    case 'string':
      return schema['minLength'] === 1 ? 'text, not empty' : 'text';
    case 'integer':
      return `whole number >= ${minimum}`;
    case 'number':
      return minimum === undefined
        ? `number > ${String(schema['exclusiveMinimum'])}`
        : `number >= ${minimum}`;
    case 'boolean':
      return 'boolean';
    case 'array':
      return `list of ${typeName(schema.items ?? {})}`;
    case 'object':
      return objectTypeName(schema);
    default:
      return 'any JSON';
  }
}

function objectTypeName(schema: SchemaNode): string {
  if (schema.properties) {
    const fields = Object.entries(schema.properties);
    return `{${fields.map(([name, field]) => `${name}: ${typeName(field)}`).join(', ')}}`;
  }
  const members = (schema['patternProperties'] ?? {}) as Readonly<Record<string, SchemaNode>>;
  const member =
    (schema['additionalProperties'] as SchemaNode | undefined) ?? Object.values(members)[0];
  return `map from text to ${typeName(member ?? {})}`;
}

function sinceOf(description: string): string {
  return /^(\d+\.\d+): /.exec(description)?.[1] ?? '0.1';
}

function sentence(description: string): string {
  const text = description.replace(/^\d+\.\d+: /, '');
  // A word before a colon is quoted from the format.
  const capital = /^\w+:/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return capital === '' || capital.endsWith('.') ? capital : `${capital}.`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
