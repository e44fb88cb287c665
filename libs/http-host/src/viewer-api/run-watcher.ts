// Tells one page what changes in a run, as Server-Sent Events: at most ten times a second, however much
// happens, and never faster than the page reads. Each event carries its version as id; a page that
// comes back says the last one, and gets what is new since.
import type { ServerResponse } from 'node:http';
import type { RecordedRun } from './recorded-run.js';
import type { RunPresenter } from './show-run.js';

/** Least time between two events, in milliseconds. */
const INTERVAL_MS = 100;
const KEEP_ALIVE_MS = 15_000;
/** What a page waits before it connects again, in milliseconds. */
const RETRY_MS = 1000;

export class RunWatcher {
  readonly #run: RecordedRun;
  readonly #presenter: RunPresenter;
  readonly #response: ServerResponse;
  readonly #keepAlive: NodeJS.Timeout;
  readonly #unwatch: () => void;
  #timer: NodeJS.Timeout | undefined = undefined;
  #lastSentAt = -Infinity;
  #since: number;
  #blocked = false;
  #closed = false;

  /** @param since the version that the page knows; 0 for none
   * @param onClose called once, whoever closes the connection */
  constructor(
    run: RecordedRun,
    presenter: RunPresenter,
    response: ServerResponse,
    since: number,
    onClose: () => void,
  ) {
    this.#run = run;
    this.#presenter = presenter;
    this.#response = response;
    // A version that was never reached is one of another start of the host: begin anew.
    this.#since = since <= run.version ? since : 0;
    response.on('drain', () => {
      this.#blocked = false;
      this.#plan();
    });
    response.once('close', () => {
      this.close();
      onClose();
    });
    this.#unwatch = run.watch(() => this.#plan());
    this.#keepAlive = setInterval(() => this.#write(': \n\n'), KEEP_ALIVE_MS);
    this.#write(`retry: ${RETRY_MS}\n\n`);
    this.#send();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unwatch();
    clearTimeout(this.#timer);
    clearInterval(this.#keepAlive);
    this.#response.end();
  }

  #plan(): void {
    if (this.#closed || this.#blocked || this.#timer !== undefined) return;
    const wait = Math.max(0, this.#lastSentAt + INTERVAL_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, wait);
  }

  #send(): void {
    if (this.#closed || this.#blocked) return;
    const run = this.#run;
    if (run.evicted) {
      this.#write('event: gone\ndata: {}\n\n');
      this.close();
      return;
    }
    const { isEnded } = run;
    if (run.version > this.#since) {
      const change = this.#presenter.change(run, this.#since);
      this.#since = change.version;
      this.#lastSentAt = performance.now();
      this.#write(`id: ${change.version}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`);
    }
    if (!isEnded) return;
    this.#write('event: end\ndata: {}\n\n');
    this.close();
  }

  #write(text: string): void {
    if (!this.#closed && !this.#response.write(text)) this.#blocked = true;
  }
}
