// What a certification leaves behind: evidence.json of a bundle. schemas/evidence.schema.json is its form
// for others.
import type { Json } from '@basalt/ir';

export const EVIDENCE_FORMAT = 'basalt-evidence';
export const EVIDENCE_VERSION = 1;

/** One kind of certificate, in the form of JSON. Two certifications with one seed differ in no more than
 * times, and in what a failing case shows. */
export interface Evidence {
  readonly format: typeof EVIDENCE_FORMAT;
  readonly version: typeof EVIDENCE_VERSION;
  readonly kind: 'idempotency' | 'determinism';
  readonly verdict: 'certified' | 'failed';
  readonly flow: {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    /** Of the document. */
    readonly hash: string;
  };
  /** Where jobs and journals were kept; memory for a determinism. */
  readonly backend: 'embedded' | 'redis' | 'memory';
  readonly seed: number;
  readonly tools: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly started_at: string;
  readonly duration_ms: number;
  /** The same for the same flow, seed, payloads and number of cases. */
  readonly counts: Readonly<Record<string, number>>;
  readonly inputs: readonly EvidenceInput[];
  readonly cases: readonly EvidenceCase[];
  /** What a reader has to know about this certificate. */
  readonly notes: readonly string[];
  /** What it says and what it does not. */
  readonly scope: readonly string[];
  readonly failure?: EvidenceFailure;
}

export interface EvidenceInput {
  readonly id: string;
  readonly payload: Json;
  /** How it ends without faults. */
  readonly end: string;
  /** Effects that it has to have. */
  readonly effects: number;
}

export interface EvidenceCase {
  readonly number: number;
  readonly inputs: readonly string[];
  /** What was done, in words. */
  readonly faults: readonly string[];
  readonly verdict: 'passed' | 'failed';
  /** Codes of what was found. */
  readonly codes: readonly string[];
}

/** The minimal failing case. */
export interface EvidenceFailure {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly node: string;
  /** Other causes that were seen. */
  readonly also: readonly string[];
  readonly case_number: number;
  /** Cases that the reduction has executed. */
  readonly reduced_by: number;
  readonly faults: readonly string[];
  readonly inputs: readonly { readonly id: string; readonly payload: Json }[];
  readonly timeline: readonly {
    readonly ms: number;
    readonly what: string;
    readonly job: string;
    readonly text: string;
  }[];
  /** Calls that changed the world. */
  readonly ledger: readonly Readonly<Record<string, Json>>[];
  /** Command lines that show it again. */
  readonly commands: readonly string[];
  /** The content of case.json, where there is one. */
  readonly case?: Json;
}
