// What every check reports: a code, a place, what is wrong, why it matters and how to mend it.

/** fatal ends the process that met it; error fails the check; warning and info do not. */
export type Severity = 'fatal' | 'error' | 'warning' | 'info';

/** Where a finding is: in a document (RFC 6901 pointer, with line and column where the text is
 * known), or in a source file. Lines and columns count from 1. */
export interface Location {
  readonly file?: string;
  /** RFC 6901 pointer into the flow document. */
  readonly pointer?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly subsystem: string;
  /** One line that is the same for every finding of this code. */
  readonly summary: string;
  /** The finding itself, with its names filled in. */
  readonly message: string;
  readonly location?: Location;
  /** How to mend it. */
  readonly help: string;
  /** Facts for machines, such as the counterexample of a schema mismatch. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Thrown where an operation cannot go on; carries every finding. */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly [Diagnostic, ...Diagnostic[]], options?: ErrorOptions) {
    super(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'), options);
    this.diagnostics = diagnostics;
  }

  /** The first finding, which names the failure. */
  get diagnostic(): Diagnostic {
    return this.diagnostics[0]!;
  }
}
