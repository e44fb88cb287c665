// Gives the space of removed runs back to the disk, where nobody else has the folder open.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { databaseBytes, type OwnedFolder } from './open-owner.js';

/** Rewrites the database. @throws JRNL011 where another owner lives. */
export async function compactFolder(
  folder: OwnedFolder,
  live: ReadonlyMap<string, string>,
): Promise<{ before: number; after: number }> {
  const { store, owner } = folder;
  for (const [id, name] of live) {
    if (id !== owner.id) {
      throw new DiagnosticError([diagnostic.JRNL011({ folder: store.folder, owner: name })]);
    }
  }
  const before = await databaseBytes(store);
  if (!(await store.compact('journal.compact'))) {
    const somebody = 'a queue, or another process,';
    throw new DiagnosticError([diagnostic.JRNL011({ folder: store.folder, owner: somebody })]);
  }
  return { before, after: await databaseBytes(store) };
}
