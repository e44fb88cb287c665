import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type DiagnosticError } from '@basalt/diagnostics';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { send } from '../testing/raw-client.js';
import { PAGE, SCRIPT, viewerPages, type ViewerPages } from '../testing/viewer-pages.js';

let pages: ViewerPages;
beforeAll(() => (pages = viewerPages()));
afterAll(() => pages.remove());
afterEach(closeServed);

const flows = () => [hostedFlow({ name: 'echo' })];
const start = async () => (await serve(flows(), { viewer: { directory: pages.directory } })).url;

describe('the pages of the viewer', () => {
  it('are served with types, caching and a strict policy', async () => {
    const url = await start();
    const index = await send(url, '/_flows/');
    expect([index.status, index.text]).toEqual([200, PAGE]);
    expect(index.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'self'; object-src 'none'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    });
    const script = await send(url, '/_flows/assets/main-1234abcd.js');
    expect([script.status, script.text]).toEqual([200, SCRIPT]);
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const again = await send(url, '/_flows/', {
      headers: { 'if-none-match': index.headers.etag! },
    });
    expect([again.status, again.text]).toEqual([304, '']);
    expect(again.headers['content-security-policy']).toBe(index.headers['content-security-policy']);
    const short = await send(url, '/_flows');
    expect([short.status, short.headers.location]).toEqual([308, '_flows/']);
  });

  it('are compressed for whoever takes it', async () => {
    const url = await start();
    const [zipped, plain] = await Promise.all(
      ['gzip, br', 'br'].map((accept) =>
        fetch(`${url}/_flows/assets/main-1234abcd.js`, { headers: { 'accept-encoding': accept } }),
      ),
    );
    expect([
      zipped!.headers.get('content-encoding'),
      plain!.headers.get('content-encoding'),
    ]).toEqual(['gzip', null]);
    expect([await zipped!.text(), await plain!.text()]).toEqual([SCRIPT, SCRIPT]);
  });

  it('are all that there is: no path leads outside', async () => {
    const url = await start();
    const paths = [
      '/_flows/../secret.txt',
      '/_flows/assets/../../secret.txt',
      '/_flows/assets/..%2f..%2fsecret.txt',
      '/_flows/assets/%2e%2e/%2e%2e/secret.txt',
      '/_flows/assets/....//....//secret.txt',
      '/_flows/assets/..\\..\\secret.txt',
      '/_flows/assets/%00',
      '/_flows/assets/',
      '/_flows/manifest.json',
      '/_flows/assets/main-1234abcd.js.map',
      '/_flows//etc/passwd',
    ];
    for (const path of paths) {
      const { status, text } = await send(url, path);
      expect([path, status]).toEqual([path, text.includes('HTTP120') ? 400 : 404]);
      expect(text).not.toContain('not for anybody');
    }
  });

  it('must have been built (VIEW008)', async () => {
    const empty = mkdtempSync(`${tmpdir()}/empty-`);
    const failed = await serve(flows(), { viewer: { directory: empty } }).catch(
      (error: unknown) => (error as DiagnosticError).diagnostic,
    );
    rmSync(empty, { recursive: true });
    expect(failed).toMatchObject({ code: 'VIEW008', severity: 'error' });
  });

  it('are not there where nobody asked for them', async () => {
    const { url } = await serve(flows());
    expect((await send(url, '/_flows/')).status).toBe(404);
    expect((await send(url, '/_flows/api/flows')).status).toBe(404);
  });
});
