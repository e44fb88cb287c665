// The shape of lcp.lock, version 1.0: the source of schemas/lcp-lock.schema.json.
const line = { type: 'string', minLength: 1 } as const;

const source = {
  type: 'object',
  properties: {
    type: line,
    url: line,
    rev: line,
    path: line,
    name: line,
    package: line,
    version: line,
    subdir: line,
    extra: { type: 'object' },
  },
  required: ['type'],
  additionalProperties: false,
} as const;

export const LOCK_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://basalt.dev/schemas/lcp-lock.schema.json',
  title: 'Locked components (lcp.lock)',
  type: 'object',
  properties: {
    schemaVersion: { const: '1.0', description: 'Version of this format' },
    resolverVersion: line,
    projectId: line,
    components: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: line,
          resolved: line,
          source,
          integrity: {
            type: 'string',
            pattern: '^sha256-(?:[0-9a-f]{64}|[A-Za-z0-9+/]{43}=)$',
            description: 'sha256- and the digest of the descriptor in hex or base64',
          },
          path: line,
          bindings: {
            type: 'array',
            items: {
              type: 'object',
              properties: { contract: line, implementation: line },
              required: ['contract', 'implementation'],
              additionalProperties: false,
            },
          },
          dependencies: {
            type: 'array',
            items: {
              type: 'object',
              properties: { id: line, requested: line, resolved: line, source },
              required: ['id'],
              additionalProperties: false,
            },
          },
        },
        required: ['id', 'resolved', 'source'],
        additionalProperties: false,
      },
    },
  },
  required: ['schemaVersion'],
  additionalProperties: false,
} as const;
