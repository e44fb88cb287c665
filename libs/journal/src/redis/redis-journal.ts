// Journals in Redis, for runs that several machines execute. Every change is one script: the records of
// a commit, the ledger keys that they complete and what lists show change together or not at all. What is
// acknowledged is as durable as the server is set to be: on its disk with `appendonly yes` and
// `appendfsync always`; else a start of the server is taken for a possible loss (JRNL203).
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { RunRecord } from '@basalt/executor';
import { randomUUID } from 'node:crypto';
import { cancelledRecord } from '../cancelled-record.js';
import { MAX_ARCHIVED_RUN_BYTES, MAX_RECORD_BYTES } from '../journal-limits.js';
import type {
  DeliveredEvent,
  JournalFault,
  JournalStore,
  OwnedJournal,
  RunInfo,
  RunPage,
  RunQuery,
  RunStart,
} from '../journal-store.js';
import { chooseForPruning, type PrunePolicy } from '../prune-policy.js';
import { encodeEvent } from '../records/event-bytes.js';
import { readArchive, writeArchive, type StoredRun } from '../records/run-archive.js';
import { recordBody, writeFrame } from '../records/run-frame.js';
import { afterRecord, afterStart, noProgress, type RunProgress } from '../records/run-progress.js';
import { startBody, storeDocument } from '../records/start-frame.js';
import { checkName } from '../run-names.js';
import {
  connectJournal,
  storeLost,
  textAt,
  type Answer,
  type JournalClient,
} from './journal-client.js';
import type { RedisJournalOptions } from './redis-journal-options.js';
import { RedisOwner } from './redis-owner.js';
import { progressFields, startFields } from './redis-run-row.js';
import { endedRuns, infoOfRun, listRuns, runIdsOf } from './redis-run-list.js';
import { verifyRuns } from './redis-verify.js';
import { foundRun, soundRun } from './stored-run.js';

const LEASE_MS = 15_000;
const TIMEOUT_MS = 5_000;
/** Commits are asked after for so many times the limit of one call. */
const OUTCOME_FACTOR = 6;

class RedisJournal implements JournalStore {
  readonly kind = 'redis';
  readonly #client: JournalClient;
  readonly #owner: RedisOwner;
  readonly #now: () => number;
  readonly #trustRestarts: boolean;
  #closed: Promise<void> | undefined;

  constructor(client: JournalClient, owner: RedisOwner, options: RedisJournalOptions) {
    this.#client = client;
    this.#owner = owner;
    this.#now = options.now ?? Date.now;
    this.#trustRestarts = options.trustRestarts ?? false;
  }

  async create(start: RunStart): Promise<OwnedJournal> {
    this.#check('journal.create');
    checkName('a run id', start.runId);
    const { hash, bytes } = storeDocument(start.flowDocument);
    const empty = noProgress(start.runId);
    const frame = writeFrame(empty.chain, startBody(start, hash));
    const progress = afterStart(empty, frame.bytes.length, frame.chain);
    const lease = this.#owner.newLease();
    const answer = await this.#client.run('journal.create', 'basaltJournalPut', [
      ...[this.#client.mark, start.runId, lease, hash, bytes, 1, frame.bytes, 0],
      ...startFields(start, 0),
      ...progressFields(progress, this.#client),
      ...['owner', this.#owner.id, 'lease', lease],
    ]);
    this.#expect(start.runId, answer);
    const opened = { start, history: [], progress, events: [] };
    return this.#owner.hold(opened, lease, progress, undefined);
  }

  async open(runId: string): Promise<OwnedJournal> {
    this.#check('journal.open');
    const lease = this.#owner.newLease();
    const left = this.#owner.holds(runId) ? 0 : 1;
    const args = [this.#client.mark, runId, this.#owner.id, lease, left];
    const answer = await this.#client.run('journal.open', 'basaltJournalOpen', args);
    this.#expect(runId, answer);
    try {
      const { row, read, start, events } = soundRun(runId, foundRun(runId, answer));
      if (row.instance !== this.#client.instance() && !row.safe && !this.#trustRestarts) {
        const params = { run: runId, server: this.#client.server, records: row.progress.records };
        throw new DiagnosticError([diagnostic.JRNL203(params)]);
      }
      const opened = { start, history: read.records, progress: read.progress, events };
      return this.#owner.hold(opened, lease, read.progress, row.cancel);
    } catch (error) {
      await this.#client.run('journal.open', 'basaltJournalLeave', [runId, lease, 'undo']);
      throw error;
    }
  }

  async info(runId: string): Promise<RunInfo | undefined> {
    this.#check('journal.info');
    const info = await infoOfRun(this.#client, runId);
    await this.#client.checkMark('journal.info');
    return info;
  }

  async start(runId: string): Promise<RunStart | undefined> {
    this.#check('journal.start');
    const args = [this.#client.mark, runId];
    const answer = await this.#client.run('journal.start', 'basaltJournalRead', args);
    if (textAt(answer, 0) === 'unknown') return undefined;
    this.#expect(runId, answer);
    return soundRun(runId, foundRun(runId, answer)).start;
  }

  async records(runId: string): Promise<readonly RunRecord[]> {
    this.#check('journal.records');
    return (await this.#read('journal.records', runId)).read.records;
  }

  async list(query: RunQuery = {}): Promise<RunPage> {
    this.#check('journal.list');
    const page = await listRuns(this.#client, query);
    await this.#client.checkMark('journal.list');
    return page;
  }

  async cancel(runId: string, reason: string): Promise<'asked' | 'cancelled' | 'ended'> {
    this.#check('journal.cancel');
    const { mark } = this.#client;
    let given: readonly (string | number | Uint8Array)[] = ['', ''];
    for (;;) {
      const args = [mark, runId, reason, ...given];
      const answer = await this.#client.run('journal.cancel', 'basaltJournalCancel', args);
      const found = textAt(answer, 0);
      switch (found) {
        case 'asked':
          await this.#owner.notice(runId);
          return found;
        case 'ended':
        case 'cancelled':
          return found;
        case 'free':
          given = this.#cancelFrame(runId, reason, answer);
          break;
        default:
          this.#expect(runId, answer);
      }
    }
  }

  async deliver(runId: string, event: Omit<DeliveredEvent, 'at'>): Promise<boolean> {
    this.#check('journal.deliver');
    checkName('an event id', event.id);
    const bytes = encodeEvent({ ...event, at: this.#now() });
    const args = [this.#client.mark, runId, event.id, bytes, randomUUID()];
    const answer = await this.#client.run('journal.deliver', 'basaltJournalDeliver', args);
    const found = textAt(answer, 0);
    if (found === 'known') return false;
    if (found !== 'new') this.#expect(runId, answer);
    await this.#owner.notice(runId);
    return true;
  }

  async verify({ repair = false } = {}): Promise<readonly JournalFault[]> {
    this.#check('journal.verify');
    await this.#client.checkMark('journal.verify');
    return verifyRuns(this.#client, repair, this.#trustRestarts);
  }

  async prune(policy: PrunePolicy): Promise<number> {
    this.#check('journal.prune');
    await this.#client.checkMark('journal.prune');
    let removed = 0;
    for (const runId of chooseForPruning(await endedRuns(this.#client), policy)) {
      removed += (await this.#client.run('journal.prune', 'basaltJournalRemove', [
        runId,
      ])) as number;
    }
    return removed;
  }

  /** Lets the server write its log anew, where it keeps one; gives the bytes of all records, which
   * that does not change. */
  async compact(): Promise<{ before: number; after: number }> {
    this.#check('journal.compact');
    await this.#client.checkMark('journal.compact');
    let bytes = 0;
    for await (const runId of runIdsOf(this.#client)) {
      bytes += (await infoOfRun(this.#client, runId))?.bytes ?? 0;
    }
    // Refused where a rewriting is under way or no log is kept.
    await this.#client
      .ask('journal.compact', (redis) => redis.bgrewriteaof())
      .catch(() => undefined);
    return { before: bytes, after: bytes };
  }

  exportRuns(runIds?: readonly string[]): AsyncIterable<Uint8Array> {
    this.#check('journal.export');
    return writeArchive(this.#storedRuns(runIds));
  }

  async importRuns(chunks: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
    this.#check('journal.import');
    const taken: string[] = [];
    for await (const archived of readArchive(chunks, MAX_ARCHIVED_RUN_BYTES)) {
      const { runId, document, frames, events, resumptions, read } = archived;
      const answer = await this.#client.run('journal.import', 'basaltJournalPut', [
        ...[this.#client.mark, runId, randomUUID(), read.start.document, document],
        ...[frames.length, ...frames],
        ...[events.length, ...events.flatMap((event) => [event.id, encodeEvent(event)])],
        ...startFields(read.start.start, resumptions),
        ...progressFields(read.progress, this.#client),
      ]);
      if (textAt(answer, 0) === 'taken') continue;
      this.#expect(runId, answer);
      taken.push(runId);
    }
    return taken;
  }

  close(): Promise<void> {
    this.#closed ??= this.#owner.end().then(() => this.#client.close());
    return this.#closed;
  }

  async *#storedRuns(runIds: readonly string[] | undefined): AsyncGenerator<StoredRun> {
    await this.#client.checkMark('journal.export');
    for await (const runId of runIds ?? runIdsOf(this.#client)) {
      const { frames, events, document, row } = await this.#read('journal.export', runId);
      yield { runId, frames, events, document: document!, resumptions: row.resumptions };
    }
  }

  async #read(call: string, runId: string) {
    const answer = await this.#client.run(call, 'basaltJournalRead', [this.#client.mark, runId]);
    this.#expect(runId, answer);
    return soundRun(runId, foundRun(runId, answer));
  }

  /** The last record of a run that nobody has, for the script that appends it. */
  #cancelFrame(runId: string, reason: string, answer: Answer) {
    const [, records, bytes, waits, chain] = answer as readonly Buffer[];
    const progress: RunProgress = {
      records: Number(records),
      bytes: Number(bytes),
      waits: Number(waits),
      chain: new Uint8Array(chain!),
    };
    const record = cancelledRecord(runId, reason, this.#now());
    const frame = writeFrame(progress.chain, recordBody(record));
    const after = afterRecord(progress, record, frame.bytes.length, frame.chain);
    return [chain!, frame.bytes, ...progressFields(after, this.#client)];
  }

  /** @throws DiagnosticError where an answer does not begin with `ok`. */
  #expect(run: string, answer: Answer): void {
    switch (textAt(answer, 0)) {
      case 'ok':
        return;
      case 'lost':
        throw storeLost(this.#client);
      case 'taken':
        throw new DiagnosticError([diagnostic.JRNL001({ run })]);
      case 'ended':
        throw new DiagnosticError([diagnostic.JRNL003({ run, status: textAt(answer, 1) })]);
      case 'owned':
        throw new DiagnosticError([diagnostic.JRNL004({ run, owner: textAt(answer, 1) })]);
      default:
        throw new DiagnosticError([diagnostic.JRNL002({ run })]);
    }
  }

  #check(call: string): void {
    if (this.#closed !== undefined) throw new DiagnosticError([diagnostic.CAP108({ call })]);
  }
}

/** Opens journals in Redis. @throws DiagnosticError CAP130 where the server cannot be used.
 * @throws RangeError for a text that is no address of a Redis server, or holds a password. */
export async function openRedisJournal(options: RedisJournalOptions): Promise<JournalStore> {
  const client = await connectJournal(options);
  const owner = new RedisOwner(client, {
    maxRecordBytes: options.maxRecordBytes ?? MAX_RECORD_BYTES,
    leaseMs: options.leaseMs ?? LEASE_MS,
    outcomeMs: (options.timeoutMs ?? TIMEOUT_MS) * OUTCOME_FACTOR,
    now: options.now ?? Date.now,
  });
  try {
    await owner.begin();
  } catch (error) {
    await client.close();
    throw error;
  }
  return new RedisJournal(client, owner, options);
}
