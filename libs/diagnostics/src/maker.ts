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

/** What a parameter of a template may be. */
export type Param = string | number;

/** The parameters of a template that has none. */
export type NoParams = Readonly<Record<never, never>>;

/** What a constructor may add beside its parameters. */
export interface Extras {
  readonly details?: Readonly<Record<string, unknown>>;
  /** Replaces the code's standard help where the finding knows better. */
  readonly help?: string;
}

/** Longest parameter in a message, in UTF-16 units: a name of a megabyte is cut. */
const LONGEST_PARAM = 500;

/** Makes the constructors of a registry: one call a code. */
export function makerFor(registry: Readonly<Record<string, CodeEntry>>) {
  return function maker<P extends object>(code: string) {
    return (params: P, location?: Location, extras: Extras = {}): Diagnostic => {
      const entry = registry[code]!;
      return {
        code,
        severity: entry.severity,
        subsystem: entry.subsystem,
        summary: entry.summary,
        message: fill(entry.template, params as Readonly<Record<string, Param>>),
        ...(location === undefined ? {} : { location }),
        help: extras.help ?? entry.fix,
        ...(extras.details === undefined ? {} : { details: extras.details }),
      };
    };
  };
}

/** Fills the template in one pass, so that a value with braces in it is not filled again. A missing
 * value stays as its {name}: a finding is never lost to a bug in its message. */
function fill(template: string, values: Readonly<Record<string, Param>>): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    if (!Object.hasOwn(values, name) || values[name] === undefined) return placeholder;
    const text = String(values[name]);
    return text.length <= LONGEST_PARAM ? text : `${text.slice(0, LONGEST_PARAM)}...`;
  });
}
