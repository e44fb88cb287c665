import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryJournal } from '@basalt/journal';
import { awaitingFlow } from '../testing/awaiting-flow.js';
import { closeServed, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'basalt-tokens-'));
});
afterEach(async () => {
  await closeServed();
  await rm(folder, { recursive: true });
});

test('a run is changed by whoever may start or cancel the runs of its flow, and no one else', async () => {
  const tokens = [
    ['runs', 'flow:mine:run'],
    ['views', 'flow:mine:view'],
    ['cancels', 'flow:mine:cancel'],
    ['others', 'flow:other:*'],
  ].map(([name, scope]) => {
    const sha256 = createHash('sha256').update(name!).digest('hex');
    return { name, sha256, scopes: [scope] };
  });
  const tokenFile = join(folder, 'tokens.json');
  await writeFile(tokenFile, JSON.stringify({ tokens }));
  const journal = memoryJournal();
  const { url } = await serve([awaitingFlow('mine')], { journal, security: { tokenFile } });
  const as = (name: string) => ({ authorization: `Bearer ${name}` });
  const begun = await post(url, '/mine', { id: 'e-1' }, as('runs'));
  const place = String(begun.headers.location);
  const event = { checkpoint: 'approval', key: 'other', payload: { approved: true } };
  const give = async (headers: Record<string, string>) => {
    const { status, json } = await post(url, `${place}/events`, event, headers);
    return [status, (json() as { code?: string }).code];
  };
  const cancel = async (headers: Record<string, string>) => {
    const { status, json } = await send(url, `${place}/cancel`, { method: 'POST', headers });
    return [status, (json() as { code?: string }).code];
  };
  const unseen = [404, 'HTTP160'];
  expect([
    await give({}),
    await give(as('others')),
    await give(as('cancels')),
    await give(as('views')),
    await give(as('runs')),
  ]).toEqual([[401, 'HTTP201'], unseen, unseen, [403, 'HTTP203'], [202, undefined]]);
  expect([
    await cancel({}),
    await cancel(as('others')),
    await cancel(as('runs')),
    await cancel(as('views')),
    await cancel(as('cancels')),
  ]).toEqual([[401, 'HTTP201'], unseen, unseen, [403, 'HTTP203'], [202, undefined]]);
});
