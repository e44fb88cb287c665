import { type DiagnosticError } from '@basalt/diagnostics';
import { observedRun } from '../testing/watched-run.js';
import { findRuns, parseRunQuery } from './run-query.js';
import type { RecordedRun } from './recorded-run.js';
import { RunStore } from './run-store.js';

const parse = (query: string) => parseRunQuery(new URLSearchParams(query));

function add(store: RunStore, id: string, flow = 'flow', status?: 'completed' | 'failed'): void {
  const run = observedRun(id, flow);
  store.runStarted(run, null);
  if (status !== undefined) store.runEnded(run, status, null, undefined);
}

const texts = {
  nameOf: ({ flow }: RecordedRun) => `name of ${flow}`,
  labelsOf: ({ labels }: RecordedRun) => labels,
};

const list = (store: RunStore, query: string, visible = (_flow: string) => true) => {
  const { runs, next } = findRuns(store, parse(query), texts, visible);
  return { ids: runs.map(({ id }) => id), next };
};

describe('findRuns', () => {
  it('gives pages, newest first, that hold while runs come and go', () => {
    const store = new RunStore();
    for (let i = 1; i <= 7; i += 1) add(store, `r${i}`, 'flow', 'completed');
    const first = list(store, 'limit=3');
    expect(first).toEqual({ ids: ['r7', 'r6', 'r5'], next: '5' });
    add(store, 'r8');
    expect(list(store, `limit=3&cursor=${first.next}`)).toEqual({
      ids: ['r4', 'r3', 'r2'],
      next: '2',
    });
    expect(list(store, 'limit=3&cursor=2')).toEqual({ ids: ['r1'], next: undefined });
    expect(list(store, 'limit=8').next).toBeUndefined();
  });

  it('finds its place when most runs in between are gone', () => {
    const store = new RunStore({ maxRuns: 4 });
    add(store, 'first');
    for (let i = 1; i <= 500; i += 1) add(store, `r${i}`, 'flow', 'completed');
    expect(list(store, 'limit=2')).toEqual({ ids: ['r500', 'r499'], next: '500' });
    expect(list(store, 'limit=2&cursor=500')).toEqual({ ids: ['r498', 'first'], next: undefined });
    expect(list(store, 'limit=2&cursor=300')).toEqual({ ids: ['first'], next: undefined });
  });

  it('filters by flow, status, time and text', () => {
    let now = 0;
    const store = new RunStore({ now: () => (now += 10) });
    add(store, 'Alpha', 'f', 'completed');
    add(store, 'beta', 'g', 'failed');
    add(store, 'gamma', 'f');
    store.waiting(observedRun('gamma', 'f'), 'gate');
    store.announce('beta', { labels: { 'lf.event_id': 'Event-9' } });
    expect(list(store, 'flow=f').ids).toEqual(['gamma', 'Alpha']);
    expect(list(store, 'status=failed').ids).toEqual(['beta']);
    expect(list(store, 'status=waiting').ids).toEqual(['gamma']);
    expect(list(store, 'status=running').ids).toEqual([]);
    expect(list(store, 'since=20').ids).toEqual(['gamma', 'beta']);
    expect(list(store, 'until=20').ids).toEqual(['beta', 'Alpha']);
    expect(list(store, 'q=ALPH').ids).toEqual(['Alpha']);
    expect(list(store, 'q=event-9').ids).toEqual(['beta']);
    expect(list(store, 'q=of+g').ids).toEqual(['beta']);
    expect(list(store, 'q=nothing').ids).toEqual([]);
  });

  it('leaves out what the caller may not see, and runs of subflows', () => {
    const store = new RunStore();
    add(store, 'mine', 'f');
    add(store, 'theirs', 'g');
    store.runStarted(observedRun('child', 'f', 'mine'), null);
    expect(list(store, '', (flow) => flow === 'f').ids).toEqual(['mine']);
    expect(list(store, 'q=child').ids).toEqual(['child']);
  });

  it('looks at a bounded number of runs, and goes on from there', () => {
    const store = new RunStore();
    add(store, 'needle', 'g', 'completed');
    for (let i = 0; i < 6000; i += 1) add(store, `r${i}`, 'f', 'completed');
    const first = list(store, 'flow=g');
    expect(first).toEqual({ ids: [], next: '1002' });
    expect(list(store, `flow=g&cursor=${first.next}`).ids).toEqual(['needle']);
  });
});

describe('parseRunQuery', () => {
  it('refuses what it does not understand (VIEW003)', () => {
    const bad = [
      'status=done',
      'limit=0',
      'limit=201',
      'limit=1.5',
      'limit=ten',
      'cursor=-1',
      'cursor=abc',
      'since=yesterday',
      'until=99999999999999999999',
      'cursor=__proto__',
    ];
    for (const query of bad) {
      let code = '';
      try {
        parse(query);
      } catch (error) {
        code = (error as DiagnosticError).diagnostic.code;
      }
      expect([query, code]).toEqual([query, 'VIEW003']);
    }
  });

  it('takes empty parameters for absent ones, and cuts long texts', () => {
    expect(parse('status=&flow=&limit=&cursor=&since=')).toEqual({
      flow: undefined,
      status: undefined,
      text: '',
      since: undefined,
      until: undefined,
      limit: 50,
      before: Infinity,
    });
    expect(parse(`q=${'x'.repeat(5000)}`).text).toHaveLength(200);
  });
});
