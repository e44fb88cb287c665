// What the viewer's pages and their server say to each other, below /_flows/api/. JSON throughout;
// times are milliseconds, those named `_at` since the epoch.

/** JSON, as it is parsed. */
export type ShownJson =
  null | boolean | number | string | readonly ShownJson[] | { readonly [key: string]: ShownJson };

/** A value, or where it is large the beginning of it. */
export interface ShownValue {
  readonly json: ShownJson;
  /** True where this is only the beginning. */
  readonly cut: boolean;
}

// Flows.

export interface FlowEntry {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly profile: string;
  readonly node_count: number;
  readonly edge_count: number;
  readonly triggers: readonly TriggerEntry[];
  /** Remembered runs, by status. */
  readonly counts: RunCounts;
  readonly may: Permissions;
}

/** What the caller may do with a flow that it may see. */
export interface Permissions {
  readonly run: boolean;
  readonly cancel: boolean;
}

export interface RunCounts {
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

export interface TriggerEntry {
  readonly alias: string;
  readonly kind: string;
  /** Such as "POST /echo"; empty where it is no HTTP trigger. */
  readonly route: string;
  readonly respond: string;
}

export interface FlowList {
  readonly flows: readonly FlowEntry[];
}

export interface FlowDetail {
  readonly flow: FlowEntry;
  readonly graph: GraphPicture;
  readonly findings: readonly Finding[];
  /** The JSON Schema of each trigger's payload; null where anything is accepted. */
  readonly payloads: Readonly<Record<string, ShownJson>>;
  /** The Flow IR document. */
  readonly ir: ShownJson;
}

/** What is drawn of a flow. */
export interface GraphPicture {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly alias: string;
  readonly name: string;
  readonly kind: string;
  readonly effects: string;
  readonly determinism: string;
  readonly summary: string;
  /** Short facts: route, retries, limits, waits. */
  readonly notes: readonly string[];
  /** All that the document says of the node, for people. */
  readonly facts: readonly (readonly [label: string, text: string])[];
}

export interface GraphEdge {
  /** Aliases. */
  readonly from: string;
  readonly to: string;
  readonly delivery: string;
  /** When a message takes this edge. */
  readonly routing: readonly string[];
  /** What differs from an ordinary edge. */
  readonly terms: readonly string[];
}

/** A diagnostic and the part of the flow that it is about. */
export interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly help: string;
  /** Aliases of nodes; empty where it is about the whole flow. */
  readonly nodes: readonly string[];
}

// Runs.

export type RunStatusWord = 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled';

export interface RunEntry {
  readonly id: string;
  readonly flow: string;
  readonly flow_name: string;
  readonly status: RunStatusWord;
  readonly started_at: number;
  /** Null while it runs. */
  readonly duration_ms: number | null;
  readonly trigger: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Why it ended early. */
  readonly cause: RunCause | null;
  /** The run whose subflow this is. */
  readonly parent: string | null;
}

export interface RunCause {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

export interface RunPage {
  readonly runs: readonly RunEntry[];
  /** Give it as `cursor` for what follows; null where nothing does. */
  readonly next: string | null;
  /** Runs that are remembered in all. */
  readonly total: number;
  /** Completed runs of the flows that the caller may see which were not kept, for there were too many. */
  readonly not_kept: number;
}

export interface RunDetail {
  readonly graph: GraphPicture;
  /** Null where it was refused before it had a payload, or where the payload is not for showing. */
  readonly input: ShownValue | null;
  readonly may: Permissions;
  /** Why it cannot be run again; null where it can. */
  readonly not_again: string | null;
  readonly state: RunChange;
}

/** What changed in a run since a version; since version 0 that is everything. */
export interface RunChange {
  readonly version: number;
  readonly run: RunEntry;
  /** The first one, where it is known and may be shown. */
  readonly output: ShownValue | null;
  /** Outputs that were given. */
  readonly outputs: number;
  readonly children: readonly string[];
  readonly nodes: readonly NodeStatus[];
  readonly edges: readonly EdgeStatus[];
  readonly events: readonly RunEvent[];
  /** Events that were dropped between the first and the last ones. */
  readonly events_omitted: number;
}

export type NodeStateWord = 'running' | 'ok' | 'failed' | 'timeout' | 'cancelled';

export interface NodeStatus {
  readonly alias: string;
  readonly state: NodeStateWord;
  readonly active: number;
  /** Attempts begun, retries included. */
  readonly started: number;
  readonly ok: number;
  readonly failed: number;
  readonly timed_out: number;
  readonly cancelled: number;
  readonly retries: number;
  readonly cached: number;
  readonly dropped: number;
  readonly emitted: number;
  readonly mean_ms: number | null;
  readonly max_ms: number | null;
  readonly last_failure: string | null;
}

export interface EdgeStatus {
  /** "from->to". */
  readonly label: string;
  readonly depth: number;
  readonly max_depth: number;
  readonly passed: number;
  readonly spilled: number;
}

export interface RunEvent {
  readonly index: number;
  /** Milliseconds since the start of the run. */
  readonly at_ms: number;
  readonly kind: string;
  readonly node: string | null;
  readonly text: string | null;
}

export interface NodeInspection {
  readonly alias: string;
  readonly invocations: readonly InvocationEntry[];
  /** Attempts that were dropped between the first and the last ones. */
  readonly omitted: number;
  /** Why inputs or outputs are not shown; null where they are. */
  readonly hidden: string | null;
}

export interface InvocationEntry {
  readonly seq: number;
  readonly attempt: number;
  readonly start_ms: number;
  readonly end_ms: number | null;
  readonly outcome: string | null;
  readonly input: ShownValue | null;
  readonly output: ShownValue | null;
  /** True where there was one, shown or not. */
  readonly has_output: boolean;
  readonly emitted: number;
  readonly emissions: readonly ShownValue[];
}

// Acting, and failing.

export interface StartedRun {
  readonly run_id: string;
}

export interface ErrorAnswer {
  readonly error: string;
  readonly code: string;
  readonly details?: {
    /** What is wrong with a payload, by RFC 6901 pointer. */
    readonly problems?: readonly PayloadProblem[];
  };
}

export interface PayloadProblem {
  readonly pointer: string;
  readonly message: string;
}

/** Every request that changes something carries this header, which no other site can send. */
export const CHANGE_HEADER = 'x-basalt-viewer';
