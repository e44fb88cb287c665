import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';

afterEach(closeServed);

/** Holds the event loop. */
function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('a late event loop', () => {
  it('makes the host refuse new executions and nothing else, until it has recovered', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })], {
      operations: { maxEventLoopDelayMs: 150 },
    });
    expect((await post(url, '/echo', 1)).status).toBe(200);
    let ready = await send(url, '/readyz');
    while (ready.status === 200) {
      hold(300);
      await nextTurn();
      ready = await send(url, '/readyz');
    }
    expect(ready.json()).toEqual({ status: 'not_ready', reasons: ['the event loop is late'] });
    const refused = await post(url, '/echo', 1);
    const { code, error } = refused.json() as { code: string; error: string };
    expect([refused.status, code, refused.headers['retry-after']]).toEqual([503, 'HTTP211', '1']);
    expect(error).toMatch(
      /^This host does not take the request now: its event loop is \d+ ms late \(maxEventLoopDelayMs is 150\)\.$/,
    );
    expect((await send(url, '/healthz')).status).toBe(200);
    while ((await send(url, '/readyz')).status !== 200) await nextTurn();
    expect((await post(url, '/echo', 1)).status).toBe(200);
  });

  it('is let be where shedding is switched off', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })], {
      operations: { maxEventLoopDelayMs: 0 },
    });
    hold(600);
    await nextTurn();
    hold(600);
    expect((await post(url, '/echo', 1)).status).toBe(200);
  });
});
