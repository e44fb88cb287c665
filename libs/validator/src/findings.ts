// Collects findings up to a bound, makes their text safe to show, and finds their places.
import { diagnostic, printable, type Diagnostic, type Location } from '@basalt/diagnostics';
import { formatPointer } from '@basalt/ir';
import type { PathStep } from './rule.js';
import type { TextPlace } from './validate-options.js';

/** The findings of one validation. */
export class Findings {
  readonly #kept: Diagnostic[] = [];
  readonly #limit: number;
  readonly #locate: ((pointer: string) => TextPlace | undefined) | undefined;
  #cut = 0;

  constructor(limit: number, locate?: (pointer: string) => TextPlace | undefined) {
    this.#limit = Math.max(0, limit);
    this.#locate = locate;
  }

  pointer(path: readonly PathStep[]): string {
    return formatPointer(path);
  }

  /** True when a further finding would only be counted. */
  get full(): boolean {
    return this.#kept.length >= this.#limit;
  }

  add(finding: Diagnostic): void {
    if (this.full) {
      this.#cut += 1;
      return;
    }
    const { location } = finding;
    this.#kept.push({
      ...finding,
      // Names come from the document, and no control character of theirs may reach a terminal.
      message: printable(finding.message),
      ...(location === undefined ? {} : { location: this.#placed(location) }),
    });
  }

  /** The kept findings, and at the end how many were cut. */
  all(): readonly Diagnostic[] {
    if (this.#cut === 0) return this.#kept;
    const limit = this.#limit;
    const details = { shown: limit, cut: this.#cut };
    const help = `${this.#cut} more findings were cut. Correct those that are shown, or ask for more.`;
    return [...this.#kept, diagnostic.DOC016({ limit }, undefined, { details, help })];
  }

  /** A node that was written in a source file keeps that place. */
  #placed(location: Location): Location {
    if (this.#locate === undefined || location.pointer === undefined) return location;
    return location.line === undefined ? nearestPlace(location, this.#locate) : location;
  }
}

/** Adds line and column of the place, or of the nearest part around it that the text has. */
export function nearestPlace(
  location: Location,
  locate: (pointer: string) => TextPlace | undefined,
): Location {
  for (const pointer of enclosingPointers(location.pointer ?? '')) {
    const place = locate(pointer);
    if (place !== undefined) return { ...location, line: place.line, column: place.column };
  }
  return location;
}

/** A pointer and all that lead towards it, the longest first, the whole document last. */
export function enclosingPointers(pointer: string): readonly string[] {
  const found = [pointer];
  for (let rest = pointer; rest !== '';) {
    rest = rest.slice(0, rest.lastIndexOf('/'));
    found.push(rest);
  }
  return found;
}
