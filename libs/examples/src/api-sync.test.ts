import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openCapabilities, systemClock } from '@basalt/capabilities';
import { apiSync } from './api-sync.js';
import { codesOf, observeRun } from './testing/observe-run.js';

const PAGES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '/items': [['ant', 'bee'], ['cat'], ['dog', 'eel']],
  '/users': [['ann']],
};

/** Answers `failures` requests with 503 first; records what was asked. */
function pagedApi(failures: number) {
  const asked: string[] = [];
  let left = failures;
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url!);
    const url = new URL(request.url!, 'http://localhost');
    const pages = PAGES[url.pathname];
    const page = Number(url.searchParams.get('page'));
    if (left-- > 0) response.writeHead(503).end('busy');
    else if (pages === undefined) response.writeHead(404).end();
    else response.end(JSON.stringify({ items: pages[page - 1], more: page < pages.length }));
  };
  return { asked, listener };
}

async function sync(path: string, failures = 0) {
  const { asked, listener } = pagedApi(failures);
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const opened = await openCapabilities([`http=undici:${host},+private`], apiSync.ir.id);
  try {
    const { capabilities } = opened;
    const payload = { url: `http://${host}${path}` };
    const { result, values } = await observeRun(apiSync, payload, {
      capabilities,
      clock: systemClock(),
    });
    return { result, values, asked };
  } finally {
    await opened.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

test('reads page after page until there is no more', async () => {
  const { result, values, asked } = await sync('/items');
  expect(result.diagnostics).toEqual([]);
  expect(values).toEqual([{ pages: 3, names: ['ant', 'bee', 'cat', 'dog', 'eel'] }]);
  expect(asked).toEqual(['/items?page=1', '/items?page=2', '/items?page=3']);
});

test('another set of one page', async () => {
  const { values, asked } = await sync('/users');
  expect(values).toEqual([{ pages: 1, names: ['ann'] }]);
  expect(asked).toEqual(['/users?page=1']);
});

test('asks again for a page that failed', async () => {
  const { result, values, asked } = await sync('/items', 3);
  expect(values).toEqual([{ pages: 3, names: ['ant', 'bee', 'cat', 'dog', 'eel'] }]);
  expect(asked).toEqual([
    '/items?page=1',
    '/items?page=1',
    '/items?page=1',
    '/items?page=1',
    '/items?page=2',
    '/items?page=3',
  ]);
  expect(result.summary.errors).toEqual([
    { alias: 'fetch_page', error_kind: 'handler_error', count: 3 },
  ]);
});

test('gives up after four attempts', async () => {
  const { result, asked } = await sync('/gone');
  expect([result.status, asked]).toEqual(['failed', Array(4).fill('/gone?page=1')]);
  expect(result.diagnostics[0]!.message).toContain('the API answered 404');
});

test('without HTTP it is refused before it starts', async () => {
  const { result } = await observeRun(apiSync, { url: 'http://127.0.0.1:9/' });
  expect(codesOf(result)).toEqual(['CAP101']);
});
