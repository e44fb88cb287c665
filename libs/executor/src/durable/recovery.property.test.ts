// A crash after any record of any flow: taken up again, the execution gives what it would have given,
// and does nothing twice that was done.
import fc from 'fast-check';
import { EffectServer } from '../../test/effect-server.js';
import { segments, type Segment } from '../../test/segment.js';
import { flowOfSegments, type Parcel, type SegmentFlowOptions } from '../../test/segment-flow.js';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext } from '../node-handler.js';
import type { HostOptions } from '../run/host-options.js';
import type { Run } from '../run/run-handle.js';
import { startRun } from '../run/run.js';
import { replayRun } from './replay-run.js';
import { MemoryJournal } from '../testing/memory-journal.js';
import type { RunRecord } from './run-journal.js';

interface Course {
  readonly status: string;
  readonly codes: readonly string[];
  readonly outputs: readonly string[];
  readonly server: EffectServer;
  readonly journal: MemoryJournal;
}

type Mode = 'deterministic' | 'real';

/** Executes the row with this journal; every wait gets its event at once. */
async function course(
  row: readonly Segment[],
  mode: Mode,
  journal: MemoryJournal,
  fails: boolean,
): Promise<Course> {
  const server = new EffectServer();
  const options: SegmentFlowOptions = { server, fails, ...(mode === 'real' ? { pause } : {}) };
  const plan = compilePlan(flowOfSegments(row, options));
  const started: { run?: Run } = {};
  const asked: [string, string][] = [];
  const answer = () => {
    const { run } = started;
    for (const [checkpoint, path] of run === undefined ? [] : asked.splice(0)) {
      run!.resume(checkpoint, path, 'yes');
    }
  };
  const host: HostOptions = {
    ...(mode === 'deterministic' ? { deterministic: { seed: 7 } } : {}),
    observer: {
      waiting: (_run, checkpoint, _key, input) => {
        if (checkpoint !== 'told') return;
        asked.push([checkpoint, (input as Parcel).path]);
        queueMicrotask(answer);
      },
    },
  };
  const outputs: string[] = [];
  const run = startRun(plan, { payload: { path: '' }, mode: 'stream', journal }, host);
  started.run = run;
  answer();
  try {
    for await (const value of run.outputs()) outputs.push((value as Parcel).path);
  } catch {
    // The status says it.
  }
  const { status, diagnostics } = await run.result;
  return { status, codes: diagnostics.map(({ code }) => code), outputs, server, journal };
}

/** Real time that is different each time, and short. */
async function pause(_context: NodeContext, ms: number): Promise<void> {
  for (let turn = Math.floor(Math.random() * (ms + 1)); turn > 0; turn -= 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** "alias key" of every effectful invocation with such a record. */
function effectsIn(records: readonly RunRecord[], kind: 'attempt' | 'result'): Set<string> {
  const names = new Map<string, string>();
  const found = new Set<string>();
  for (const record of records) {
    if (record.kind === 'attempt') {
      names.set(record.key, `${record.alias} ${record.idempotencyKey}`);
    }
    if (record.kind === kind && names.has(record.key)) found.add(names.get(record.key)!);
  }
  return found;
}

/** What the world has seen in the end: what was begun before the crash, and what was done after. */
function world(before: readonly RunRecord[], after: EffectServer, whole: EffectServer): string[] {
  const begun = [...effectsIn(before, 'attempt')].filter((name) => whole.effects.has(name));
  return [...new Set([...begun, ...after.effects])].sort();
}

function countByAlias(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) {
    const [alias] = name.split(' ') as [string];
    counts[alias] = (counts[alias] ?? 0) + 1;
  }
  return counts;
}

/** Cuts: all of them, or this many of a long journal. */
function cutsOf(records: number, most: number): number[] {
  const step = Math.max(1, Math.floor(records / most));
  return Array.from({ length: Math.floor(records / step) + 1 }, (_, i) => i * step);
}

/** Executed again, the run is the same, and nothing is done. */
async function checkReplay({ status, journal }: Course, row: readonly Segment[]): Promise<void> {
  const server = new EffectServer();
  const fails = status === 'failed';
  const plan = compilePlan(flowOfSegments(row, { server, fails, pause: async () => undefined }));
  const report = await replayRun(
    plan,
    { runId: 'the-run', payload: { path: '' } },
    journal.records,
  );
  expect(report).toMatchObject({ divergence: undefined, finding: undefined, isComplete: true });
  expect([server.calls.size, server.undone.size]).toEqual([0, 0]);
}

async function checkCut(whole: Course, row: readonly Segment[], mode: Mode, cut: number) {
  const { records } = whole.journal;
  const before = records.slice(0, cut);
  const rest = await course(row, mode, whole.journal.cutAt(cut), whole.status === 'failed');
  const chance =
    row.some(({ kind }) => kind === 'race') ||
    (mode === 'real' && row.some(({ kind }) => kind === 'batch'));
  const seen = world(before, rest.server, whole.server);
  const all = [...whole.server.effects].sort();
  expect([cut, rest.status, rest.codes]).toEqual([cut, whole.status, whole.codes]);
  // Where chance decides what is put together, another order may come out as long as none is recorded.
  if (chance) expect(countByAlias(seen)).toEqual(countByAlias(all));
  else {
    expect(seen).toEqual(all);
    // Of an execution that has ended only the outcome is there.
    expect(rest.outputs).toEqual(cut === records.length ? [] : whole.outputs);
  }
  const done = effectsIn(before, 'result');
  expect([...rest.server.calls.keys()].filter((name) => done.has(name))).toEqual([]);
  return rest;
}

describe.each<[Mode, number]>([
  ['deterministic', 15],
  ['real', 12],
])('a crash after any record, %s', (mode, numRuns) => {
  const mostCuts = mode === 'real' ? 8 : 12;
  it('changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(segments, async (row) => {
        const whole = await course(row, mode, new MemoryJournal(), false);
        expect([whole.status, whole.codes]).toEqual(['completed', []]);
        await checkReplay(whole, row);
        for (const cut of cutsOf(whole.journal.records.length, mostCuts)) {
          await checkCut(whole, row, mode, cut);
        }
      }),
      { numRuns },
    );
  });

  it('undoes what was done, once', async () => {
    await fc.assert(
      fc.asyncProperty(segments, async (row) => {
        const whole = await course(row, mode, new MemoryJournal(), true);
        expect([whole.status, whole.codes]).toEqual(['failed', ['RUN101']]);
        await checkReplay(whole, row);
        const all = [...whole.server.effects].sort();
        expect([...whole.server.undone.keys()].sort()).toEqual(all);
        for (const cut of cutsOf(whole.journal.records.length, mostCuts)) {
          const rest = await checkCut(whole, row, mode, cut);
          const undone = whole.journal.records
            .slice(0, cut)
            .filter(({ kind }) => kind === 'compensated').length;
          expect([cut, rest.server.undone.size + undone]).toEqual([cut, all.length]);
        }
      }),
      { numRuns },
    );
  });
});
