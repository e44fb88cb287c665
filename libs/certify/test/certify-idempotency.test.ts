// Flows that may be repeated and flows that may not, with real workers that are killed.
import {
  certifyIdempotency,
  parseCase,
  type Evidence,
  type IdempotencyOptions,
} from '../src/index.js';
import { compileFlow, type FlowBundle } from '@basalt/executor';
import * as flows from './testing/certified-flows.js';
import { workerProgram, type WorkerProgram } from './testing/worker-command.js';

type Name = Exclude<keyof typeof flows, 'flowThatTakes'>;

let program: WorkerProgram;
beforeAll(async () => {
  program = await workerProgram();
});
afterAll(() => program.remove());

const ORDERS = [
  { id: 'one', amount: 3 },
  { id: 'two', amount: 40 },
];

function certify(name: Name, options: Partial<IdempotencyOptions> = {}): Promise<Evidence> {
  const bundle: FlowBundle = flows[name];
  return certifyIdempotency(bundle, {
    worker: program.command(name),
    payloads: ORDERS,
    ...options,
  });
}

/** What a failure is about. */
function summary({ verdict, failure }: Evidence) {
  return {
    verdict,
    code: failure?.code,
    node: failure?.node,
    faults: failure?.faults,
    inputs: failure?.inputs,
  };
}

describe('a flow that keeps its promises is certified', () => {
  test('whose call carries its key', async () => {
    const evidence = await certify('paysOnce', { cases: 10 });
    expect(summary(evidence)).toMatchObject({ verdict: 'certified', code: undefined });
    expect(evidence.cases.map(({ faults }) => faults.join('; '))).toEqual([
      'the event of input-1 comes again as input-1-again after its end',
      'the worker is killed after call 1 of charge in input-2',
      'the event of input-1 comes again as input-1-again at once',
      'the worker is killed after commit 1 of the attempt of charge in input-2',
      'input-1 is enqueued again under the same id at once',
      'the worker is killed before call 1 of charge in input-2',
      'the jobs come one after the other, in the order input-2, input-1',
      'the worker is killed before commit 1 of the attempt of charge in input-2',
      expect.stringMatching(/^\d+ ms pass before /),
      'the answer is lost after call 1 of charge in input-2',
    ]);
    expect(evidence.notes).toEqual(['The inputs were given.']);
  });

  test('with compensation, also where it fails', async () => {
    const order = { item: 'lamp', amount: 40 };
    const payloads = [
      { ...order, id: 'sent', deliverable: true },
      { ...order, id: 'undone', deliverable: false },
    ];
    const evidence = await certify('paymentsSaga', { payloads, cases: 8 });
    expect(summary(evidence)).toMatchObject({ verdict: 'certified', code: undefined });
    expect(evidence.inputs.map(({ end, effects }) => [end.slice(0, 9), effects])).toEqual([
      ['completed', 3],
      ['failed: R', 4],
    ]);
  });

  test('that waits for somebody, whose event comes twice', async () => {
    const payloads = [{ id: 'e-1', amount: 500 }];
    const evidence = await certify('humanApproval', {
      payloads,
      case: {
        inputs: [{ id: 'input-1', payload: payloads[0]! }],
        injections: [
          { kind: 'event_twice', input: 'input-1' },
          {
            kind: 'crash',
            point: {
              job: 'input-1',
              at: 'commit',
              node: '',
              record: 'ended',
              nth: 1,
              phase: 'before',
            },
          },
        ],
      },
    });
    expect(summary(evidence)).toMatchObject({ verdict: 'certified', code: undefined });
    expect(evidence.inputs[0]!.end).toBe('completed');
  });

  test('with an edge that counts each key once', async () => {
    const payloads = [
      {
        events: [
          { id: 'a', kind: 'paid' },
          { id: 'a', kind: 'paid' },
        ],
      },
    ];
    const evidence = await certify('webhookDedupe', { payloads, cases: 4 });
    expect(summary(evidence)).toMatchObject({ verdict: 'certified', code: undefined });
  });
});

describe('a flow that breaks a promise is caught, and the case reduced', () => {
  const smallest = [{ id: 'input-1', payload: { id: 'a', amount: 1 } }];

  test('CERT001: a call without its key', async () => {
    expect(summary(await certify('forgetsItsKey', { cases: 1 }))).toEqual({
      verdict: 'failed',
      code: 'CERT001',
      node: 'charge',
      faults: ['the event of input-1 comes again as input-1-again after its end'],
      inputs: smallest,
    });
  });

  test('CERT002: what is stored was drawn', async () => {
    expect(summary(await certify('storesWhatItDrew', { cases: 1 }))).toMatchObject({
      code: 'CERT002',
      node: 'draw',
      faults: ['the event of input-1 comes again as input-1-again after its end'],
      inputs: smallest,
    });
  });

  test('CERT003: a mark that is set before the effect', async () => {
    const evidence = await certify('marksTooEarly', { cases: 6 });
    expect(evidence.cases.map(({ verdict }) => verdict).slice(0, 5)).not.toContain('failed');
    expect(summary(evidence)).toEqual({
      verdict: 'failed',
      code: 'CERT003',
      node: 'charge',
      faults: ['the worker is killed before call 1 of charge in input-2'],
      inputs: [{ id: 'input-2', payload: { id: 'a', amount: 1 } }],
    });
    const kinds = evidence.failure!.timeline.map(({ what }) => what);
    expect(kinds).toContain('injection');
    expect(evidence.failure!.ledger).toEqual([]);
  });

  test('CERT004: a name that depends on what others have left', async () => {
    expect(summary(await certify('takesTheNextName', { cases: 1 }))).toMatchObject({
      code: 'CERT004',
      node: 'invoice',
      inputs: smallest,
    });
  });

  test('CERT005: a clock that is hidden from the scan', async () => {
    expect(summary(await certify('hidesTheClock', { cases: 1 }))).toMatchObject({
      code: 'CERT005',
      node: 'stamp',
      faults: [],
      inputs: smallest,
    });
  });

  test('CERT005: results that depend on the order of jobs', async () => {
    const evidence = await certify('numbersOrders', {
      case: {
        inputs: ORDERS.map((payload, index) => ({ id: `input-${index + 1}`, payload })),
        injections: [{ kind: 'reorder', order: ['input-2', 'input-1'] }],
      },
    });
    expect(summary(evidence)).toMatchObject({ code: 'CERT005', node: '' });
  });

  test('CERT006: a repeat that is refused', async () => {
    const crash = {
      inputs: [{ id: 'input-1', payload: ORDERS[0]! }],
      injections: [
        {
          kind: 'crash' as const,
          point: {
            job: 'input-1',
            at: 'effect' as const,
            node: 'charge',
            record: '',
            nth: 1,
            phase: 'after' as const,
          },
        },
      ],
    };
    const evidence = await certify('refusesItsRepeat', { case: crash });
    expect(summary(evidence)).toMatchObject({ code: 'CERT006', node: '' });
    expect(evidence.failure!.message).toContain('charged before');
  });

  test('CERT007: a compensation that stops at a mark', async () => {
    const evidence = await certify('undoesHalf', {
      payloads: [
        { id: 'one', amount: 3 },
        { id: 'two', amount: 13 },
      ],
      case: {
        inputs: [{ id: 'input-1', payload: { id: 'two', amount: 13 } }],
        injections: [
          {
            kind: 'crash',
            point: {
              job: 'input-1',
              at: 'effect',
              node: 'undo reserve',
              record: '',
              nth: 1,
              phase: 'before',
            },
          },
        ],
      },
    });
    expect(summary(evidence)).toMatchObject({ code: 'CERT007', node: 'reserve' });
  });

  test('CERT008: a promise that nobody waits for', async () => {
    expect(summary(await certify('letsItsPromiseGo', { cases: 1 }))).toMatchObject({
      code: 'CERT008',
      node: 'notify',
      faults: [],
      inputs: smallest,
    });
  });
});

test('a failing case is shown again by its file', async () => {
  const found = await certify('forgetsItsKey', { cases: 1 });
  const text = JSON.stringify(found.failure!.case);
  const again = await certify('forgetsItsKey', {
    case: parseCase(text, 'case.json', compileFlow(flows.forgetsItsKey)),
  });
  expect(summary(again)).toEqual(summary(found));
  expect(again.failure!.case).toEqual(found.failure!.case);
});

test('equal seeds give equal inputs, cases and counts; others do not', async () => {
  const once = await certify('paysOnce', { payloads: undefined, cases: 3, seed: 7 });
  const again = await certify('paysOnce', { payloads: undefined, cases: 3, seed: 7 });
  const what = ({ inputs, cases, counts, notes }: Evidence) => ({ inputs, cases, counts, notes });
  expect(what(again)).toEqual(what(once));
  const other = await certify('paysOnce', { payloads: undefined, cases: 1, seed: 8 });
  expect(other.inputs).not.toEqual(once.inputs);
});

describe('what cannot be certified', () => {
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'certified',
      (error: { diagnostic: { code: string; message: string } }) =>
        `${error.diagnostic.code} ${error.diagnostic.message}`,
    );

  test('CERT103: a flow that always fails', async () => {
    expect(await codeOf(certify('alwaysFails', { cases: 1 }))).toMatch(
      /^CERT103 .*closed on Sundays/,
    );
  });

  test('CERT106: a worker that does not start', async () => {
    const worker = { file: process.execPath, args: ['-e', 'throw new Error("no flow here")'] };
    expect(await codeOf(certify('paysOnce', { worker }))).toMatch(/^CERT106 /);
    const nowhere = { file: '/nowhere/node', args: [] };
    expect(await codeOf(certify('paysOnce', { worker: nowhere }))).toMatch(/^CERT106 .*ENOENT/);
  });

  test('a cancelled certification leaves no process', async () => {
    const abort = new AbortController();
    const onProgress = () => abort.abort(new Error('enough'));
    await expect(certify('paysOnce', { signal: abort.signal, onProgress })).rejects.toThrow(
      'enough',
    );
  });
});
