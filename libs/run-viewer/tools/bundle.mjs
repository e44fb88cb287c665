// Builds the pages into dist/static: one script, one style sheet and the layout worker, each named by
// its content so that browsers may keep it for ever, and manifest.json, which lists every file that may
// be served. ELK's own worker is copied as it is: it is loaded only when a graph is drawn.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'dist/static');
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

const typeOf = (name) => `${TYPES[name.slice(name.lastIndexOf('.'))]}; charset=utf-8`;

async function bundle(entries, options = {}) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: out,
    entryNames: 'assets/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  const files = new Map();
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint !== undefined) files.set(entryPoint, `assets/${basename(file)}`);
  }
  return files;
}

/** Copies a file under a name with its hash. */
async function copyHashed(from, name) {
  const hash = createHash('sha256')
    .update(await readFile(from))
    .digest('hex')
    .slice(0, 8);
  const [stem, ending] = name.split('.');
  const path = `assets/${stem}-${hash}.${ending}`;
  await copyFile(from, join(out, path));
  return path;
}

await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'assets'), { recursive: true });

const elk = await copyHashed(
  createRequire(import.meta.url).resolve('elkjs/lib/elk-worker.min.js'),
  'elk.js',
);
const icon = await copyHashed(join(root, 'src/app/icon.svg'), 'icon.svg');
const workers = await bundle(['src/app/layout/layout-worker.ts'], {
  format: 'iife',
});
const worker = workers.get('src/app/layout/layout-worker.ts');
const pages = await bundle(['src/app/main.tsx', 'src/app/style/app.css'], {
  define: { LAYOUT_WORKER: JSON.stringify(worker), ELK_WORKER: JSON.stringify(elk) },
});
const script = pages.get('src/app/main.tsx');
const style = pages.get('src/app/style/app.css');

const html = (await readFile(join(root, 'src/app/index.html'), 'utf8'))
  .replace('{script}', script)
  .replace('{style}', style)
  .replace('{icon}', icon);
await writeFile(join(out, 'index.html'), html);
const assets = Object.fromEntries([script, style, worker, elk, icon].map((f) => [f, typeOf(f)]));
await writeFile(join(out, 'manifest.json'), `${JSON.stringify({ assets }, undefined, 2)}\n`);
