// The options that a command has declared to yargs.
import type { Argv } from 'yargs';

export interface DeclaredOptions {
  /** As they are written after --, in the order of their declaration, without positionals. */
  readonly names: readonly string[];
  /** Those that may be given several times. */
  readonly lists: readonly string[];
  readonly takesValue: ReadonlySet<string>;
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

/** What yargs keeps; its published types leave these methods out. */
interface YargsInternals {
  getOptions(): {
    readonly key: Readonly<Record<string, unknown>>;
    readonly array: readonly string[];
    readonly string: readonly string[];
    readonly number: readonly string[];
    readonly choices: Readonly<Record<string, readonly string[]>>;
  };
  getGroups(): Readonly<Record<string, readonly string[]>>;
}

export function declaredOptions(parser: Argv): DeclaredOptions {
  const internals = parser as unknown as YargsInternals;
  const { key, array, string, number, choices } = internals.getOptions();
  const positionals = internals.getGroups()['Positionals:'] ?? [];
  const names = Object.keys(key).filter((name) => !positionals.includes(name));
  const takesValue = new Set([...string, ...number, ...array, ...Object.keys(choices)]);
  return { names, lists: array, takesValue, choices };
}
