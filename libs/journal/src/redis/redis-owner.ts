// A store as the owner of the runs that it has opened: it shows life, writes, and learns what happens to
// them from outside.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { Reservation } from '@basalt/executor';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { OpenedRun, OwnedRun, RunKeeper } from '../owned-run.js';
import { OwnedRun as Owned } from '../owned-run.js';
import { progressFields } from './redis-run-row.js';
import { storeLost, textAt, type Answer, type JournalClient } from './journal-client.js';
import type { RunProgress } from '../records/run-progress.js';
import { eventsOf } from './stored-run.js';

export interface RedisOwnerOptions {
  readonly maxRecordBytes: number;
  readonly leaseMs: number;
  /** How long the outcome of a commit is asked after, in milliseconds. */
  readonly outcomeMs: number;
  readonly now: () => number;
}

/** A run in the hands of this owner. */
interface Held {
  readonly run: OwnedRun;
  readonly lease: string;
  /** How far Redis has it. */
  kept: RunProgress;
  /** Events that it was told of. */
  events: number;
  cancelled: boolean;
  /** The commit on its way. */
  committing: Promise<void>;
}

export class RedisOwner implements RunKeeper {
  readonly id = `${hostname()} ${process.pid} ${randomUUID().slice(0, 8)}`;
  readonly maxRecordBytes: number;
  readonly #client: JournalClient;
  readonly #options: RedisOwnerOptions;
  readonly #held = new Map<OwnedRun, Held>();
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(client: JournalClient, options: RedisOwnerOptions) {
    this.#client = client;
    this.#options = options;
    this.maxRecordBytes = options.maxRecordBytes;
  }

  /** Shows life from now on. */
  async begin(): Promise<void> {
    await this.#client.subscribe(`${this.#client.prefix}s:${this.id}`, (runId) => {
      void this.notice(runId).catch(() => undefined);
    });
    await this.#beat();
    this.#schedule();
    // A server that is there again may have lost what it had.
    this.#client.onReconnect(() => {
      if (!this.#stopped) void this.#beat().catch(() => undefined);
    });
  }

  /** A name for the lease of one opening. */
  newLease(): string {
    return randomUUID();
  }

  /** Whether a run is in its hands. */
  holds(runId: string): boolean {
    for (const { run } of this.#held.values()) if (run.runId === runId) return true;
    return false;
  }

  /** Takes a run into its hands. @param kept how far Redis has it. */
  hold(opened: OpenedRun, lease: string, kept: RunProgress, cancel: string | undefined): OwnedRun {
    const run = new Owned(opened, this);
    const held = {
      run,
      lease,
      kept,
      events: opened.events.length,
      cancelled: cancel !== undefined,
      committing: Promise.resolve(),
    };
    this.#held.set(run, held);
    if (cancel !== undefined) run.cancel(cancel);
    return run;
  }

  /** Commits of one run follow one another, so that each knows what it follows. */
  async commit(run: OwnedRun): Promise<void> {
    const held = this.#held.get(run);
    if (held === undefined) throw taken(run.runId, 'nobody');
    const before = held.committing;
    const work = before.catch(() => undefined).then(() => this.#commit(held));
    held.committing = work;
    await work;
  }

  async reserve(run: OwnedRun, key: string, input: string, ttlMs: number): Promise<Reservation> {
    const held = this.#held.get(run);
    if (held === undefined) throw taken(run.runId, 'nobody');
    const { mark } = this.#client;
    const args = [mark, run.runId, held.lease, key, input, ttlMs, this.#options.now()];
    const answer = await this.#client.run('journal.reserve', 'basaltJournalReserve', args);
    const state = textAt(answer, 0);
    switch (state) {
      case 'first':
      case 'own':
        return { state };
      case 'done':
        return { state, input: textAt(answer, 1) };
      case 'held':
        return { state, owner: textAt(answer, 1) };
      default:
        throw this.#refused(held, answer);
    }
  }

  async leave(run: OwnedRun): Promise<void> {
    const held = this.#held.get(run);
    if (held === undefined) return;
    try {
      if (run.fault === undefined) await run.commit();
    } finally {
      this.#held.delete(run);
      await this.#client.run('journal.close', 'basaltJournalLeave', [run.runId, held.lease]);
    }
  }

  /** Looks at what has happened to a run from outside. */
  async notice(runId: string): Promise<void> {
    for (const held of this.#held.values()) if (held.run.runId === runId) await this.#notice(held);
  }

  /** Closes all runs and shows no life any more. */
  async end(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#beating.catch(() => undefined);
    for (const run of [...this.#held.keys()]) await run.close().catch(() => undefined);
    const key = `${this.#client.prefix}o:${this.id}`;
    await this.#client.ask('journal.close', (redis) => redis.del(key)).catch(() => undefined);
  }

  async #commit(held: Held): Promise<void> {
    const { run, lease, kept } = held;
    const frames = [...run.pending];
    const released = [...run.released];
    if (frames.length + released.length === 0) return;
    const after = frames.at(-1)?.progress ?? kept;
    const completed = frames.flatMap(({ record }) =>
      record.kind === 'result' && record.completes !== undefined ? [record.completes] : [],
    );
    const args = [
      ...[this.#client.mark, run.runId, lease, this.#options.now()],
      ...[kept.records, kept.chain, after.records, after.chain],
      ...[frames.length, ...frames.map(({ bytes }) => bytes)],
      ...[completed.length, ...completed, released.length, ...released],
      ...progressFields(after, this.#client),
    ];
    const answer = await this.#untilKnown(args);
    if (textAt(answer, 0) !== 'ok') throw this.#refused(held, answer);
    held.kept = after;
    run.pending.splice(0, frames.length);
    run.released.splice(0, released.length);
  }

  /** Sends a commit until its outcome is known: the script does not apply it twice. */
  async #untilKnown(args: readonly (string | number | Uint8Array)[]): Promise<Answer> {
    const end = performance.now() + this.#options.outcomeMs;
    for (;;) {
      try {
        return await this.#client.run('journal.flush', 'basaltJournalCommit', args);
      } catch (error) {
        // What the server refuses, such as for want of memory, it has not carried out.
        const refused = /\b(OOM|MISCONF|READONLY|NOPERM|WRONGTYPE|NOREPLICAS)\b/.test(
          String(error),
        );
        if (refused || this.#stopped || performance.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** The error for a call that Redis did not carry out; the run can go no further. */
  #refused(held: Held, answer: Answer): DiagnosticError {
    const { run, kept } = held;
    switch (textAt(answer, 0)) {
      case 'lost': {
        const lost = storeLost(this.#client);
        run.fail(lost);
        return lost;
      }
      case 'older': {
        const found = textAt(answer, 1);
        const params = { run: run.runId, server: this.#client.server, found, known: kept.records };
        const older = new DiagnosticError([diagnostic.JRNL202(params)]);
        run.fail(older);
        return older;
      }
      default:
        run.loseTo(textAt(answer, 1));
        return run.fault!;
    }
  }

  async #notice(held: Held): Promise<void> {
    const args = [held.run.runId, held.events];
    const answer = await this.#client.run('journal.signals', 'basaltJournalNotice', args);
    const [lease, owner, cancel, events] = answer as readonly [
      Buffer | null,
      Buffer | null,
      Buffer | null,
      Answer,
    ];
    if (lease !== null && lease.toString() !== held.lease) held.run.loseTo(String(owner));
    if (cancel !== null && !held.cancelled) {
      held.cancelled = true;
      held.run.cancel(cancel.toString());
    }
    const arrived = eventsOf(events);
    held.events = Math.max(held.events, (args[1] as number) + arrived.length);
    for (const event of arrived) held.run.arrive(event);
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      // A beat that fails is made up for by the next.
      this.#beating = this.#beat().catch(() => undefined);
      void this.#beating.then(() => this.#schedule());
    }, this.#options.leaseMs / 3);
    this.#timer.unref();
  }

  /** Stops all runs where the store is not the one that they are in. */
  async #checkStore(): Promise<void> {
    try {
      await this.#client.checkMark('journal.beat');
    } catch (error) {
      if (error instanceof DiagnosticError && error.diagnostic.code === 'JRNL201') {
        for (const { run } of this.#held.values()) run.loseStore(error);
      }
      throw error;
    }
  }

  async #beat(): Promise<void> {
    const key = `${this.#client.prefix}o:${this.id}`;
    const { leaseMs } = this.#options;
    await this.#checkStore();
    await this.#client.ask('journal.beat', (redis) => redis.set(key, '', 'PX', leaseMs));
    // Messages of Redis may be lost with a connection.
    for (const held of [...this.#held.values()]) await this.#notice(held);
  }
}

function taken(run: string, owner: string): DiagnosticError {
  return new DiagnosticError([diagnostic.JRNL008({ run, owner })]);
}
