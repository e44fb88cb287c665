// What is said of faults that no flow has a finding for.
import { diagnostic } from '@basalt/diagnostics';
import { failureAnswer, findingOf } from './failure-answer.js';

const fault = findingOf(new Error('a secret detail'), 'req-7');

test('a fault of the host itself is HTTP152, with the request to look up', () => {
  expect([fault.code, fault.message]).toEqual(['HTTP152', 'Request req-7 failed: a secret detail']);
  expect(findingOf('thrown text', 'req-8').message).toBe('Request req-8 failed: thrown text');
});

test('its reason is said only where errors are exposed', () => {
  const bodies = [false, true].map((expose) => failureAnswer(fault, 'run-1', expose));
  expect(bodies.map(({ status, body }) => [status, JSON.parse(String(body))])).toEqual([
    [500, { error: fault.summary, code: 'HTTP152', details: {}, run_id: 'run-1' }],
    [500, { error: fault.message, code: 'HTTP152', details: {}, run_id: 'run-1' }],
  ]);
});

test('a caller that went away is 499 for whoever counts', () => {
  const gone = diagnostic.HTTP153({ flow: 'echo' });
  const { status, body } = failureAnswer(gone, undefined, false);
  expect([status, JSON.parse(String(body))]).toMatchObject([
    499,
    { code: 'HTTP153', run_id: null },
  ]);
});
