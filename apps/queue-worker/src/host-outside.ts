// Where a host program runs: what it sees of the process, and what it says of wrong words.

/** What the programs of hosts use in place of `process`. */
export interface HostOutside {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a person reads. */
  err(text: string): void;
  /** The bundled module of a shipped flow; undefined for any other name. */
  shippedFile(name: string): string | undefined;
  readonly shippedNames: readonly string[];
}

/** The words of the command are off. */
export class HostUsageError extends Error {}
