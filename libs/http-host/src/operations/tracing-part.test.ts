import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpRead } from '@basalt/capabilities';
import type { NodeContext } from '@basalt/executor';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post } from '../testing/raw-client.js';

const exporter = new InMemorySpanExporter();
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${spanId}-01`;

function register(): void {
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
}

afterEach(async () => {
  await closeServed();
  trace.disable();
  exporter.reset();
});

const spans = () =>
  exporter.getFinishedSpans().map((span) => ({
    name: span.name,
    trace: span.spanContext().traceId,
    id: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId,
    attributes: span.attributes,
    status: span.status,
  }));

describe('spans', () => {
  it('are made of a run and of its nodes, as a part of the trace of the caller', async () => {
    register();
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    const answer = await post(url, '/echo', { password: 'hunter2' }, { traceparent });
    const found = spans();
    const run = found.find(({ name }) => name === 'run echo')!;
    expect(found.map(({ name }) => name).sort()).toEqual([
      'node respond',
      'node trigger',
      'run echo',
    ]);
    expect(found.map((span) => span.trace)).toEqual(Array(3).fill(traceId));
    expect(found.map(({ parent }) => parent)).toEqual(
      found.map((span) => (span === run ? spanId : run.id)),
    );
    expect(run.attributes).toEqual({
      'basalt.flow': 'echo',
      'basalt.run.id': answer.headers['x-basalt-run-id'],
      'basalt.trigger': 'trigger',
      'basalt.run.status': 'completed',
    });
    expect(found.find(({ name }) => name === 'node respond')!.attributes).toEqual({
      'basalt.node.alias': 'respond',
      'basalt.node.attempt': 1,
      'basalt.node.outcome': 'ok',
    });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('begin a trace where the caller has none, or a wrong one', async () => {
    register();
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    await post(url, '/echo', null);
    await post(url, '/echo', null, { traceparent: '00-zz-1-1' });
    const runs = spans().filter(({ name }) => name === 'run echo');
    expect(runs.map(({ parent }) => parent)).toEqual([undefined, undefined]);
    expect(new Set(runs.map((run) => run.trace)).size).toBe(2);
  });

  it('say what failed, without the text of the failure', async () => {
    register();
    const fail = hostedFlow({
      name: 'fail',
      run: () => {
        throw new Error('hunter2');
      },
    });
    const { url } = await serve([fail]);
    await post(url, '/fail', null);
    const found = spans();
    const run = found.find(({ name }) => name === 'run fail')!;
    expect(run.attributes['basalt.run.status']).toBe('failed');
    expect(run.attributes['basalt.diagnostic.code']).toBe('RUN101');
    expect(run.status.code).toBe(SpanStatusCode.ERROR);
    expect(found.find(({ name }) => name === 'node respond')!.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: 'failed',
    });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('have an event for each retry', async () => {
    register();
    let calls = 0;
    const flaky = hostedFlow({
      name: 'flaky',
      node: {
        retry: {
          max_attempts: 2,
          backoff_ms: 1,
          multiplier: 1,
          max_backoff_ms: 1,
          jitter: 'none',
          owner: 'orchestrator',
        },
      },
      run: () => {
        calls += 1;
        if (calls === 1) throw new Error('once');
        return 'ok';
      },
    });
    const { url } = await serve([flaky]);
    expect((await post(url, '/flaky', null)).json()).toBe('ok');
    const attempts = spans().filter(({ name }) => name === 'node respond');
    expect(
      attempts.map(({ attributes }) => [
        attributes['basalt.node.attempt'],
        attributes['basalt.node.outcome'],
      ]),
    ).toEqual([
      [1, 'failed'],
      [2, 'ok'],
    ]);
    const events = exporter
      .getFinishedSpans()
      .flatMap((span) => span.events.map(({ name }) => name));
    expect(events).toEqual(['retry']);
  });

  it('are not made without an SDK', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    expect((await post(url, '/echo', 1, { traceparent })).status).toBe(200);
    register();
    expect((await post(url, '/echo', 1, { traceparent })).status).toBe(200);
    expect(spans()).toEqual([]);
  });
});

describe('calls of nodes', () => {
  let target: Server;
  const seen: (string | undefined)[] = [];
  beforeEach(async () => {
    seen.length = 0;
    target = createServer((request, response) => {
      seen.push(request.headers['traceparent'] as string | undefined);
      response.end('ok');
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => target.close(resolve)));

  function calling() {
    const { port } = target.address() as AddressInfo;
    const client = httpRead({ allow: ['127.0.0.1'], allowPrivate: true });
    return hostedFlow({
      name: 'call',
      node: {
        effects: 'read_only',
        determinism: 'best_effort',
        effectHints: ['resource::http::read'],
        determinismHints: ['resource::http'],
      },
      capabilities: { httpRead: client },
      run: async (_input: unknown, { capabilities }: NodeContext) => {
        const answer = await capabilities.httpRead!.send({
          method: 'GET',
          url: `http://127.0.0.1:${port}/`,
        });
        return answer.status;
      },
    });
  }

  it('carry the trace on', async () => {
    register();
    const { url } = await serve([calling()]);
    expect((await post(url, '/call', null, { traceparent })).json()).toBe(200);
    const run = spans().find(({ name }) => name === 'run call')!;
    expect(seen).toEqual([`00-${traceId}-${run.id}-01`]);
  });

  it('carry nothing without an SDK', async () => {
    const { url } = await serve([calling()]);
    expect((await post(url, '/call', null, { traceparent })).json()).toBe(200);
    expect(seen).toEqual([undefined]);
  });
});
