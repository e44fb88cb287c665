import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { viewerDirectory } from './viewer-directory.js';

const folder = viewerDirectory();
const html = readFileSync(join(folder, 'index.html'), 'utf8');
const { assets } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
  assets: Record<string, string>;
};

describe('the built pages', () => {
  it('lists every file, named by its content', () => {
    const built = readdirSync(join(folder, 'assets')).map((name) => `assets/${name}`);
    expect(Object.keys(assets).sort()).toEqual(built.sort());
    for (const name of built)
      expect(name).toMatch(/^assets\/[a-z-]+-[A-Za-z0-9]{8}\.(js|css|svg)$/);
  });

  it('refers to files of the list, and has nothing inline', () => {
    const referred = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    expect(referred).toHaveLength(3);
    for (const path of referred) expect(Object.keys(assets)).toContain(path);
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
  });

  it('refers to nothing outside', () => {
    for (const path of Object.keys(assets).filter((name) => /main|app|layout/.test(name))) {
      const text = readFileSync(join(folder, path), 'utf8');
      const addresses = [...text.matchAll(/https?:\/\/[^\s"'`)]+/g)].map(([address]) => address);
      // Names of XML, and an example in words.
      const allowed = /^http:\/\/www\.w3\.org\/|^https:\/\/example\.org\//;
      expect(addresses.filter((address) => !allowed.test(address))).toEqual([]);
    }
  });
});
