// Requests that become jobs: taken in durably, answered with 202 and the URL of the run, and executed by
// a worker when it comes to them.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { hashValue, type Value } from '@basalt/ir';
import type { NewJob, QueueBackend } from '@basalt/queue';
import type { FastifyRequest } from 'fastify';
import { JSON_TYPE, type Answer } from '../answer.js';
import type { HttpHostOptions } from '../host-options.js';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import { fingerprintOf } from '../invocation/idempotency-key.js';
import { RequestMetadata } from '../invocation/request-metadata.js';
import { newRunId } from '../run-ids.js';
import { runUrl } from './run-url.js';

/** Tells two requests with one idempotency key apart. */
const FINGERPRINT_LABEL = 'http.fingerprint';
const DAY_MS = 24 * 3600 * 1000;

export interface TakenRequest {
  readonly answer: Answer;
  readonly runId: string;
  /** The key was known: this is the run of an earlier request. */
  readonly repeated: boolean;
}

export class JobIntake {
  readonly #queue: QueueBackend;
  readonly #options: HttpHostOptions;

  constructor(queue: QueueBackend, options: HttpHostOptions) {
    this.#queue = queue;
    this.#options = options;
  }

  /** Whether a request is to be enqueued. */
  takes({ headers }: FastifyRequest): boolean {
    return this.#options.enqueue === 'always' || prefersAsync(headers['prefer']);
  }

  /** Enqueues a request. A key that is known gives the run that it began.
   * @param payload is a Value and matches the schema of the trigger
   * @throws DiagnosticError HTTP130 for a key of another request, QUE codes of the queue. */
  async take(
    flow: CompiledFlow,
    route: HttpRoute,
    request: FastifyRequest,
    payload: Value,
    key: string | undefined,
  ): Promise<TakenRequest> {
    const fingerprint = fingerprintOf(request.raw, payload);
    const { labels, extensions } = new RequestMetadata(request, key);
    const { deadlineMs } = this.#options;
    const job: NewJob = {
      id: newRunId(),
      flow: flow.id,
      flowName: flow.name,
      trigger: route.trigger.alias,
      payload,
      labels: { ...labels, [FINGERPRINT_LABEL]: fingerprint },
      extensions,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(key === undefined
        ? {}
        : {
            dedupeKey: hashValue([flow.id, request.client, key]),
            dedupeTtlMs: this.#options.idempotencyTtlMs ?? DAY_MS,
          }),
    };
    const [taken] = await this.#queue.enqueue([job]);
    const { id: runId, duplicate: repeated } = taken!;
    if (repeated && !(await this.#isSame(runId, fingerprint))) {
      throw new DiagnosticError([diagnostic.HTTP130({ key: JSON.stringify(key) })]);
    }
    return { answer: takenAnswer(runId, request), runId, repeated };
  }

  /** A job of which nothing is left any more may have been any. */
  async #isSame(runId: string, fingerprint: string): Promise<boolean> {
    const first = await this.#queue.find(runId);
    const labels = first?.job.labels ?? (await this.#options.journal?.start(runId))?.labels;
    return (labels?.[FINGERPRINT_LABEL] ?? fingerprint) === fingerprint;
  }
}

/** `Prefer: respond-async` among other preferences (RFC 7240). */
export function prefersAsync(prefer: string | readonly string[] | undefined): boolean {
  if (prefer === undefined) return false;
  const text = typeof prefer === 'string' ? prefer : prefer.join(',');
  return text.split(',').some((one) => /^\s*respond-async\s*(?:;|$)/i.test(one));
}

function takenAnswer(runId: string, { headers }: FastifyRequest): Answer {
  const url = runUrl(runId);
  const applied = prefersAsync(headers['prefer'])
    ? [['preference-applied', 'respond-async'] as const]
    : [];
  return {
    status: 202,
    type: JSON_TYPE,
    headers: [['location', url], ...applied],
    body: JSON.stringify({ run_id: runId, status: 'queued', url }),
  };
}
