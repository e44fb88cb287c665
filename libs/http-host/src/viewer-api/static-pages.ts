// Serves the built pages from memory. Only the files that the manifest of the build lists exist: a path
// is looked up and never joined, so that there is nothing to traverse.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface Page {
  readonly type: string;
  readonly cacheControl: string;
  readonly body: Buffer;
  /** Made when it is first asked for. */
  zipped: Promise<Buffer> | undefined;
}

const FOR_EVER = 'public, max-age=31536000, immutable';
/** Smaller files are not worth the work. */
const LEAST_ZIPPED = 1024;
/** Scripts, styles and requests of this host alone; nothing inline. */
const CSP =
  "default-src 'self'; object-src 'none'; img-src 'self' data:; frame-ancestors 'none'; " +
  "base-uri 'none'; form-action 'none'";

const zip = promisify(gzip);

/** Adds the pages to the server below `/_flows/`.
 * @throws DiagnosticError VIEW008 where they have not been built. */
export async function servePages(app: FastifyInstance, directory: string): Promise<void> {
  const { index, assets } = await readPages(directory);
  const tag = `"${createHash('sha256').update(index.body).digest('hex').slice(0, 16)}"`;
  const config = { access: { kind: 'public' } } as const;
  app.get('/_flows', { config }, (_request, reply) => reply.redirect('_flows/', 308));
  app.get('/_flows/', { config }, async (request, reply) => {
    describe(reply, index).header('etag', tag);
    // Its headers replace those that the browser kept (RFC 9111, 4.3.4).
    if (request.headers['if-none-match'] === tag) return reply.code(304).send();
    return send(request, reply, index);
  });
  for (const [path, asset] of assets) {
    app.get(`/_flows/${path}`, { config }, (request, reply) => send(request, reply, asset));
  }
}

async function readPages(directory: string): Promise<{ index: Page; assets: Map<string, Page> }> {
  try {
    const manifest = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8')) as {
      assets: Record<string, string>;
    };
    const index = await readFile(join(directory, 'index.html'));
    const assets = new Map<string, Page>();
    for (const [path, type] of Object.entries(manifest.assets)) {
      assets.set(path, page(await readFile(join(directory, path)), type, FOR_EVER));
    }
    return { index: page(index, 'text/html; charset=utf-8', 'no-cache'), assets };
  } catch (error) {
    const problem = (error as Error).message;
    throw new DiagnosticError([diagnostic.VIEW008({ directory, problem })]);
  }
}

function page(body: Buffer, type: string, cacheControl: string): Page {
  return { body, type, cacheControl, zipped: undefined };
}

function describe(reply: FastifyReply, file: Page): FastifyReply {
  return reply.headers({
    'content-type': file.type,
    'cache-control': file.cacheControl,
    'content-security-policy': CSP,
    vary: 'accept-encoding',
  });
}

async function send(request: FastifyRequest, reply: FastifyReply, file: Page) {
  describe(reply, file);
  const accepts = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (!accepts || file.body.length < LEAST_ZIPPED) return reply.send(file.body);
  file.zipped ??= zip(file.body);
  reply.header('content-encoding', 'gzip');
  return reply.send(await file.zipped);
}
