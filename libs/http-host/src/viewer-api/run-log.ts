// The events of one run, one after the other in a flat list: it costs a tenth of the time and the memory
// of a record with nodes, edges and a timeline, which is made of it when somebody looks at the run.
import type { NodeOutcome, RunOutcome } from '@basalt/executor';
import type { NodeCount, RunEvents } from './run-events.js';
import type { ValueSample } from './value-sample.js';

// Each event is its code and its arguments, in the order of the method that takes them. Times are whole
// microseconds: small integers need no memory of their own.
const CHANGED = 0;
const NODE_STARTED = 1;
const NODE_ENDED = 2;
const EMITTED = 3;
const COUNTED = 4;
const FAILED = 5;
const DEPTH = 6;
const SPILLED = 7;
const EVENT = 8;
const ENDED = 9;
const PASSED = 10;

/** Unused places at the end of a log that are worth a copy without them. */
const MAX_SLACK = 16;

const microseconds = (ms: number) => Math.round(ms * 1000);

export class RunLog implements RunEvents {
  #slots: unknown[];
  #used = 0;
  #events = 0;

  /** @param room places that are made at once; more come where they are needed */
  constructor(room: number) {
    this.#slots = new Array<unknown>(room);
  }

  /** How many there are. */
  get events(): number {
    return this.#events;
  }

  /** Places that they take. */
  get used(): number {
    return this.#used;
  }

  changed(): void {
    this.#add(CHANGED);
  }

  nodeStarted(atMs: number, alias: string, seq: number, attempt: number, input: ValueSample): void {
    const at = this.#add(NODE_STARTED);
    const slots = this.#slots;
    slots[at] = microseconds(atMs);
    slots[at + 1] = alias;
    slots[at + 2] = seq;
    slots[at + 3] = attempt;
    slots[at + 4] = input;
    this.#used = at + 5;
  }

  nodeEnded(
    atMs: number,
    alias: string,
    seq: number,
    outcome: NodeOutcome,
    output: ValueSample | undefined,
  ): void {
    const at = this.#add(NODE_ENDED);
    const slots = this.#slots;
    slots[at] = microseconds(atMs);
    slots[at + 1] = alias;
    slots[at + 2] = seq;
    slots[at + 3] = outcome;
    slots[at + 4] = output;
    this.#used = at + 5;
  }

  passed(alias: string, attempts: number, ms: number): void {
    const at = this.#add(PASSED);
    const slots = this.#slots;
    slots[at] = alias;
    slots[at + 1] = attempts;
    slots[at + 2] = microseconds(ms);
    this.#used = at + 3;
  }

  emitted(alias: string, seq: number, value: ValueSample): void {
    const at = this.#add(EMITTED);
    const slots = this.#slots;
    slots[at] = alias;
    slots[at + 1] = seq;
    slots[at + 2] = value;
    this.#used = at + 3;
  }

  counted(alias: string, what: NodeCount): void {
    this.#pair(COUNTED, alias, what);
  }

  failed(alias: string, kind: string): void {
    this.#pair(FAILED, alias, kind);
  }

  depth(label: string, depth: number): void {
    this.#pair(DEPTH, label, depth);
  }

  spilled(label: string): void {
    this.#pair(SPILLED, label, undefined);
  }

  event(atMs: number, kind: string, node: string | undefined, text: string | undefined): void {
    const at = this.#add(EVENT);
    const slots = this.#slots;
    slots[at] = microseconds(atMs);
    slots[at + 1] = kind;
    slots[at + 2] = node;
    slots[at + 3] = text;
    this.#used = at + 4;
  }

  ended(atMs: number, status: RunOutcome, text: string | undefined): void {
    const at = this.#add(ENDED);
    const slots = this.#slots;
    slots[at] = microseconds(atMs);
    slots[at + 1] = status;
    slots[at + 2] = text;
    this.#used = at + 3;
  }

  /** Gives up places that were made and not needed. */
  trim(): void {
    if (this.#slots.length - this.#used > MAX_SLACK) this.#slots = this.#slots.slice(0, this.#used);
  }

  /** Tells all events again, in their order. */
  replay(into: RunEvents): void {
    const slots = this.#slots;
    let at = 0;
    const next = () => slots[at++] as never;
    const ms = () => (next() as number) / 1000;
    while (at < this.#used) {
      const code: number = next();
      if (code === CHANGED) into.changed();
      else if (code === NODE_STARTED) into.nodeStarted(ms(), next(), next(), next(), next());
      else if (code === NODE_ENDED) into.nodeEnded(ms(), next(), next(), next(), next());
      else if (code === EMITTED) into.emitted(next(), next(), next());
      else if (code === COUNTED) into.counted(next(), next());
      else if (code === FAILED) into.failed(next(), next());
      else if (code === DEPTH) into.depth(next(), next());
      else if (code === SPILLED) {
        into.spilled(next());
        at += 1;
      } else if (code === PASSED) into.passed(next(), next(), ms());
      else if (code === EVENT) into.event(ms(), next(), next(), next());
      else into.ended(ms(), next(), next());
    }
  }

  #pair(code: number, first: string, second: unknown): void {
    const at = this.#add(code);
    this.#slots[at] = first;
    this.#slots[at + 1] = second;
    this.#used = at + 2;
  }

  /** Adds a code, and gives the place of its first argument. */
  #add(code: number): number {
    const at = this.#used;
    this.#slots[at] = code;
    this.#events += 1;
    return (this.#used = at + 1);
  }
}
