// Watches an execution for property tests: what started and ended when, how full edges were, and what
// was broken on the way.
import type { EdgePlan } from '../src/plan/exec-plan.js';
import type {
  NodeOutcome,
  ObservedInvocation,
  ObservedRun,
  RunObserver,
} from '../src/observe/run-observer.js';
import { SOURCE, type Hop, type RandomFlow } from './random-flow.js';

interface Start {
  readonly alias: string;
  readonly hop: Hop;
  /** Position among the starts of its node. */
  readonly at: number;
}

export class RunRecorder implements RunObserver {
  /** Rules that were broken, in words. */
  readonly faults: string[] = [];
  readonly starts: Start[] = [];
  readonly #flow: RandomFlow;
  readonly #active = new Map<string, Set<number>>();
  readonly #busyKeys = new Map<number, string>();
  readonly #onEvent: () => void;

  /** @param onEvent called at each event, before it is looked at. */
  constructor(flow: RandomFlow, onEvent: () => void = () => undefined) {
    this.#flow = flow;
    this.#onEvent = onEvent;
  }

  /** Invocations that began and have not ended. */
  get active(): number {
    return [...this.#active.values()].reduce((sum, seqs) => sum + seqs.size, 0);
  }

  nodeStarted(_run: ObservedRun, { alias, seq, input, attempt }: ObservedInvocation): void {
    this.#onEvent();
    const node = this.#flow.nodes.find((n) => n.alias === alias)!;
    const active = this.#active.get(alias) ?? new Set();
    this.#active.set(alias, active.add(seq));
    if (active.size > node.max) this.faults.push(`${active.size} of ${node.max} at ${alias}`);
    if (alias === SOURCE) return;
    const hop = input as Hop;
    this.#checkKey(alias, seq, hop);
    if (attempt > 1) return;
    const at = this.starts.filter((start) => start.alias === alias).length;
    this.starts.push({ alias, hop, at });
  }

  nodeEnded(_run: ObservedRun, { alias, seq }: ObservedInvocation, _outcome: NodeOutcome): void {
    this.#onEvent();
    if (!this.#active.get(alias)?.delete(seq)) this.faults.push(`${alias} ended twice`);
    this.#busyKeys.delete(seq);
  }

  edgeDepth(_run: ObservedRun, { label, ir }: EdgePlan, depth: number): void {
    this.#onEvent();
    const { capacity } = this.#flow.edges.find((e) => e.from === ir.from && e.to === ir.to)!;
    if (depth > capacity || depth < 0) this.faults.push(`${depth} of ${capacity} on ${label}`);
  }

  /** Messages of one partitioned edge with equal keys do not overlap. */
  #checkKey(alias: string, seq: number, hop: Hop): void {
    const edge = this.#flow.edges.find((e) => e.from === hop.from && e.to === alias);
    if (edge === undefined) {
      this.faults.push(`no edge ${hop.from}->${alias}`);
      return;
    }
    if (!edge.partitioned) return;
    const lane = `${hop.from}->${alias}/${hop.key}`;
    if ([...this.#busyKeys.values()].includes(lane)) this.faults.push(`overlap in ${lane}`);
    this.#busyKeys.set(seq, lane);
  }
}

/** Pairs of messages that overtook each other although the flow forbids it. */
export function overtakings(flow: RandomFlow, starts: readonly Start[]): string[] {
  const faults: string[] = [];
  const startAt = new Map(starts.map((start) => [`${start.hop.path}>${start.alias}`, start.at]));
  for (const edge of flow.edges) {
    if (!edge.ordered && !edge.partitioned) continue;
    const last = new Map<string, readonly [number, number]>();
    for (const { alias, hop } of starts) {
      if (alias !== edge.to || hop.from !== edge.from) continue;
      const origin = originOf(flow, hop, startAt);
      const lane = `${origin.lane}|${edge.partitioned ? hop.key : ''}`;
      const before = last.get(lane);
      last.set(lane, origin.place);
      if (before === undefined) continue;
      const [[a, b], [c, d]] = [before, origin.place];
      if (a > c || (a === c && b >= d))
        faults.push(`${hop.path} came late on ${edge.from}->${alias}`);
    }
  }
  return faults;
}

/** Where a message was put out: messages of one lane have to keep the order of their places. */
function originOf(flow: RandomFlow, hop: Hop, startAt: ReadonlyMap<string, number>) {
  const [, parent, copy] = /^(.*)\/[^/]*\.(\d+)$/.exec(hop.path)!;
  const at = startAt.get(parent!) ?? 0;
  const place = [at, Number(copy)] as const;
  if (hop.from === SOURCE) return { lane: 'source', place };
  const node = flow.nodes.find(({ alias }) => alias === hop.from)!;
  if (node.max === 1) return { lane: 'sequential', place };
  const [, by] = /\/([^/]*)\.\d+>[^/]*$/.exec(parent!)!;
  const edge = flow.edges.find(({ from, to }) => from === by && to === hop.from)!;
  if (edge.partitioned) return { lane: `${by}/${hop.key}`, place };
  return { lane: edge.ordered ? 'ordered' : `one ${parent}`, place };
}
