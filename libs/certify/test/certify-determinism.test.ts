// Flows whose results depend on their inputs alone, and flows whose results do not.
import { memoryKv } from '@basalt/capabilities';
import { certifyDeterminism, certifyRun, PerturbedPlatform, type Evidence } from '../src/index.js';
import { compileFlow, startRun, type FlowBundle } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { memoryJournal } from '@basalt/journal';

// Before the flows are loaded: one of them keeps a reference to the clock.
const platform = new PerturbedPlatform();
platform.install();
const flows = await import('./testing/certified-flows.js');
afterAll(() => platform.remove());

const payloads = [
  { id: 'one', amount: 3 },
  { id: 'two', amount: 40 },
];
const certify = (flow: FlowBundle, options = {}) =>
  certifyDeterminism(flow, { platform, payloads, ...options });

function summary({ verdict, failure }: Evidence) {
  const { code, node, message, faults, inputs } = failure ?? {};
  return { verdict, code, node, message, faults, inputs };
}

const smallest = [{ id: 'input-1', payload: { id: 'a', amount: 1 } }];

test('a shipped flow is certified, from inputs of its schema', async () => {
  const { verdict, counts, cases } = await certify(flows.orderEnrichment, {
    payloads: undefined,
  });
  expect([verdict, counts]).toEqual([
    'certified',
    {
      inputs: 4,
      inputs_completed: 4,
      cases: 8,
      cases_failed: 0,
      executions: 36,
      invocations_compared: 160,
      invocations_answered: 0,
    },
  ]);
  expect(cases[0]!.faults).toEqual(['executed again']);
});

test('nodes that promise nothing are answered with what they gave', async () => {
  const { verdict, counts, notes } = await certify(flows.drawsFreely);
  expect(verdict).toBe('certified');
  expect(counts['invocations_answered']).toBe(16);
  expect(notes).toContain('Nodes that promise nothing, and were answered: draw.');
});

test('a flow that waits is given its event', async () => {
  const waits = [{ id: 'e-1', amount: 500 }];
  const { verdict, inputs } = await certify(flows.humanApproval, { payloads: waits });
  expect([verdict, inputs[0]!.end]).toEqual(['certified', 'completed']);
});

test('CERT010: a clock that is hidden from the scan', async () => {
  expect(summary(await certify(flows.hidesTheClock))).toEqual({
    verdict: 'failed',
    code: 'CERT010',
    node: 'stamp',
    message: expect.stringMatching(
      /^Node stamp gave \{"id":"a","receipt":"at \d+"\} in place of \{"id":"a","receipt":"at 1704067200000"\} for the same input, with a clock \d+ days on\.$/,
    ),
    faults: [expect.stringMatching(/^with a clock \d+ days on$/)],
    inputs: smallest,
  });
});

test('CERT010: something that is kept between invocations', async () => {
  const evidence = await certify(flows.countsItsCalls);
  expect(summary(evidence)).toMatchObject({
    code: 'CERT010',
    node: 'count',
    faults: ['executed again'],
    inputs: smallest,
  });
  expect(evidence.failure!.timeline[0]!.text).toMatch(
    /the first value that differs is at \/receipt$/,
  );
});

test('CERT011: a result that is decided by a race', async () => {
  expect(summary(await certify(flows.takesTheFirst))).toMatchObject({
    code: 'CERT011',
    node: '',
    faults: ['with handlers that begin later'],
    inputs: smallest,
  });
});

test('a variation by its number shows the same, and equal seeds give equal evidence', async () => {
  const found = await certify(flows.hidesTheClock, { seed: 3 });
  const { case_number: only } = found.failure!;
  const again = await certify(flows.hidesTheClock, { seed: 3, only });
  expect(again.failure).toEqual(found.failure);
  const {
    started_at: _s,
    duration_ms: _d,
    ...rest
  } = await certify(flows.hidesTheClock, { seed: 3 });
  expect(found).toMatchObject(rest);
});

test('CERT103: a flow that always fails', async () => {
  await expect(certify(flows.alwaysFails)).rejects.toMatchObject({
    diagnostic: { code: 'CERT103' },
  });
});

describe('a recorded run', () => {
  async function record(bundle: FlowBundle, payload: Value) {
    const store = memoryJournal();
    const plan = compileFlow(bundle);
    const { id, name, version } = plan.ir;
    const start = {
      runId: 'run-1',
      flow: { id, name, version },
      flowHash: '',
      flowDocument: null,
      payload,
      startedAt: Date.now(),
    };
    const journal = await store.create(start);
    const host = { capabilities: { kv: memoryKv() } };
    await startRun(plan, { payload, runId: 'run-1', journal }, host).result;
    await journal.close();
    return { start, records: await store.records('run-1') };
  }

  test('that comes again is certified', async () => {
    const order = { id: 'o', country: 'DE', lines: [{ sku: 'lamp', quantity: 12, unit: 20 }] };
    const { start, records } = await record(flows.orderEnrichment, order);
    const { verdict, counts, failure } = await certifyRun(flows.orderEnrichment, start, records, {
      platform,
    });
    expect([verdict, counts['invocations_compared'], failure?.message]).toEqual([
      'certified',
      32,
      undefined,
    ]);
  });

  test('CERT010: one that has another value in its journal', async () => {
    const { start, records } = await record(flows.hidesTheClock, payloads[0]!);
    const evidence = await certifyRun(flows.hidesTheClock, start, records, { platform, cases: 2 });
    expect(summary(evidence)).toMatchObject({ verdict: 'failed', code: 'CERT010', node: 'stamp' });
  });

  test('CERT011: one whose result was decided by a race', async () => {
    const { start, records } = await record(flows.takesTheFirst, payloads[0]!);
    const evidence = await certifyRun(flows.takesTheFirst, start, records, { platform });
    expect(summary(evidence)).toMatchObject({
      code: 'CERT011',
      node: '',
      faults: ['with handlers that begin later'],
    });
  });
});

test('the platform is left as it was', () => {
  const own = new PerturbedPlatform();
  const [date, random] = [Date, Math.random];
  own.install();
  own.remove();
  expect([Date, Math.random]).toEqual([date, random]);
});
