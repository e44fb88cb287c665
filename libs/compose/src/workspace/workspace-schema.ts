// The shape of workspace.lcp.toml, version 1.0: the source of schemas/lcp-workspace.schema.json.
const line = { type: 'string', minLength: 1 } as const;

/** One segment of an id. */
const segment = {
  type: 'string',
  pattern: '^(?!\\.+$)[a-z0-9_.-]+$',
  description: 'a segment of an id: small letters, digits, "_", "." and "-"',
} as const;

export const WORKSPACE_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://basalt.dev/schemas/lcp-workspace.schema.json',
  title: 'Workspace of components (workspace.lcp.toml)',
  type: 'object',
  properties: {
    schemaVersion: { const: '1.0', description: 'Version of this format' },
    kind: { const: 'workspace' },
    id: line,
    version: line,
    summary: line,
    workspace: {
      type: 'object',
      properties: {
        packages: { type: 'array', items: line, uniqueItems: true },
        scopeAliases: {
          type: 'object',
          propertyNames: segment,
          additionalProperties: {
            type: 'string',
            pattern: '^[a-z0-9_.-]+(?:/[a-z0-9_.-]+)*$',
            description: 'a path of an id, such as core or tools/core',
          },
        },
        components: {
          type: 'array',
          items: {
            type: 'object',
            properties: { id: line, path: line },
            required: ['id', 'path'],
            additionalProperties: false,
          },
        },
      },
      additionalProperties: false,
    },
  },
  required: ['schemaVersion', 'kind', 'workspace'],
  additionalProperties: false,
} as const;
