// Rate-limited API sync: reads a paged HTTP API page by page, within its rate, retrying what fails.
import { defineFlow, t } from '@basalt/flow-dsl';

const Start = t.Object({ url: t.String({ minLength: 1 }) });
const Cursor = t.Object({ url: t.String(), page: t.Integer(), names: t.Array(t.String()) });
const Page = t.Object({
  url: t.String(),
  page: t.Integer(),
  names: t.Array(t.String()),
  more: t.Boolean(),
});
const Result = t.Object({ pages: t.Integer(), names: t.Array(t.String()) });

const pure = { effects: 'pure', determinism: 'strict' } as const;

export const apiSync = defineFlow(
  'api_sync',
  { version: '1.0.0', profile: 'dev', summary: 'Read a paged API within its rate limit' },
  (f) => {
    const trigger = f.trigger('trigger', { output: Start, deadlineMs: 60_000 });
    const begin = f.inline('begin', {
      ...pure,
      input: Start,
      output: Cursor,
      run: ({ url }) => ({ url, page: 0, names: [] }),
    });
    const fetchPage = f.activity('fetch_page', {
      input: Cursor,
      output: Page,
      uses: ['resource::http::read'],
      effects: 'read_only',
      determinism: 'best_effort',
      egress: ['*.example.com', '127.0.0.1'],
      timeoutMs: 5000,
      retry: { maxAttempts: 4, backoffMs: 20, maxBackoffMs: 500 },
      run: async ({ url, page, names }, { capabilities, signal }) => {
        const request = { method: 'GET', url: `${url}?page=${page + 1}` };
        const response = await capabilities.httpRead.send(request, signal);
        if (response.status !== 200) throw new Error(`the API answered ${response.status}`);
        const body = JSON.parse(new TextDecoder().decode(response.body)) as {
          items: string[];
          more: boolean;
        };
        return { url, page: page + 1, names: [...names, ...body.items], more: body.more };
      },
    });
    const again = f.inline('again', {
      ...pure,
      input: Page,
      output: Cursor,
      run: ({ url, page, names }) => ({ url, page, names }),
    });
    const finish = f.inline('finish', {
      ...pure,
      input: Page,
      output: Result,
      run: ({ page, names }) => ({ pages: page, names }),
    });
    f.connect(trigger, begin);
    f.connect(begin, fetchPage);
    f.connect(again, fetchPage);
    f.loop(fetchPage, '/more', { body: again, exit: finish, maxIterations: 100 });
    f.rateLimit(fetchPage, { qps: 20, burst: 2 });
    f.capture(trigger, finish);
  },
);
