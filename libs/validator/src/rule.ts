// What a rule is, and what it is given. A rule looks at one flow, reports what it finds, and changes
// nothing; it never throws, whatever the flow holds.
import type { Diagnostic, DiagnosticCode, Extras, Location } from '@basalt/diagnostics';
import type { FlowIR, Profile } from '@basalt/ir';
import type { FlowIndex, IndexedEdge, IndexedNode, IndexedSurface } from './flow-index.js';
import type { ValidateOptions } from './validate-options.js';

/** A step of a path into the flow document. */
export type PathStep = string | number;

export interface RuleContext {
  readonly flow: FlowIR;
  readonly index: FlowIndex;
  readonly options: ValidateOptions;
  /** The profile that the flow is checked for. */
  readonly profile: Profile;
  /** RFC 6901 pointer of a place in this flow, with the prefix of the subflow that it is. */
  pointer(...path: readonly PathStep[]): string;
  /** A place in this flow: `at('edges', 3, 'buffer')`. */
  at(...path: readonly PathStep[]): Location;
  /** A place in a node, with the file and line where the node was written, if that is known. */
  atNode(node: IndexedNode, ...path: readonly PathStep[]): Location;
  atEdge(edge: IndexedEdge, ...path: readonly PathStep[]): Location;
  atSurface(surface: IndexedSurface, ...path: readonly PathStep[]): Location;
  /** What to add to a finding about an unknown alias: which one may be meant. */
  didYouMean(code: DiagnosticCode, alias: string): Extras;
  report(finding: Diagnostic): void;
}

export interface Rule {
  /** The name of its file. */
  readonly name: string;
  /** Every code that it may report. */
  readonly codes: readonly DiagnosticCode[];
  check(context: RuleContext): void;
}
