// Collects findings on a document up to a cap, and places them once, at the end, so that a document
// without findings costs no position at all.
import { diagnostic, type Diagnostic, type Location } from '@basalt/diagnostics';
import { formatPointer } from './pointer.js';

/** Most findings that are reported on one document. */
export const MAX_FINDINGS = 100;

interface Pending {
  readonly pointer: string | undefined;
  readonly place: { readonly line: number; readonly column: number } | undefined;
  readonly make: (location: Location | undefined) => Diagnostic;
}

/** Finds line and column (from 1) of the values at the given pointers. */
export type Locate = (
  pointers: ReadonlySet<string>,
) => ReadonlyMap<string, { readonly line: number; readonly column: number }>;

export class Findings {
  readonly #pending: Pending[] = [];
  #dropped = false;

  /** True once the cap is reached: whoever checks may stop. */
  get full(): boolean {
    return this.#dropped;
  }

  get empty(): boolean {
    return this.#pending.length === 0;
  }

  /** Adds a finding on the value at a path. */
  at(path: readonly (string | number)[], make: Pending['make']): void {
    this.#add({ pointer: formatPointer(path), place: undefined, make });
  }

  /** Adds a finding at a place in the text, or, without one, on the document as a whole. */
  inText(place: Pending['place'], make: Pending['make'], pointer?: string): void {
    this.#add({ pointer, place, make });
  }

  /** The findings, placed, in the order of their discovery. */
  placed(file: string | undefined, locate: Locate | undefined): Diagnostic[] {
    const wanted = new Set(
      this.#pending.flatMap((p) => (p.place || p.pointer === undefined ? [] : [p.pointer])),
    );
    const places = locate !== undefined && wanted.size > 0 ? locate(wanted) : undefined;
    const list = this.#pending.map(({ pointer, place, make }) => {
      const spot = place ?? (pointer === undefined ? undefined : places?.get(pointer));
      const location: Location = {
        ...(file === undefined ? {} : { file }),
        ...(pointer === undefined ? {} : { pointer }),
        ...(spot === undefined ? {} : { line: spot.line, column: spot.column }),
      };
      return make(Object.keys(location).length === 0 ? undefined : location);
    });
    if (this.#dropped) list.push(diagnostic.DOC016({ limit: MAX_FINDINGS }));
    return list;
  }

  #add(finding: Pending): void {
    if (this.#pending.length < MAX_FINDINGS) this.#pending.push(finding);
    else this.#dropped = true;
  }
}
