// Builds the typed constructors: fills a code's template and copies its fixed parts.
import type { Diagnostic, Location, Severity } from './diagnostic.js';

/** One code of the registry. */
export interface CodeEntry {
  readonly code: string;
  /** The message file, and so the chapter of the reference. */
  readonly area: string;
  readonly severity: Severity;
  readonly subsystem: string;
  readonly summary: string;
  /** The message, with {parameters}. */
  readonly template: string;
  readonly why: string;
  readonly fix: string;
  readonly example: string;
}

export type Param = string | number;
export type NoParams = Readonly<Record<never, never>>;

/** What a constructor may add beside its parameters. */
export interface Extras {
  readonly details?: Readonly<Record<string, unknown>>;
  /** Replaces the code's standard help where the finding knows better. */
  readonly help?: string;
}

export function makerFor(registry: Readonly<Record<string, CodeEntry>>) {
  return function maker<P extends object>(code: string) {
    return (params: P, location?: Location, extras: Extras = {}): Diagnostic => {
      const entry = registry[code]!;
      const values = params as Readonly<Record<string, Param>>;
      const message = entry.template.replace(/\{(\w+)\}/g, (_, name: string) =>
        String(values[name]),
      );
      return {
        code,
        severity: entry.severity,
        subsystem: entry.subsystem,
        summary: entry.summary,
        message,
        ...(location === undefined ? {} : { location }),
        help: extras.help ?? entry.fix,
        ...(extras.details === undefined ? {} : { details: extras.details }),
      };
    };
  };
}
