// The executable form of a flow: nodes and edges by index, with everything that one message needs
// looked up beforehand. A plan is immutable and holds no state of an execution, so that any number of
// executions can share it.
import type { Diagnostic } from '@basalt/diagnostics';
import type { Delivery, EdgeIR, FlowIR, NodeIR, RetryPolicy, Selector, Value } from '@basalt/ir';
import type { NodeHandler } from '../node-handler.js';
import type { Invocation } from '../run/invocation.js';
import type { Message } from '../run/message.js';
import type { NodeRun } from '../run/node-run.js';
import type { Scope } from '../run/scope.js';
import type { FlowRun } from '../run/flow-run.js';

export type OnDrop = 'block' | 'drop_oldest' | 'drop_newest' | 'fail';

/** One edge. */
export interface EdgePlan {
  readonly index: number;
  readonly ir: EdgeIR;
  readonly from: number;
  readonly to: number;
  /** "from->to", as in traces and metrics. */
  readonly label: string;
  /** Most messages that wait on the edge, at least 1. */
  readonly capacity: number;
  readonly onDrop: OnDrop;
  readonly delivery: Delivery;
  readonly ordered: boolean;
  /** Equal values keep their order. */
  readonly partition: Selector | undefined;
  /** Longest stay in milliseconds; 0: as long as it takes. */
  readonly timeoutMs: number;
  /** Messages of at least this many bytes are spilled; Infinity: none. */
  readonly spillBytes: number;
  readonly spillTier: string | undefined;
  /** Closes a loop: never blocks its sender, and its messages are taken first. */
  readonly backward: boolean;
  /** Nothing but a bounded queue that blocks: the fast path. */
  readonly simple: boolean;
  /** The surface that its messages go through before they reach the target. */
  readonly intake: IntakePlan | undefined;
  /** The await surface that holds its messages. */
  readonly held: AwaitPlan | undefined;
}

/** Decides where an output of its node goes, for the edges that it gates. Several may hang on one
 * node; the edges that none of them gates always fire. */
export interface Router {
  readonly surface: string;
  readonly kind: string;
  /** Sends `value` on. Throws a DiagnosticError where the value cannot be routed; then nothing of it
   * was sent. */
  route(run: FlowRun, from: Invocation, value: Value, scope: Scope): void;
}

/** A surface at the entry of a node: join, zip, merge or window. */
export interface IntakePlan {
  readonly surface: string;
  readonly kind: string;
  start(run: FlowRun, node: NodeRun): Intake;
}

/** The state of an intake surface in one execution. */
export interface Intake {
  /** Takes one message; hands inputs on with `node.admit`. */
  accept(message: Message): void;
  /** Nothing moves in the whole execution. Hands on what it holds where its rules allow; true where
   * it did. */
  drain(): boolean;
  /** The time of a scope was over before a restart, and is again. */
  expire?(scopeKey: string): void;
  /** Why what it still holds cannot go on; undefined when it holds nothing. */
  starved(): Diagnostic | undefined;
}

/** An await surface on the edge from its source to its target. */
export interface AwaitPlan {
  readonly surface: string;
  readonly checkpointId: string;
  readonly correlation: Selector;
  readonly timeoutMs: number;
  readonly onTimeout: EdgePlan | undefined;
  readonly checkEvent: ((event: Value) => string | undefined) | undefined;
}

export interface RateLimitPlan {
  readonly surface: string;
  readonly qps: number;
  readonly burst: number;
}

/** What happens to an invocation that has failed for good. */
export interface ErrorPlan {
  /** fail: the execution fails. continue: the message is dropped, or handled. */
  readonly strategy: 'fail' | 'continue';
  /** Where {error, input} goes. */
  readonly handler: EdgePlan | undefined;
}

export interface CompensatorPlan {
  readonly handler: NodeHandler;
  readonly timeoutMs: number;
}

/** One node. */
export interface NodePlan {
  readonly index: number;
  readonly ir: NodeIR;
  readonly alias: string;
  /** Undefined on a subflow node only. */
  readonly handler: NodeHandler | undefined;
  readonly subflow: ExecPlan | undefined;
  /** Edges that every output takes. */
  readonly outputs: readonly EdgePlan[];
  readonly routers: readonly Router[];
  readonly inputs: readonly EdgePlan[];
  readonly intake: IntakePlan | undefined;
  /** Where a window's late items go. */
  readonly late: EdgePlan | undefined;
  readonly maxActive: number;
  /** Messages in one list; 0: no batches. */
  readonly batch: number;
  readonly batchWaitMs: number;
  /** Limit of one attempt in milliseconds; 0: none. */
  readonly timeoutMs: number;
  readonly onTimeout: EdgePlan | undefined;
  readonly retry: RetryPolicy | undefined;
  readonly onError: ErrorPlan;
  readonly rateLimits: readonly RateLimitPlan[];
  readonly compensator: CompensatorPlan | undefined;
  /** Pointers of the idempotency key; undefined where the node declares none. */
  readonly idempotent: boolean;
  /** Hints of what it writes and other nodes of the flow cache; undefined where there are none. */
  readonly invalidates: readonly string[] | undefined;
  readonly maxOutputBytes: number;
  /** No batch, rate limit, cache, deduplication or time limit: a message starts its handler at once. */
  readonly direct: boolean;
  readonly capabilities: ReadonlySet<string>;
  readonly params: Readonly<Record<string, Value>>;
  /** A problem of a payload, in words; undefined where it matches the schema of the node's input. */
  readonly checkInput: ((payload: Value) => string | undefined) | undefined;
  /** Position in topological order (back edges of loops aside). */
  readonly order: number;
}

/** A flow, ready to be executed. */
export interface ExecPlan {
  readonly ir: FlowIR;
  readonly nodes: readonly NodePlan[];
  readonly edges: readonly EdgePlan[];
  readonly byAlias: ReadonlyMap<string, NodePlan>;
  /** Nodes of kind trigger, else those without an inbound edge: where executions begin. */
  readonly triggers: readonly NodePlan[];
  readonly leaves: readonly NodePlan[];
  /** Nodes with an intake or batches, upstream first. */
  readonly holding: readonly NodePlan[];
  /** Edges whose messages may be spilled. */
  readonly spilling: readonly EdgePlan[];
  readonly hasCompensation: boolean;
  /** True where some capability has to be bound. */
  readonly needsCapabilities: boolean;
}
