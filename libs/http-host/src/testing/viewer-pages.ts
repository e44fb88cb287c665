// Pages of a viewer for tests of the host: what a build leaves behind, in small.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ViewerPages {
  readonly directory: string;
  remove(): void;
}

export const PAGE = '<!doctype html><title>Runs</title>';
export const SCRIPT = `// ${'a'.repeat(2000)}\n`;

export function viewerPages(): ViewerPages {
  const root = mkdtempSync(join(tmpdir(), 'viewer-'));
  const directory = join(root, 'static');
  mkdirSync(join(directory, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), 'not for anybody');
  writeFileSync(join(directory, 'index.html'), PAGE);
  writeFileSync(join(directory, 'assets/main-1234abcd.js'), SCRIPT);
  const assets = { 'assets/main-1234abcd.js': 'text/javascript; charset=utf-8' };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ assets }));
  return { directory, remove: () => rmSync(root, { recursive: true }) };
}
