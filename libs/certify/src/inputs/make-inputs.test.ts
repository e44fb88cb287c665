import { compilePlan } from '@basalt/executor';
import { flowThatTakes, paymentsSaga } from '../../test/testing/certified-flows.js';
import { makePayloads, readPayloads } from './make-inputs.js';

const plan = compilePlan(paymentsSaga);
const trigger = plan.triggers[0]!;
const good = { id: 'o-1', item: 'lamp', amount: 40, deliverable: true };

test('payloads match the trigger, and are all different', () => {
  const payloads = makePayloads(plan, trigger, 1, 8);
  expect(payloads).toHaveLength(8);
  expect(payloads.map((payload) => trigger.checkInput!(payload))).toEqual(
    payloads.map(() => undefined),
  );
  expect(new Set(payloads.map((payload) => JSON.stringify(payload))).size).toBe(8);
  expect(makePayloads(plan, trigger, 1, 8)).toEqual(payloads);
  expect(makePayloads(plan, trigger, 2, 8)).not.toEqual(payloads);
});

test.each([
  ['anything', {}, undefined],
  ['a schema that nothing matches', { not: {} }, 'CERT102'],
])('a trigger that takes %s', (_name, schema, code) => {
  const odd = compilePlan(flowThatTakes(schema));
  const make = () => makePayloads(odd, odd.triggers[0]!, 1, 2);
  if (code === undefined) expect(make().length).toBeGreaterThan(0);
  else
    expect(make).toThrow(
      expect.objectContaining({ diagnostic: expect.objectContaining({ code }) }),
    );
});

test('payloads of a file', () => {
  const text = `${JSON.stringify(good)}\n\n${JSON.stringify({ ...good, id: 'o-2' })}\n`;
  expect(readPayloads(text, 'orders.ndjson', trigger)).toEqual([good, { ...good, id: 'o-2' }]);
});

test.each([
  ['', 'Line 1 of f is no payload: the file has no payload.'],
  ['{"id":', 'Line 1 of f is no payload: Unexpected end of JSON input.'],
  [`${JSON.stringify(good)}\n[1]`, 'Line 2 of f is no payload: it must be object.'],
  [JSON.stringify({ ...good, amount: 0 }), 'Line 1 of f is no payload: /amount must be > 0.'],
  ['\u0000', 'Line 1 of f is no payload: Unexpected token \u0000 in JSON at position 0.'],
])('CERT101: %j', (text, message) => {
  expect(() => readPayloads(text, 'f', trigger)).toThrow(
    expect.objectContaining({
      diagnostic: expect.objectContaining({
        code: 'CERT101',
        message: expect.stringContaining(message.slice(0, 30)) as unknown,
      }) as unknown,
    }),
  );
});
