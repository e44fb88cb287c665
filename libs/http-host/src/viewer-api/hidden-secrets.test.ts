// A secret that a flow reads and gives away everywhere it can is shown nowhere: not by the viewer, its
// search or its live changes, not in logs, metrics or traces. Only the caller of the flow gets what the
// flow answers.
import { jsonLog, SecretRedactor, secretStore } from '@basalt/capabilities';
import type { NodeContext } from '@basalt/executor';
import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';

const SECRET = 'p@ss/word "87654321"';
/** A secret with letters that JSON, addresses and base64 write in other ways; these remain. */
const TRACES = [
  SECRET,
  'p@ss',
  'p%40ss',
  '87654321',
  Buffer.from(SECRET).toString('base64').slice(0, 12),
  Buffer.from(`x${SECRET}`).toString('base64').slice(0, 12),
];

const RETRY = {
  max_attempts: 2,
  backoff_ms: 0,
  multiplier: 1,
  max_backoff_ms: 0,
  jitter: 'none',
  owner: 'connector',
} as const;

const exporter = new InMemorySpanExporter();
beforeEach(() => {
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
});
afterEach(async () => {
  await closeServed();
  trace.disable();
  exporter.reset();
});

/** Reads the secret and gives it away as its input says. */
async function giveAway(input: unknown, context: NodeContext) {
  const secret = await context.secret('KEY');
  const { how } = (input ?? {}) as { how?: string };
  if (how === 'error') throw new Error(`cannot log in with ${secret}`);
  if (how === 'error name') throw Object.assign(new Error('no'), { name: secret });
  return {
    plain: secret,
    [secret]: 'as a name',
    list: [`Bearer ${secret}`, encodeURIComponent(secret), 87654321],
    bytes: new Uint8Array(Buffer.from(`x${secret}`)),
    long: `${'.'.repeat(4070)}${secret}${'.'.repeat(100)}`,
  } as never;
}

async function hostWithSecret() {
  const lines: string[] = [];
  const redactor = new SecretRedactor();
  const log = jsonLog({ sink: (line) => void lines.push(line), redactor });
  const values = { KEY: SECRET, NUMBER: '87654321' };
  const secrets = secretStore({ allow: ['KEY', 'NUMBER'], values });
  const run = async (input: unknown, context: NodeContext) => {
    await context.secret('NUMBER');
    return giveAway(input, context);
  };
  const flow = hostedFlow({
    name: 'leaky',
    trigger: { route: '/leaky/{id}' },
    node: { secrets: ['KEY', 'NUMBER'], retry: RETRY },
    capabilities: { secrets },
    run,
  });
  const { url } = await serve([flow], { viewer: {}, redactor, operations: { log } });
  return { url, lines };
}

/** Everything that the viewer tells about a run. */
async function tellsOf(url: string, id: string): Promise<readonly string[]> {
  const get = async (path: string) => (await send(url, `/_flows/api/${path}`)).text;
  const events = await fetch(`${url}/_flows/api/runs/${id}/events`);
  return [
    await get('flows'),
    await get('runs'),
    await get(`runs/${id}`),
    await get(`runs/${id}/nodes/trigger`),
    await get(`runs/${id}/nodes/respond`),
    await events.text(),
  ];
}

function expectNoTrace(texts: readonly string[]): void {
  for (const text of texts) {
    for (const part of TRACES) expect(text).not.toContain(part);
  }
}

describe('a secret that a flow gives away', () => {
  it.each(['output', 'error', 'error name'])('by its %s is shown nowhere', async (how) => {
    const { url, lines } = await hostWithSecret();
    const encoded = encodeURIComponent(SECRET);
    const payload = { how, note: `remember ${SECRET}`, long: SECRET.repeat(300) };
    const headers = { 'x-event-id': 'p@ss/word "87654321"' };
    const answer = await post(url, `/leaky/${encoded}?note=${encoded}`, payload, headers);
    expect(answer.status).toBe(how === 'output' ? 200 : 500);
    const id = String(answer.headers['x-basalt-run-id']);
    const told = await tellsOf(url, id);
    // They tell something, and what was taken out is marked.
    expect(told[2]).toContain('[redacted]');
    expect(told[4]).toContain('remember [redacted]');
    expectNoTrace(told);
    expect(lines.join('')).toContain('/leaky/[redacted]');
    expectNoTrace(lines);
    expectNoTrace([(await send(url, '/metrics')).text]);
    const spans = exporter.getFinishedSpans();
    expect(spans.length).toBeGreaterThan(2);
    expectNoTrace(
      spans.map(({ name, attributes, events, status }) =>
        JSON.stringify([name, attributes, events, status]),
      ),
    );
    // The caller of a failed execution learns no more than that it failed.
    if (how !== 'output') expectNoTrace([answer.text]);
  });

  it('cannot be found out by searching for it', async () => {
    const { url } = await hostWithSecret();
    const encoded = encodeURIComponent(SECRET);
    await post(url, `/leaky/1?note=${encoded}`, {}, { 'x-event-id': SECRET });
    const found = async (text: string) => {
      const q = encodeURIComponent(text);
      const { runs } = (await send(url, `/_flows/api/runs?q=${q}`)).json() as { runs: unknown[] };
      return runs.length;
    };
    expect(await found('lf.event_id=[redacted]')).toBe(1);
    for (const part of [SECRET, SECRET.slice(0, 3), 'p%40', '8765'])
      expect(await found(part)).toBe(0);
  });
});
