// What a worker tells whoever supervises it: /healthz, /readyz and /metrics, on an address of its own.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { PrometheusSink } from '@basalt/http-host';
import type { EndedDelivery, QueueBackend } from '@basalt/queue';
import { Registry } from 'prom-client';
import { addressOf } from './address-of.js';

const DELIVERIES = 'basalt.queue.deliveries_total';
const JOBS = 'basalt.queue.jobs';
const HELP = {
  [DELIVERIES]: 'Deliveries that this worker has ended, by flow and outcome',
  [JOBS]: 'Jobs of the queue by state',
};

/** Counts and answers. Nothing listens before `listen`. */
export class WorkerEndpoint {
  /** Readiness is refused from then on. */
  isStopping = false;
  readonly sink: PrometheusSink;
  readonly #registry = new Registry();
  readonly #backend: QueueBackend;
  readonly #collectors: (() => void)[] = [];
  #server: Server | undefined = undefined;

  constructor(backend: QueueBackend) {
    this.#backend = backend;
    this.sink = new PrometheusSink(this.#registry, HELP);
  }

  /** Calls back before measurements are read. */
  onCollect(collect: () => void): void {
    this.#collectors.push(collect);
  }

  count({ delivery, outcome }: EndedDelivery): void {
    this.sink.counter(DELIVERIES, { flow: delivery.job.flowName, outcome: outcome.kind }).add(1);
  }

  /** @throws HostUsageError for another text than HOST:PORT. @throws DiagnosticError HTTP104. */
  async listen(addr: string): Promise<string> {
    const { host, port } = addressOf(addr, '--metrics-addr');
    const server = createServer((request, response) => {
      void this.#answer(request.method ?? '', request.url ?? '', response);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const reason = error.code ?? error.message;
        reject(new DiagnosticError([diagnostic.HTTP104({ addr, reason })], { cause: error }));
      });
      server.listen(port, host, resolve);
    });
    const bound = server.address() as AddressInfo;
    const name = bound.address.includes(':') ? `[${bound.address}]` : bound.address;
    return `http://${name}:${bound.port}`;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined || !server.listening) return;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  async #answer(method: string, path: string, response: ServerResponse): Promise<void> {
    const say = (status: number, type: string, body: string) =>
      response
        .writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
        .end(method === 'HEAD' ? '' : body);
    const json = (status: number, value: object) =>
      say(status, 'application/json; charset=utf-8', JSON.stringify(value));
    if (method !== 'GET' && method !== 'HEAD') {
      json(405, { error: 'this address takes GET' });
      return;
    }
    try {
      switch (path) {
        case '/healthz':
          json(200, { status: 'ok' });
          return;
        case '/readyz': {
          await this.#backend.status();
          const ready = !this.isStopping;
          json(ready ? 200 : 503, { status: ready ? 'ready' : 'not_ready' });
          return;
        }
        case '/metrics':
          await this.#collect();
          say(200, this.#registry.contentType, await this.#registry.metrics());
          return;
        default:
          json(404, { error: 'there is /healthz, /readyz and /metrics' });
      }
    } catch (error) {
      json(503, { status: 'not_ready', error: (error as Error).message });
    }
  }

  async #collect(): Promise<void> {
    for (const collect of this.#collectors) collect();
    const { queue, counts } = await this.#backend.status();
    for (const [state, count] of Object.entries(counts)) {
      this.sink.gauge(JOBS, { queue, state }).set(count);
    }
  }
}
