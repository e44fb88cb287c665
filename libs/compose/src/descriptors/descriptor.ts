// A component descriptor as it is read from lcp.toml.

/** A JSON Schema, an example and a default are JSON in texts. */
export interface DescribedPort {
  readonly summary: string;
  readonly schema: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly example?: string;
  readonly examples?: readonly string[];
  readonly default?: string;
}

export interface DescribedSlot {
  readonly summary: string;
  readonly description?: string;
  readonly schema?: string;
}

/** What a kernel may do with calls of the component. */
export interface Hints {
  /** Milliseconds for one call, its retries included. */
  readonly timeoutMs?: number;
  /** Calls after a failed one; only of components that are idempotent or pure. */
  readonly retries?: number;
  readonly idempotent?: boolean;
  readonly pure?: boolean;
}

export interface Descriptor {
  readonly schemaVersion: '2.0';
  /** With a whole version. */
  readonly id: string;
  readonly version: string;
  readonly kind:
    | 'component'
    | 'contract'
    | 'axiom'
    | 'flow'
    | 'ui'
    | 'workflow'
    | 'function'
    | 'workspace-package';
  readonly summary: string;
  readonly inputs?: Readonly<Record<string, DescribedPort>>;
  readonly outputs?: Readonly<Record<string, DescribedPort>>;
  readonly slots?: Readonly<Record<string, DescribedSlot>>;
  readonly deps?: { readonly requires?: readonly string[] };
  /** The contract that the component implements. */
  readonly implements?: string;
  readonly tool?: {
    readonly name: string;
    readonly description?: string;
    readonly inputSchema?: string;
    readonly outputSchema?: string;
  };
  readonly hints?: Hints;
  readonly workspace?: { readonly componentsDir?: string; readonly readmePath?: string };
  readonly implMatrix?: { readonly languages?: readonly string[] };
  readonly ui?: { readonly kind?: string; readonly propsSchema?: string };
}
