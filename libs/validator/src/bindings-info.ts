// What a host has bound, as far as a check before the run needs it.

/** One configured provider of a capability. */
export interface ProviderInfo {
  /** Such as `redis` or `cache.main`. */
  readonly name: string;
  /** The key of the capability set that it serves. */
  readonly capability: string;
  /** The credential without which it cannot be made. */
  readonly credential?: string;
}

/** Capabilities, credentials and providers that are bound where the flow is to run. */
export interface BindingsInfo {
  /** Keys of the capability set, such as `kv` and `httpRead`. */
  readonly capabilities: ReadonlySet<string>;
  /** Each bound credential with the scopes that it grants. */
  readonly credentials: ReadonlyMap<string, ReadonlySet<string>>;
  readonly providers?: readonly ProviderInfo[];
}
