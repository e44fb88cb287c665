import { serve } from '../../test/http-fixture.js';
import { codeOf } from '../../test/store-fixture.js';
import { checkedAgent } from './checked-agent.js';

describe('checkedAgent', () => {
  it('looks at the address of the socket, even when no name was resolved', async () => {
    let hits = 0;
    const server = await serve((_request, response) => {
      hits += 1;
      response.end();
    });
    const base = { maxHeaderBytes: 16_384, resolve: undefined };
    const strict = await checkedAgent({ ...base, allowPrivate: false });
    const open = await checkedAgent({ ...base, allowPrivate: true });
    const request = { origin: server.origin, path: '/', method: 'GET' } as const;
    expect(await codeOf(strict.request(request))).toBe('EGRESS103');
    expect(hits).toBe(0);
    expect((await open.request(request)).statusCode).toBe(200);
    await Promise.all([strict.destroy(), open.destroy(), server.close()]);
  });
});
