// Turns a row of segments into a flow: nodes, edges, surfaces and handlers.
import type { ControlSurfaceIR, EdgeIR, FlowIR, NodeIR, SurfaceKind, Value } from '@basalt/ir';
import type { FlowBundle, NodeContext, NodeHandler } from '../src/node-handler.js';
import type { EffectServer } from './effect-server.js';
import type { Segment } from './segment.js';

/** What travels. The path says where it has been, and is another one for each message. */
export type Parcel = {
  readonly path: string;
  readonly laps?: number;
  readonly again?: boolean;
  readonly items?: readonly Parcel[];
  readonly t?: number;
};

export interface SegmentFlowOptions {
  readonly server: EffectServer;
  /** Waits in a handler; on the clock of the execution when absent. */
  readonly pause?: (context: NodeContext, ms: number) => Promise<void>;
  /** The last node fails, and everything is undone. */
  readonly fails?: boolean;
}

const RETRY = {
  max_attempts: 3,
  backoff_ms: 1,
  multiplier: 1,
  max_backoff_ms: 1,
  jitter: 'full',
  owner: 'orchestrator',
} as const;

export function flowOfSegments(row: readonly Segment[], options: SegmentFlowOptions): FlowBundle {
  const handlers = new Map<string, NodeHandler>();
  const ir = new Builder('main', handlers, options).build(row, options.fails ?? false);
  return { ir, handlers };
}

class Builder {
  readonly #nodes: NodeIR[] = [];
  readonly #edges: EdgeIR[] = [];
  readonly #surfaces: ControlSurfaceIR[] = [];
  readonly #subflows: Record<string, FlowIR> = {};

  constructor(
    private readonly name: string,
    private readonly handlers: Map<string, NodeHandler>,
    private readonly options: SegmentFlowOptions,
  ) {}

  build(row: readonly Segment[], fails: boolean): FlowIR {
    const begin = this.#node('begin', (value: Parcel) => value, { kind: 'trigger' });
    const last = this.#row(begin, row);
    const end = this.#node('end', (value: Parcel) => {
      if (fails) throw new Error('the end fails');
      return value;
    });
    this.#edge(last, end);
    return {
      id: this.name,
      name: this.name,
      version: '1.0.0',
      profile: 'dev',
      nodes: this.#nodes,
      edges: this.#edges,
      control_surfaces: this.#surfaces,
      checkpoints: [],
      policies: { lint: { require_control_hints: false } },
      metadata: { tags: [] },
      artifacts: [],
      subflows: this.#subflows,
    };
  }

  /** Adds the segments behind `from`; gives the alias of the last node. */
  #row(from: string, row: readonly Segment[]): string {
    return row.reduce((at, segment) => this.#segment(at, segment), from);
  }

  #segment(from: string, segment: Segment): string {
    switch (segment.kind) {
      case 'pure':
        return this.#after(from, this.#node('pure', this.#step(segment.delayMs)));
      case 'effect':
        return this.#after(from, this.#effect(segment.delayMs, segment.fails));
      case 'fan':
        return this.#fan(from, segment.left, segment.right);
      case 'each':
        return this.#each(from, segment);
      case 'loop':
        return this.#loop(from, segment);
      case 'caught':
        return this.#caught(from, segment.fails);
      case 'wait':
      case 'late':
        return this.#wait(from, segment.kind === 'late');
      case 'subflow':
        return this.#subflow(from, segment.body);
      case 'stream':
        return this.#stream(from, segment);
      case 'race':
        return this.#race(from, segment);
      case 'batch':
        return this.#batch(from, segment);
    }
  }

  #fan(from: string, left: readonly Segment[], right: readonly Segment[]): string {
    const fork = this.#after(
      from,
      this.#node('fork', (value: Parcel) => value),
    );
    const ends = [left, right].map((row) => this.#row(this.#mark(fork), row));
    const join = this.#node('join', (parts: Record<string, Parcel>) => ({
      path: `(${ends.map((end) => parts[end]!.path).join('|')})`,
    }));
    for (const end of ends) this.#edge(end, join);
    this.#surface('join', { sources: ends, target: join, mode: 'all' });
    return join;
  }

  #each(from: string, { items, concurrency, body }: Extract<Segment, { kind: 'each' }>): string {
    const list = this.#node('list', (value: Parcel) => ({
      items: Array.from({ length: items }, (_, i) => ({ path: `${value.path}[${i}]` })),
    }));
    this.#after(from, list);
    const entry = this.#mark(list);
    const exit = this.#after(
      this.#row(entry, body),
      this.#node('exit', (value: Parcel) => value),
    );
    const collect = this.#node('collect', (all: readonly Parcel[]) => ({
      path: `{${all.map(({ path }) => path).join(',')}}`,
    }));
    this.#edge(exit, collect);
    const config = { source: list, items_pointer: '/items', body_entry: entry, body_exit: exit };
    this.#surface('for_each', { ...config, collect, concurrency, on_error: 'fail' });
    return collect;
  }

  #loop(from: string, { passes, body }: Extract<Segment, { kind: 'loop' }>): string {
    const entry = this.#node('lap', (value: Parcel) => ({ ...value, path: `${value.path}~` }));
    this.#after(from, entry);
    const source = this.#node('turn', ({ path, laps = 1 }: Parcel) => ({
      path,
      laps: laps + 1,
      again: laps < passes,
    }));
    // The count travels in the value; what is inside of the body may lose it.
    const counts = body.every(({ kind }) => kind === 'pure' || kind === 'effect');
    this.#after(this.#row(entry, counts ? body : []), source);
    const exit = this.#node('out', ({ path }: Parcel) => ({ path }));
    this.#edge(source, entry);
    this.#edge(source, exit);
    const config = { source, selector_pointer: '/again', body_entry: entry, exit };
    this.#surface('loop', { ...config, max_iterations: 9, on_exhausted: 'fail' });
    return counts ? exit : this.#row(exit, body);
  }

  #caught(from: string, fails: number): string {
    const risky = this.#effect(0, 9, { ...RETRY, max_attempts: fails });
    this.#after(from, risky);
    const caught = this.#node(
      'caught',
      ({ error, input }: { error: { attempt: number; message: string }; input: Parcel }) => ({
        path: `${input.path}<${error.message} ${error.attempt}>`,
      }),
    );
    const next = this.#node('next', (value: Parcel) => value);
    this.#edge(risky, caught);
    this.#edge(risky, next);
    this.#edge(caught, next);
    const config = { scope: { nodes: [risky] }, strategy: 'continue', handler: caught };
    this.#surface('error_handler', config);
    return next;
  }

  #wait(from: string, isLate: boolean): string {
    const ask = this.#after(
      from,
      this.#node('ask', (value: Parcel) => value),
    );
    const told = this.#node('told', ({ input, event }: { input: Parcel; event: Value }) => ({
      path: `${input.path}?${String(event)}`,
    }));
    const next = this.#node('next', (value: Parcel) => value);
    this.#edge(ask, told);
    this.#edge(told, next);
    const config = { checkpoint_id: isLate ? 'late' : 'told', correlation_key: '/path' };
    const late = this.#node('late', ({ input }: { input: Parcel }) => ({
      path: `${input.path}?-`,
    }));
    this.#edge(ask, late);
    this.#edge(late, next);
    const limit = { timeout_ms: isLate ? 5 : 60_000, on_timeout: late };
    this.#surface('await', { ...config, source: ask, target: told, ...limit });
    return next;
  }

  #subflow(from: string, body: readonly Segment[]): string {
    const name = `${this.name}_${Object.keys(this.#subflows).length}`;
    const key = `sub${Object.keys(this.#subflows).length}`;
    this.#subflows[key] = new Builder(name, this.handlers, this.options).build(body, false);
    const alias = this.#node('sub', () => undefined, { kind: 'subflow', subflow: key });
    return this.#after(from, alias);
  }

  #stream(from: string, { items, emits }: Extract<Segment, { kind: 'stream' }>): string {
    const effect = this.#effect(1, 0);
    this.#after(this.#after(from, this.#source(items, emits)), effect);
    return this.#gather([effect]);
  }

  #race(from: string, { items, delayMs }: Extract<Segment, { kind: 'race' }>): string {
    const source = this.#after(from, this.#source(items, false));
    const ways = [delayMs, 1].map((ms) =>
      this.#after(source, this.#node('way', this.#step(ms), { concurrency: { max: 2 } })),
    );
    return this.#after(this.#gather(ways), this.#effect(0, 0));
  }

  #batch(from: string, { items, size }: Extract<Segment, { kind: 'batch' }>): string {
    const source = this.#after(from, this.#source(items, true));
    const batch = this.#node(
      'batch',
      (list: readonly Parcel[]) => ({ path: `<${list.map(({ path }) => path).join()}>`, t: 0 }),
      { concurrency: { max: 1, batch: size, batch_wait_ms: 2 } },
    );
    return this.#gather([this.#after(source, batch)]);
  }

  /** A window over all messages: one comes out. */
  #gather(ends: readonly string[]): string {
    const gather = this.#node('gather', ({ items }: { items: readonly Parcel[] }) => ({
      path: `=${items.map(({ path }) => path).join('+')}`,
    }));
    for (const end of ends) this.#edge(end, gather);
    this.#surface('window', {
      type: 'tumbling',
      size_ms: 1_000_000,
      allowed_lateness_ms: 0,
      watermark: 'max_event_time',
      event_time_pointer: '/t',
      target: gather,
    });
    return gather;
  }

  #source(items: number, emits: boolean): string {
    const { options } = this;
    const item = ({ path }: Parcel, i: number) => ({ path: `${path}#${i}`, t: i });
    if (emits) {
      return this.#node('emit', async (value: Parcel, context) => {
        for (let i = 0; i < items; i += 1) {
          await pause(options, context, 1);
          await context.emit(item(value, i));
        }
      });
    }
    return this.#node('stream', async function* (value: Parcel, context: NodeContext) {
      for (let i = 0; i < items; i += 1) {
        await pause(options, context, i % 2);
        yield item(value, i);
      }
    } as unknown as NodeHandler);
  }

  #step(delayMs: number): NodeHandler {
    return async (value: Parcel, context) => {
      await pause(this.options, context, delayMs);
      return { ...value, path: `${value.path}.` };
    };
  }

  #effect(delayMs: number, fails: number, retry: NodeIR['retry'] = RETRY): string {
    const { server } = this.options;
    const alias = this.#node(
      'effect',
      async (value: Parcel, context) => {
        server.call(context);
        if (delayMs > 0) await pause(this.options, context, delayMs);
        if (context.attempt <= fails) throw new Error('not yet');
        server.done(context);
        return { ...value, path: `${value.path}!` };
      },
      {
        effects: 'effectful',
        determinism: 'nondeterministic',
        idempotency: { key: '/path' },
        retry,
        compensation: { identifier: `undo ${this.name}` },
      },
    );
    this.handlers.set(`undo ${this.name}`, async (_: Value, context) => server.undo(context));
    return alias;
  }

  /** A node that does nothing, so that a branch begins with one. */
  #mark(from: string): string {
    return this.#after(
      from,
      this.#node('mark', (value: Parcel) => value),
    );
  }

  #after(from: string, alias: string): string {
    this.#edge(from, alias);
    return alias;
  }

  #node(kind: string, run: NodeHandler, more: Partial<NodeIR> = {}): string {
    const alias = `${this.name}_${kind}${this.#nodes.length}`;
    this.handlers.set(alias, run);
    this.#nodes.push({
      id: `test::${alias}`,
      alias,
      identifier: alias,
      name: alias,
      kind: 'inline',
      in_schema: { kind: 'opaque' },
      out_schema: { kind: 'opaque' },
      effects: 'pure',
      determinism: 'strict',
      idempotency: {},
      determinismHints: [],
      effectHints: [],
      ...more,
    });
    return alias;
  }

  #edge(from: string, to: string): void {
    const how = { delivery: 'at_least_once', ordering: 'ordered', buffer: {} } as const;
    this.#edges.push({ from, to, ...how });
  }

  #surface(kind: SurfaceKind, config: object): void {
    const id = `${kind}:${this.#surfaces.length}`;
    this.#surfaces.push({ id, kind, targets: [], config: { v: 1, ...config } });
  }
}

function pause({ pause: own }: SegmentFlowOptions, context: NodeContext, ms: number) {
  return own === undefined ? context.clock.sleep(ms, context.signal) : own(context, ms);
}
