// What whoever starts a host may set. Every limit has a default that holds on a small machine.

import type { SecretRedactor } from '@basalt/capabilities';
import type { JournalStore } from '@basalt/journal';
import type { QueueBackend } from '@basalt/queue';
import type { OperationsOptions } from './operations/operations-options.js';
import type { SecurityOptions } from './security/security-options.js';
import type { ViewerOptions } from './viewer-api/viewer-options.js';

export interface HttpHostOptions {
  /** Every execution is kept here, step by step, and can be taken up again after a crash; their URLs are
   * below /_runs/. Whoever gives it closes it, after the host. */
  readonly journal?: JournalStore;
  /** Takes the requests that are not to be answered with a result at once: with a journal, which must be
   * that of the workers. Whoever gives it closes it, after the host. */
  readonly queue?: QueueBackend;
  /** asked: requests with `Prefer: respond-async` are enqueued (RFC 7240, section 4.1). always: every
   * request is, but for streams. Default asked. */
  readonly enqueue?: 'asked' | 'always';
  /** The run viewer at /_flows/; {} for its defaults. There is none when absent. */
  readonly viewer?: ViewerOptions;
  /** Who may use the host, and how. */
  readonly security?: SecurityOptions;
  /** Knows the secrets that nodes have read: they are taken out of the log of requests and of what the
   * run viewer shows. Give the log of the host the same one. A new one when absent. */
  readonly redactor?: SecretRedactor;
  /** How the host is watched. */
  readonly operations?: OperationsOptions;
  /** Deadline of an execution, in place of that of its trigger, in milliseconds; jobs carry it. Executions
   * that are taken up again keep the one that they were begun with. */
  readonly deadlineMs?: number;
  /** Executions under way at once; what comes on top waits. Default 1000. */
  readonly maxConcurrentRuns?: number;
  /** Executions that wait for a place; more are refused with 503. Default 1000. */
  readonly maxQueuedRuns?: number;
  /** Longest wait for a place, in milliseconds; then 503. Default 10 000. */
  readonly maxQueueWaitMs?: number;
  /** What a refused caller is told to wait, in whole seconds. Default 1. */
  readonly retryAfterSeconds?: number;
  /** Answers of status 500 and up carry the text of the failure. For development. Default false. */
  readonly exposeErrors?: boolean;
  /** Largest body where the trigger says nothing, in bytes. Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Longest time for the headers of a request, in milliseconds. Default 10 000. */
  readonly headersTimeoutMs?: number;
  /** Longest time for a whole request, in milliseconds. Default 30 000. */
  readonly requestTimeoutMs?: number;
  /** An idle connection is closed after so many milliseconds. Default 72 000. */
  readonly keepAliveTimeoutMs?: number;
  /** A reader that takes nothing of an answer that waits for it is cut off after so many milliseconds.
   * Default 60 000. */
  readonly stallTimeoutMs?: number;
  /** Largest sum of all headers, in bytes. Default 16 KiB. */
  readonly maxHeaderBytes?: number;
  /** A silent event stream gets a comment every so many milliseconds. Default 15 000. */
  readonly streamKeepAliveMs?: number;
  /** What an event stream tells its client to wait before it connects again, in milliseconds.
   * Default 1000. */
  readonly streamRetryMs?: number;
  /** How long an execution whose event stream was cut off waits for its client to come back, in
   * milliseconds; 0: it is cancelled at once. Default 10 000. */
  readonly resumeGraceMs?: number;
  /** Streams without a reader, ended or under way, that are kept for one that comes back; the one that
   * waits longest goes first. Default 1000. */
  readonly maxHeldStreams?: number;
  /** Events of one stream that are kept for a client that comes back. Default 256. */
  readonly replayEvents?: number;
  /** The same, in bytes. Default 256 KiB. */
  readonly replayBytes?: number;
  /** How long the answer to an idempotency key is kept, in milliseconds. Default 24 hours. */
  readonly idempotencyTtlMs?: number;
  /** Answers that are kept; the oldest goes first. Default 10 000. */
  readonly maxIdempotencyKeys?: number;
  /** Most bytes of kept answers. Default 64 MiB. */
  readonly maxIdempotencyBytes?: number;
  /** How long closing the host waits for executions, in milliseconds; then they are cancelled.
   * Default 10 000. */
  readonly drainMs?: number;
}
