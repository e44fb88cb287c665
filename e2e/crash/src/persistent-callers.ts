// Callers of a host that dies: each posts a request with an idempotency key until it is answered, and
// where the answer is 202, asks the URL of the run until it tells the end.
import { setTimeout as delay } from 'node:timers/promises';
import type { CrashJob } from './crash-jobs.js';

/** What a caller was told in the end. */
export interface Told {
  readonly request: CrashJob;
  /** Of the answer to the request. */
  readonly status: number;
  /** As the answer or the URL of the run tells it. */
  readonly outcome: string;
  readonly output: unknown;
}

export interface CallerOptions {
  /** The nth request. */
  readonly request: (n: number) => CrashJob;
  /** Where the host listens now. */
  readonly url: () => string;
  /** Requests under way at a time. */
  readonly atOnce: number;
  /** Told of each request that was taken in. */
  readonly onTaken: (runId: string, request: CrashJob) => void;
  /** Called for a job that has used its attempts up. True: it will be tried again. */
  readonly onDead: (runId: string, request: CrashJob) => Promise<boolean>;
}

const PAUSE_MS = 25;
/** Answers that say to come again. */
const COME_AGAIN: ReadonlySet<number> = new Set([429, 503]);
const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'dead']);

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: unknown;
}

/** Calls from its creation on. */
export class PersistentCallers {
  readonly #options: CallerOptions;
  readonly #told: Told[] = [];
  readonly #calling: Promise<void>;
  #next = 0;
  #stopped = false;

  constructor(options: CallerOptions) {
    this.#options = options;
    const callers = Array.from({ length: options.atOnce }, () => this.#call());
    this.#calling = Promise.all(callers).then(() => undefined);
  }

  /** What was told so far, one for each request. */
  get told(): readonly Told[] {
    return this.#told;
  }

  /** Begins no more requests, and resolves when those under way have been told. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#calling;
  }

  async #call(): Promise<void> {
    while (!this.#stopped) {
      const n = this.#next;
      this.#next += 1;
      this.#told.push(await this.#toldOf(n, this.#options.request(n)));
    }
  }

  async #toldOf(n: number, request: CrashJob): Promise<Told> {
    const { status, location, body } = await this.#answerTo(n, request);
    if (status === 202) {
      const end = await this.#endOf(location ?? '', request);
      const again = isForWorker(n) ? await this.#answerTo(n, request) : undefined;
      // One that is enqueued is known by its key whoever hosts, and for long after its end.
      if (again === undefined || again.location === location) return { request, status, ...end };
      const outcome = `repeated as ${again.status} at ${again.location}`;
      return { request, status, outcome, output: again.body };
    }
    const outcome = status === 200 ? 'completed' : 'failed';
    return { request, status, outcome, output: status === 200 ? body : undefined };
  }

  #answerTo(n: number, { job }: CrashJob): Promise<Answer> {
    return this.#until(`/crash/${job.flowName.replace('crash_', '')}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': job.id,
        ...(isForWorker(n) ? { prefer: 'respond-async' } : {}),
      },
      body: JSON.stringify(job.payload),
    });
  }

  async #endOf(location: string, request: CrashJob): Promise<Pick<Told, 'outcome' | 'output'>> {
    const runId = decodeURIComponent(location.slice(location.lastIndexOf('/') + 1));
    this.#options.onTaken(runId, request);
    for (;;) {
      const { status, body } = await this.#until(location, {});
      if (status !== 200) return { outcome: `${status} at the URL of the run`, output: undefined };
      const run = body as { readonly status: string; readonly output?: unknown };
      const isEnded = ENDED.has(run.status);
      if (isEnded && !(run.status === 'dead' && (await this.#options.onDead(runId, request)))) {
        return { outcome: run.status, output: run.output };
      }
      await delay(PAUSE_MS);
    }
  }

  /** Sends a request until somebody answers it. */
  async #until(path: string, init: RequestInit): Promise<Answer> {
    for (;;) {
      const answer = await answerTo(`${this.#options.url()}${path}`, init);
      if (answer !== undefined && !COME_AGAIN.has(answer.status)) return answer;
      await delay(PAUSE_MS);
    }
  }
}

/** Every other request asks for one. */
export function isForWorker(n: number): boolean {
  return n % 2 === 1;
}

/** Undefined where the host is dead, or dies under the request. */
async function answerTo(url: string, init: RequestInit): Promise<Answer | undefined> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, init);
    text = await response.text();
  } catch {
    return undefined;
  }
  const location = response.headers.get('location') ?? undefined;
  return { status: response.status, location, body: text === '' ? undefined : JSON.parse(text) };
}
