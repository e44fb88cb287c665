// Secrets from a map or from the environment of the host, by an allowlist: what the binding does not
// name is not there, whatever the environment holds.
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import { checkKey } from '../capability-arguments.js';
import type { SecretStore } from '../capability-set.js';
import type { SecretRedactor } from './secret-redactor.js';

export interface SecretStoreOptions {
  /** Names that may be read; nothing by default. */
  readonly allow?: readonly string[];
  /** Where the values are; the environment of the process by default. */
  readonly values?: Readonly<Record<string, string | undefined>>;
  /** Learns every value that is revealed, so that logs can leave it out. */
  readonly redactor?: SecretRedactor;
}

/** A secret store. A name that is not allowed is CAP113; one that is allowed and not set, undefined. */
export function secretStore(options: SecretStoreOptions = {}): SecretStore {
  const allowed = new Set(options.allow ?? []);
  const values = options.values ?? process.env;
  return {
    async get(name) {
      checkKey('secrets.get', name, 'name');
      if (!allowed.has(name)) {
        throw new DiagnosticError([diagnostic.CAP113({ name: printable(name.slice(0, 100)) })]);
      }
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined) options.redactor?.add(value);
      return value;
    },
  };
}
