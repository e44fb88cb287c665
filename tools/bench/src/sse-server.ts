// One server of the case sse-1000, as a process of its own: `flow` is the host with a flow like S2,
// `bare` is a fastify route that writes the same events from a timer. Prints its port; answers each line
// on its standard input with its memory after a collection, and ends when that ends.
import { systemClock } from '@basalt/capabilities';
import { defineFlow, t } from '@basalt/flow-dsl';
import { createHttpHost } from '@basalt/http-host';
import fastify from 'fastify';

const Ticks = t.Object({ count: t.Integer(), ms: t.Integer() });
const Tick = t.Object({ site: t.String(), step: t.Integer() });

const ticks = defineFlow('ticks', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', {
    output: Ticks,
    http: { method: 'POST', route: '/ticks' },
    respond: 'stream',
  });
  const beat = f.inline('beat', {
    input: Ticks,
    output: Tick,
    uses: ['resource::clock'],
    effects: 'read_only',
    determinism: 'best_effort',
    run: async function* ({ count, ms }, { clock, signal }) {
      for (let step = 1; step <= count; step += 1) {
        if (step > 1) await clock.sleep(ms, signal);
        yield { site: 'example.org', step };
      }
    },
  });
  const respond = f.inline('respond', {
    input: Tick,
    output: Tick,
    effects: 'pure',
    determinism: 'strict',
    run: (tick) => tick,
  });
  f.connect(trigger, beat);
  f.connect(beat, respond, { maxItems: 4 });
  f.capture(trigger, respond);
});

async function bare(): Promise<number> {
  const app = fastify();
  app.post('/ticks', (request, reply) => {
    const { count, ms } = request.body as { count: number; ms: number };
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    let step = 0;
    const beat = () => {
      step += 1;
      reply.raw.write(`id: x/${step}\ndata: ${JSON.stringify({ site: 'example.org', step })}\n\n`);
      if (step < count) setTimeout(beat, ms);
      else reply.raw.end(`id: x/${step + 1}\nevent: end\ndata: {}\n\n`);
    };
    beat();
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as { port: number }).port;
}

async function flow(): Promise<number> {
  const capabilities = { clock: systemClock() };
  const host = await createHttpHost([{ bundle: ticks, capabilities }], { viewer: {} });
  return (await host.listen({ host: '127.0.0.1', port: 0 })).port;
}

const port = process.argv[2] === 'bare' ? await bare() : await flow();
process.stdout.write(`${port}\n`);
process.stdin.on('data', () => {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.stdout.write(`${JSON.stringify({ heapUsed, rss, cpuMs: (user + system) / 1000 })}\n`);
});
process.stdin.on('end', () => process.exit(0));
