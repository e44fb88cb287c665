import type { CertifyCase, Injection } from './certify-case.js';
import { shrinkCase } from './shrink-case.js';

const again = (input: string): Injection => ({ kind: 'same_event', input, when: 'after' });
const crash = (job: string): Injection => ({
  kind: 'crash',
  point: { job, at: 'effect', node: 'charge', record: '', nth: 1, phase: 'after' },
});
const order = (...ids: string[]): Injection => ({ kind: 'reorder', order: ids });

const LARGE: CertifyCase = {
  inputs: [
    { id: 'a', payload: { n: 17 } },
    { id: 'b', payload: { n: 230 } },
    { id: 'c', payload: { n: 4 } },
  ],
  injections: [again('a'), crash('b'), order('c', 'b', 'a'), again('c')],
};

/** Reduces as long as `fails` holds. */
function reduce(fails: (given: CertifyCase) => boolean, budget = 100) {
  return shrinkCase(LARGE, {
    attempt: (given) => Promise.resolve(fails(given) ? given : undefined),
    fits: (payload) => typeof (payload as { n?: unknown }).n === 'number',
    budget,
  });
}

const has = ({ injections }: CertifyCase, kind: string) =>
  injections.some((one) => one.kind === kind);

test('a case that needs nothing', async () => {
  const { case: small, tried } = await reduce(() => true);
  expect(small).toEqual({ inputs: [{ id: 'c', payload: { n: 0 } }], injections: [] });
  expect(tried).toBeLessThan(10);
});

test('a case that needs one fault and its input', async () => {
  const { case: small, shown } = await reduce((given) => has(given, 'crash'));
  expect(small).toEqual({ inputs: [{ id: 'b', payload: { n: 0 } }], injections: [crash('b')] });
  expect(shown).toEqual(small);
});

test('an order keeps the jobs that it is about', async () => {
  const { case: small } = await reduce((given) => has(given, 'reorder'));
  expect(small.injections).toEqual([order('c', 'b')]);
  expect(small.inputs.map(({ id }) => id)).toEqual(['b', 'c']);
});

test('inputs stay as large as the failure needs', async () => {
  const { case: small } = await reduce(({ inputs }) =>
    inputs.some(({ payload }) => (payload as { n: number }).n >= 100),
  );
  expect(small).toEqual({ inputs: [{ id: 'b', payload: { n: 115 } }], injections: [] });
});

test('what fails no more is given as it was, and the budget is kept', async () => {
  expect(await reduce(() => false)).toMatchObject({ case: LARGE, shown: undefined });
  const { tried } = await reduce((given) => has(given, 'crash'), 2);
  expect(tried).toBe(2);
});
