// Which message came first, where that matters: at the windows, zips, merges, joins and batches at the
// entry of a node. The order is recorded, and after a restart messages are let in as they came before,
// so that what was put together then is put together again.
import { diagnostic } from '@basalt/diagnostics';
import type { Message } from '../run/message.js';
import type { NodeRun } from '../run/node-run.js';
import type { DurableRun } from './durable-run.js';
import { intakeName } from './run-history.js';
import type { InvocationKey } from './run-journal.js';

/** Begins the key of what is no message: the time of the scope that follows was over. */
const MARK = '-';

export class ArrivalOrder {
  readonly #durable: DurableRun;
  readonly #node: NodeRun;
  readonly #scope: string;
  /** Keys of what came before the restart, and how many of them have come again. */
  readonly #expected: readonly InvocationKey[];
  #next = 0;
  readonly #awaited: ReadonlySet<InvocationKey>;
  readonly #held = new Map<InvocationKey, Message>();
  /** Messages that came before the restart was made up for, and had not come then. */
  readonly #later: { readonly key: InvocationKey; readonly message: Message }[] = [];

  constructor(durable: DurableRun, node: NodeRun) {
    this.#durable = durable;
    this.#node = node;
    this.#scope = node.run.root.key;
    const name = intakeName(this.#scope, node.plan.alias);
    this.#expected = durable.history.arrivals.get(name) ?? [];
    this.#awaited = new Set(this.#expected);
  }

  /** True until everything has come that came before the restart. No time runs out meanwhile. */
  get isReplaying(): boolean {
    return this.#next < this.#expected.length;
  }

  /** A message is at the entry. */
  accept(message: Message): void {
    const from = message.edge?.label ?? this.#node.plan.alias;
    const { key } = this.#durable.identify(`in:${from}`, message.scope, message.value);
    if (!this.isReplaying) {
      this.#letIn(key, message);
      return;
    }
    if (this.#awaited.has(key)) this.#held.set(key, message);
    else this.#later.push({ key, message });
    this.#advance();
  }

  /** The time of a scope is over: what is there is put together. */
  expired(scopeKey: string): void {
    this.#record(`${MARK}${scopeKey}`);
  }

  /** Nothing moves any more: what has not come again never will. True where that lets something in. */
  drain(): boolean {
    if (!this.isReplaying) return false;
    const { alias } = this.#node.plan;
    const missing = this.#expected.length - this.#next - this.#held.size;
    this.#node.run.ending.note(diagnostic.DUR109({ node: alias, count: Math.max(1, missing) }));
    const before = this.#held.size + this.#later.length;
    while (this.isReplaying) this.#comeAgain(this.#expected[this.#next]!);
    this.#letLaterIn();
    return before > 0;
  }

  #advance(): void {
    while (this.isReplaying) {
      const key = this.#expected[this.#next]!;
      if (!key.startsWith(MARK) && !this.#held.has(key)) return;
      this.#comeAgain(key);
    }
    this.#letLaterIn();
  }

  #comeAgain(key: InvocationKey): void {
    this.#next += 1;
    if (key.startsWith(MARK)) {
      this.#node.expire(key.slice(MARK.length));
      return;
    }
    const message = this.#held.get(key);
    this.#held.delete(key);
    if (message !== undefined) this.#node.letIn(message);
  }

  #letLaterIn(): void {
    for (const { key, message } of this.#later.splice(0)) this.#letIn(key, message);
  }

  #letIn(key: InvocationKey, message: Message): void {
    this.#record(key);
    this.#node.letIn(message);
  }

  #record(key: InvocationKey): void {
    const { alias } = this.#node.plan;
    const at = this.#node.run.now();
    this.#durable.append({ kind: 'arrived', key, alias, scope: this.#scope, at });
  }
}
