// What a caller may set for one validation.
import type { Profile } from '@basalt/ir';
import type { BindingsInfo } from './bindings-info.js';
import type { Policy } from './policy/policy.js';

/** Line and column of a place in the text of the document; both count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export interface ValidateOptions {
  /** Checked for this profile instead of the one that the flow names. */
  readonly profile?: Profile;
  /** What is bound where the flow is to run; not checked when absent. */
  readonly bindings?: BindingsInfo;
  /** What flows may do here, from `parsePolicy`; not checked when absent. */
  readonly policy?: Policy;
  /** Findings that are kept; the rest is counted. 100 when absent. */
  readonly maxFindings?: number;
  /** Finds the place of an RFC 6901 pointer in the text of the document. */
  readonly locate?: (pointer: string) => TextPlace | undefined;
}
