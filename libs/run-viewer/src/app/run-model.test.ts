import type { NodeStatus, RunChange, RunEntry, RunEvent } from '../viewer-protocol.js';
import { applyChange, modelOf, nodeState } from './run-model.js';

const run = (more: Partial<RunEntry> = {}): RunEntry => ({
  id: 'r',
  flow: 'f',
  flow_name: 'flow',
  status: 'running',
  started_at: 0,
  duration_ms: null,
  trigger: null,
  labels: {},
  cause: null,
  parent: null,
  ...more,
});

const node = (alias: string, state: NodeStatus['state']): NodeStatus => ({
  alias,
  state,
  active: 0,
  started: 1,
  ok: 0,
  failed: 0,
  timed_out: 0,
  cancelled: 0,
  retries: 0,
  cached: 0,
  dropped: 0,
  emitted: 0,
  mean_ms: null,
  max_ms: null,
  last_failure: null,
});

const event = (index: number): RunEvent => ({
  index,
  at_ms: index,
  kind: 'captured',
  node: null,
  text: null,
});

const change = (version: number, more: Partial<RunChange> = {}): RunChange => ({
  version,
  run: run(),
  output: null,
  outputs: 0,
  children: [],
  nodes: [],
  edges: [],
  events: [],
  events_omitted: 0,
  ...more,
});

describe('applyChange', () => {
  it('adds what is new and keeps what is not', () => {
    const first = modelOf(change(3, { nodes: [node('a', 'ok'), node('b', 'running')] }));
    const next = applyChange(first, change(5, { nodes: [node('b', 'ok')], events: [event(1)] }));
    expect([...next.nodes.values()]).toEqual([node('a', 'ok'), node('b', 'ok')]);
    expect(next.nodes.get('a')).toBe(first.nodes.get('a'));
    expect(next.edges).toBe(first.edges);
    expect(next.events).toEqual([event(1)]);
    expect(next.version).toBe(5);
  });

  it('takes no event twice', () => {
    const first = modelOf(change(1, { events: [event(1), event(2)] }));
    const next = applyChange(first, change(2, { events: [event(2), event(3)] }));
    expect(next.events).toEqual([event(1), event(2), event(3)]);
  });

  it('begins anew after a restart of the host, whose versions begin anew', () => {
    const first = modelOf(change(9, { nodes: [node('a', 'ok')] }));
    expect(applyChange(first, change(2))).toEqual(modelOf(change(2)));
  });

  it('keeps a bounded number of events', () => {
    let model = modelOf(change(0));
    for (let i = 1; i <= 30; i += 1) {
      const events = Array.from({ length: 100 }, (_, j) => event((i - 1) * 100 + j + 1));
      model = applyChange(model, change(i, { events }));
    }
    expect(model.events).toHaveLength(1000);
    expect(model.events[0]).toEqual(event(2001));
    expect(model.eventsOmitted).toBe(2000);
  });
});

describe('nodeState', () => {
  it('says pending while the run goes on, and skipped when it has ended', () => {
    const running = modelOf(change(1, { nodes: [node('a', 'failed')] }));
    const ended = modelOf(change(1, { run: run({ duration_ms: 3, status: 'completed' }) }));
    expect([nodeState(running, 'a'), nodeState(running, 'b'), nodeState(ended, 'b')]).toEqual([
      'failed',
      'pending',
      'skipped',
    ]);
  });
});
