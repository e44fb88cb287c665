import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post } from '../testing/raw-client.js';

afterEach(closeServed);

/** A flow that counts its executions. */
function counted(wait?: Promise<void>) {
  let count = 0;
  const run = async (input: unknown) => {
    count += 1;
    const mine = count;
    await wait;
    if (input === 'fail') throw new Error('no');
    return { $http: { status: 201, headers: { etag: `"${mine}"` }, body: { mine } } };
  };
  return { flow: hostedFlow({ name: 'pay', run }), count: () => count };
}

const key = (value: string) => ({ 'idempotency-key': value });

describe('an idempotency key', () => {
  it('gives a repeat the first answer and runs nothing twice', async () => {
    const { flow, count } = counted();
    const { url } = await serve([flow]);
    const first = await post(url, '/pay', { amount: 1 }, key('k'));
    const again = await post(url, '/pay', { amount: 1 }, { 'x-idempotency-key': 'k' });
    const shape = ({ status, text, headers }: typeof first) => [
      status,
      text,
      headers.etag,
      headers['x-basalt-run-id'],
    ];
    expect(shape(again)).toEqual(shape(first));
    expect(shape(first).slice(0, 3)).toEqual([201, '{"mine":1}', '"1"']);
    expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    expect(count()).toBe(1);
  });

  it('makes a repeat wait for the first that is still running', async () => {
    let release: () => void = () => undefined;
    const { flow, count } = counted(new Promise<void>((resolve) => (release = resolve)));
    const { url, host } = await serve([flow]);
    const answers = [1, 2, 3].map(() => post(url, '/pay', { amount: 1 }, key('k')));
    await new Promise<void>((resolve) => {
      const look = () => (count() > 0 ? setImmediate(resolve) : setImmediate(look));
      look();
    });
    release();
    expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(
      Array.from({ length: 3 }, () => '{"mine":1}'),
    );
    expect(count()).toBe(1);
    expect(host).toBeDefined();
  });

  it('refuses another request under the same key', async () => {
    const { flow, count } = counted();
    const { url } = await serve([flow]);
    await post(url, '/pay', { amount: 1 }, key('k'));
    const other = await post(url, '/pay', { amount: 2 }, key('k'));
    expect([other.status, other.json()]).toMatchObject([422, { code: 'HTTP130', run_id: null }]);
    const query = await post(url, '/pay?x=1', { amount: 1 }, key('k'));
    expect(query.status).toBe(422);
    expect(count()).toBe(1);
  });

  it('keeps the answer of an execution that failed', async () => {
    const { flow, count } = counted();
    const { url } = await serve([flow]);
    const first = await post(url, '/pay', 'fail', key('k'));
    const again = await post(url, '/pay', 'fail', key('k'));
    expect([first.status, again.status, again.text === first.text]).toEqual([500, 500, true]);
    expect(count()).toBe(1);
  });

  it.each(['', 'a b', 'x'.repeat(257)])('is refused when it is malformed: %j', async (bad) => {
    const { flow, count } = counted();
    const { url } = await serve([flow]);
    const answer = await post(url, '/pay', null, key(bad));
    expect([answer.status, answer.json()]).toMatchObject([400, { code: 'HTTP131' }]);
    expect(count()).toBe(0);
  });

  it('is forgotten after its time, and when there are too many', async () => {
    const { flow, count } = counted();
    const { url } = await serve([flow], { maxIdempotencyKeys: 2 });
    for (const k of ['a', 'b', 'c', 'c', 'a']) await post(url, '/pay', null, key(k));
    expect(count()).toBe(4);
    const short = await serve([flow], { idempotencyTtlMs: 0 });
    await post(short.url, '/pay', null, key('a'));
    await post(short.url, '/pay', null, key('a'));
    expect(count()).toBe(6);
  });
});
