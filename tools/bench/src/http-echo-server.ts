// One server of the case http-echo, as a process of its own: `bare` is a fastify route without a flow,
// `flow` is the host with S1. Prints its port, and ends when its standard input does.
import { createHttpHost } from '@basalt/http-host';
import { defineFlow, t } from '@basalt/flow-dsl';
import fastify from 'fastify';

const Message = t.Object({ text: t.String() });

const echo = defineFlow('s1_echo', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', {
    output: Message,
    http: { method: 'POST', route: '/echo' },
    deadlineMs: 250,
  });
  const normalize = f.inline('normalize', {
    input: Message,
    output: Message,
    effects: 'pure',
    determinism: 'strict',
    run: ({ text }) => ({ text: text.trim().toLowerCase() }),
  });
  const respond = f.inline('respond', {
    input: Message,
    output: Message,
    effects: 'pure',
    determinism: 'strict',
    run: (message) => message,
  });
  f.connect(trigger, normalize);
  f.connect(normalize, respond);
  f.capture(trigger, respond);
});

async function bare(): Promise<number> {
  const app = fastify();
  app.post('/echo', async (request) => {
    const { text } = request.body as { text: string };
    return { text: text.trim().toLowerCase() };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as { port: number }).port;
}

async function flow(): Promise<number> {
  const host = await createHttpHost([{ bundle: echo, capabilities: {} }]);
  return (await host.listen({ host: '127.0.0.1', port: 0 })).port;
}

const port = process.argv[2] === 'bare' ? await bare() : await flow();
process.stdin.resume().on('end', () => process.exit(0));
process.stdout.write(`${port}\n`);
