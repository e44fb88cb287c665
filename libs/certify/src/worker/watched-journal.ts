// A store of journals that asks before and after each commit whether the run may go on.
import type { RunRecord } from '@basalt/executor';
import type { JournalStore, OwnedJournal } from '@basalt/journal';
import type { CommitPoint } from './worker-messages.js';

type Ask = (point: CommitPoint) => Promise<void>;

/** The store, whose journals ask. */
export function watchedStore(store: JournalStore, ask: Ask): JournalStore {
  const opening = {
    create: async (...args: Parameters<JournalStore['create']>) =>
      watchedJournal(await store.create(...args), ask),
    open: async (...args: Parameters<JournalStore['open']>) =>
      watchedJournal(await store.open(...args), ask),
  };
  return new Proxy(store, { get: (target, name) => memberOf(target, opening, name) });
}

function watchedJournal(journal: OwnedJournal, ask: Ask): OwnedJournal {
  let pending: CommitPoint['records'][number][] = [];
  const run = journal.runId;
  const writing = {
    append: (record: RunRecord) => {
      pending.push({ kind: record.kind, alias: 'alias' in record ? record.alias : '' });
      journal.append(record);
    },
    flush: async () => {
      const records = pending;
      pending = [];
      if (records.length > 0) await ask({ run, phase: 'before', records });
      await journal.flush();
      if (records.length > 0) await ask({ run, phase: 'after', records });
    },
  };
  return new Proxy(journal, { get: (target, name) => memberOf(target, writing, name) });
}

/** Members of `own` in place of those of `target`; methods keep their object. */
function memberOf(target: object, own: object, name: PropertyKey): unknown {
  if (Object.hasOwn(own, name)) return Reflect.get(own, name);
  const member: unknown = Reflect.get(target, name, target);
  return typeof member === 'function' ? member.bind(target) : member;
}
