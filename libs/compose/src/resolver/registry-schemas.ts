// The shapes of what sources hold, and of the configuration of a resolver. Keys that are not needed here are
// let through: the formats belong to others.
import type { SourceKind } from '../descriptors/checked-source.js';

const line = { type: 'string', minLength: 1 } as const;
const sha256 = {
  type: 'string',
  pattern: '^(?:sha256[-:])?(?:[0-9a-fA-F]{64}|[A-Za-z0-9+/]{43}=)$',
  description: 'a SHA-256 in hex or base64',
} as const;

const listOf = (properties: object, required: readonly string[]) => ({
  type: 'array',
  items: { type: 'object', properties, required },
});

export const CATALOGUE: SourceKind = {
  name: 'The catalogue',
  syntax: 'json',
  schema: {
    type: 'object',
    properties: {
      schema: { const: 'lcod-registry/catalogue@1' },
      id: line,
      components: listOf(
        {
          id: line,
          versions: listOf({ version: line, manifest: line, sha256 }, ['version', 'manifest']),
        },
        ['id', 'versions'],
      ),
    },
    required: ['components'],
  },
};

export interface Catalogue {
  readonly components: readonly {
    readonly id: string;
    readonly versions: readonly {
      readonly version: string;
      readonly manifest: string;
      readonly sha256?: string;
    }[];
  }[];
}

export const MANIFEST: SourceKind = {
  name: 'The manifest',
  syntax: 'json',
  schema: {
    type: 'object',
    properties: {
      schema: { const: 'lcod-registry/manifest@1' },
      id: line,
      files: listOf({ path: line, sha256, size: { type: 'integer', minimum: 0 } }, [
        'path',
        'sha256',
      ]),
    },
    required: ['id', 'files'],
  },
};

export interface Manifest {
  readonly id: string;
  readonly files: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly size?: number;
  }[];
}

export const SOURCES: SourceKind = {
  name: 'The list of sources',
  syntax: 'json',
  schema: {
    type: 'object',
    properties: {
      schema: { const: 'lcod-resolver/sources@1' },
      sources: listOf(
        {
          id: line,
          priority: { type: 'integer', minimum: 0, maximum: 1000 },
          entrypoint: {
            type: 'object',
            properties: {
              type: { enum: ['https', 'http', 'git', 'file'] },
              url: line,
              path: line,
              checksum: sha256,
            },
            required: ['type'],
          },
          transport: {
            type: 'object',
            properties: {
              headers: { type: 'object', additionalProperties: { type: 'string' } },
              timeoutMs: { type: 'integer', minimum: 1 },
              retries: { type: 'integer', minimum: 0, maximum: 5 },
            },
          },
          checksum: sha256,
        },
        ['id', 'entrypoint'],
      ),
    },
    required: ['sources'],
  },
};

export interface SourceEntry {
  readonly id: string;
  /** 0 to 1000; the lower one wins. */
  readonly priority?: number;
  readonly entrypoint: {
    readonly type: 'https' | 'http' | 'git' | 'file';
    readonly url?: string;
    readonly path?: string;
    readonly checksum?: string;
  };
  readonly transport?: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly timeoutMs?: number;
    readonly retries?: number;
  };
  readonly checksum?: string;
}

const spec = {
  type: 'object',
  properties: {
    type: { enum: ['path', 'file', 'http', 'https'] },
    path: line,
    url: line,
    checksum: sha256,
  },
  required: ['type'],
} as const;

export const CONFIG: SourceKind = {
  name: 'The configuration',
  syntax: 'json',
  schema: {
    type: 'object',
    properties: {
      sources: { type: 'object', additionalProperties: spec },
      replace: { type: 'object', additionalProperties: { anyOf: [line, spec] } },
      bindings: { type: 'object', additionalProperties: line },
      mirrors: { type: 'object', additionalProperties: line },
    },
    additionalProperties: false,
  },
};

/** Where one component is: its folder, or the address of its lcp.toml. */
export interface ComponentSpec {
  readonly type: 'path' | 'file' | 'http' | 'https';
  readonly path?: string;
  readonly url?: string;
  /** Of the lcp.toml. */
  readonly checksum?: string;
}

export interface ResolveConfig {
  readonly sources?: Readonly<Record<string, ComponentSpec>>;
  /** Ids, with or without a version, and what takes their place. */
  readonly replace?: Readonly<Record<string, string | ComponentSpec>>;
  readonly bindings?: Readonly<Record<string, string>>;
  readonly mirrors?: Readonly<Record<string, string>>;
}
