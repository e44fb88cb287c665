// The shape of a component descriptor (lcp.toml, version 2.0): the one source of schemas/lcp.schema.json and of
// the checks at load.
import { BASE_PATTERN, VERSION_PATTERN } from './component-id.js';

const text = { type: 'string' } as const;
const line = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', items: line, uniqueItems: true } as const;

const wholeId = {
  type: 'string',
  pattern: `^${BASE_PATTERN}@${VERSION_PATTERN}$`,
  description: 'an id such as lcod://shop/cart/add@1.2.0',
} as const;

const idOrMajor = {
  type: 'string',
  pattern: `^${BASE_PATTERN}@(?:${VERSION_PATTERN}|0|[1-9][0-9]*)$`,
  description: 'an id with a whole version or a major one, such as lcod://shop/cart/add@1',
} as const;

/** Names become keys of the state. */
const names = {
  pattern: '^(?!__proto__$)[A-Za-z0-9_.-]+$',
  description: 'a name of letters, digits, "_", "." and "-"',
} as const;

const locales = {
  type: 'object',
  propertyNames: {
    pattern: '^[a-z]{2}(?:-[A-Z]{2})?$',
    description: 'a language such as fr or fr-CA',
  },
  additionalProperties: {
    type: 'object',
    properties: { summary: text, description: text },
    additionalProperties: false,
  },
} as const;

const jsonSchemaText = {
  ...line,
  description: 'a JSON Schema as a text',
} as const;

const port = {
  type: 'object',
  properties: {
    summary: line,
    schema: jsonSchemaText,
    description: text,
    required: { type: 'boolean' },
    example: text,
    examples: { type: 'array', items: text },
    default: { ...text, description: 'JSON as a text' },
    locales,
  },
  required: ['summary', 'schema'],
  additionalProperties: false,
} as const;

const slot = {
  type: 'object',
  properties: { summary: line, description: text, schema: jsonSchemaText, example: text, locales },
  required: ['summary'],
  additionalProperties: false,
} as const;

const named = (schema: object) => ({
  type: 'object',
  propertyNames: names,
  additionalProperties: schema,
});

const table = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
  additionalProperties: false,
});

export const LCP_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://basalt.dev/schemas/lcp.schema.json',
  title: 'Component descriptor (lcp.toml)',
  type: 'object',
  properties: {
    schemaVersion: { const: '2.0', description: 'Version of this format' },
    id: wholeId,
    version: {
      type: 'string',
      pattern: `^${VERSION_PATTERN}$`,
      description: 'MAJOR.MINOR.PATCH, with -pre and +build where they are needed',
    },
    kind: {
      enum: [
        'component',
        'contract',
        'axiom',
        'flow',
        'ui',
        'workflow',
        'function',
        'workspace-package',
      ],
    },
    summary: line,
    inputs: named(port),
    outputs: named(port),
    slots: named(slot),
    deps: table({ requires: { type: 'array', items: idOrMajor, uniqueItems: true } }),
    implements: idOrMajor,
    tool: table({ name: line, description: text, inputSchema: line, outputSchema: line }, ['name']),
    hints: table({
      timeoutMs: { type: 'integer', minimum: 1, maximum: 2147483647 },
      retries: { type: 'integer', minimum: 0, maximum: 1000 },
      idempotent: { type: 'boolean' },
      pure: { type: 'boolean' },
    }),
    documentation: table({ body: text, locales }),
    palette: table({ category: text, icon: text, tags: texts }),
    workspace: table({ componentsDir: line, readmePath: line }),
    implMatrix: table({ languages: texts }),
    ui: table({
      kind: { enum: ['react', 'svelte', 'vue', 'webcomponent'] },
      propsSchema: line,
      slots: texts,
    }),
  },
  required: ['schemaVersion', 'id', 'version', 'kind', 'summary'],
  additionalProperties: false,
} as const;
