// A project that a test writes as files.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '@basalt/diagnostics';

/** Runs `use` with a folder that holds the files, and removes it. */
export async function withProject(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'basalt-project-')));
  try {
    await writeFiles(folder, files);
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** A descriptor with what it needs, and more lines. */
export function descriptorText(id: string, more = '', kind = 'component'): string {
  const version = id.slice(id.lastIndexOf('@') + 1);
  return [
    'schemaVersion = "2.0"',
    `id = "${id}"`,
    `version = "${version}"`,
    `kind = "${kind}"`,
    'summary = "s"',
    more,
    '',
  ].join('\n');
}

/** "CODE file:line message", with the folder left out. */
export function shownFindings(
  findings: readonly Diagnostic[],
  folder = '/nowhere',
): readonly string[] {
  return findings.map(({ code, message, location }) => {
    const place = location?.file === undefined ? '' : ` ${location.file}:${location.line ?? 0}`;
    return `${code}${place} ${message}`.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
  });
}
