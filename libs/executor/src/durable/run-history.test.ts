import type { DiagnosticError } from '@basalt/diagnostics';
import { compilePlan } from '../plan/compile-plan.js';
import { startRun } from '../run/run.js';
import { bundleOf, chain, pass } from '../testing/flow-fixture.js';
import { MemoryJournal } from '../testing/memory-journal.js';
import { RunHistory } from './run-history.js';
import type { RunRecord } from './run-journal.js';

const at = 0;
const a = { key: 'k1', alias: 'a', at } as const;
const finding = { code: 'RUN101', message: 'no', severity: 'error' };
const result: RunRecord = { kind: 'result', ...a, attempt: 1, input: 'h', emitted: 0 };
const ended: RunRecord = { kind: 'ended', status: 'completed', output: 1, findings: [], at };
const emitted = (index: number): RunRecord => ({ kind: 'emitted', ...a, index, value: 1 });

function problemOf(records: readonly RunRecord[]): string {
  try {
    new RunHistory(records);
    return 'none';
  } catch (error) {
    return (error as DiagnosticError).diagnostic.message;
  }
}

describe('a history', () => {
  it.each<[string, readonly RunRecord[], string]>([
    ['goes on after its end', [ended, result], 'record 1 (result): it follows the end'],
    ['ends twice', [ended, ended], 'record 1 (ended): it follows the end'],
    [
      'has two results of one invocation',
      [result, result],
      'record 1 (result): its invocation was over',
    ],
    [
      'goes on with what was over',
      [result, emitted(0)],
      'record 1 (emitted): its invocation was over',
    ],
    ['lacks an item', [emitted(0), emitted(2)], 'record 1 (emitted): its index is 2 and not 1'],
    [
      'lacks the last item',
      [emitted(0), { ...result, emitted: 2 } as RunRecord],
      'record 1 (result): 2 values were sent and 1 are there',
    ],
    [
      'has one key for two nodes',
      [emitted(0), { kind: 'dropped', key: 'k1', alias: 'b', reason: 'unknown', at }],
      'record 1 (dropped): its key belongs to a',
    ],
    [
      'has the event of no wait',
      [{ kind: 'resumed', key: 'k1', checkpoint: 'c', timedOut: false, at }],
      'record 0 (resumed): nothing waits for it',
    ],
    [
      'waits twice in one place',
      Array.from({ length: 2 }, () => ({
        kind: 'waiting',
        key: 'k',
        checkpoint: 'c',
        correlation: 1,
        at,
      })),
      'record 1 (waiting): the wait began before',
    ],
    [
      'is of another version',
      [{ kind: 'teleported', at } as unknown as RunRecord],
      'record 0 (teleported): the kind "teleported" is unknown',
    ],
  ])('that %s does not fit', (_, records, problem) => {
    expect(problemOf(records)).toBe(`The journal does not fit the execution: ${problem}.`);
  });

  it('of any prefix of a sound one is sound', () => {
    const failure: RunRecord = {
      kind: 'failure',
      ...a,
      attempt: 1,
      errorKind: 'x',
      reason: 'no',
      finding,
    };
    const sound = [failure, emitted(0), { ...result, emitted: 1 } as RunRecord, ended];
    const problems = sound.map((_, cut) => problemOf(sound.slice(0, cut)));
    expect(new Set(problems)).toEqual(new Set(['none']));
  });
});

describe('an execution with a history that does not fit', () => {
  const plan = compilePlan(bundleOf({ nodes: { a: pass, b: pass }, edges: chain('a', 'b') }));
  const outcome = async (records: readonly RunRecord[]) => {
    const journal = new MemoryJournal(records);
    const { status, output, diagnostics } = await startRun(plan, { payload: 1, journal }).result;
    const added = journal.records.length - records.length;
    return [status, output, diagnostics.map(({ message }) => message), added];
  };
  const unfit = (problem: string) => [
    'interrupted',
    undefined,
    [`The journal does not fit the execution: ${problem}.`],
    0,
  ];

  it('does nothing, and adds nothing to the journal', async () => {
    expect(await outcome([ended, result])).toEqual(unfit('record 1 (result): it follows the end'));
    expect(await outcome([{ ...result, alias: 'gone' } as RunRecord])).toEqual(
      unfit('the flow test has no node gone'),
    );
  });

  it('does not take a result of another input', async () => {
    const journal = new MemoryJournal();
    await startRun(plan, { payload: 1, journal }).result;
    const [first] = journal.records as [RunRecord & { kind: 'result' }];
    expect(await outcome([{ ...first, input: 'another' }])).toEqual(
      unfit('the result of a is of another input'),
    );
  });

  it('warns of results that nobody asked for (DUR108)', async () => {
    expect(await outcome([result])).toEqual([
      'completed',
      1,
      [
        'The journal holds results of a that the execution did not ask for when it was taken up again.',
      ],
      3,
    ]);
  });

  it('gives the outcome of one that has ended', async () => {
    expect(await outcome([ended])).toEqual(['completed', 1, [], 0]);
    const failed: RunRecord = { kind: 'ended', status: 'failed', findings: [finding], at };
    expect(await outcome([failed])).toEqual(['failed', undefined, ['no'], 0]);
  });
});
