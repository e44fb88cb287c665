// What a caller may set for one validation.
import type { Profile } from '@basalt/ir';

/** Line and column of a place in the text of the document; both count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export interface ValidateOptions {
  /** Checked for this profile instead of the one that the flow names. */
  readonly profile?: Profile;
  /** Names of the resource hints, credentials and secrets that are bound; not checked when absent. */
  readonly bindings?: ReadonlySet<string>;
  /** Findings that are kept; the rest is counted. 100 when absent. */
  readonly maxFindings?: number;
  /** Finds the place of an RFC 6901 pointer in the text of the document. */
  readonly locate?: (pointer: string) => TextPlace | undefined;
}
