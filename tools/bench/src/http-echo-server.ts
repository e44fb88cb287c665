// One server of the case http-echo, as a process of its own: `bare` is a fastify route without a flow,
// `flow` is the host with S1, `viewer` the same with the run viewer, which records every execution.
// Prints its port, then for each line of its standard input the CPU time that it has used, in
// microseconds; ends when its input does.
import { openCapabilities } from '@basalt/capabilities';
import { createHttpHost, type HttpHostOptions } from '@basalt/http-host';
import { defineFlow, t } from '@basalt/flow-dsl';
import fastify from 'fastify';
import { createInterface } from 'node:readline';

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

async function flow(options: HttpHostOptions): Promise<number> {
  const { capabilities } = await openCapabilities([], echo.ir.id);
  const host = await createHttpHost([{ bundle: echo, capabilities }], options);
  return (await host.listen({ host: '127.0.0.1', port: 0 })).port;
}

function start(kind: string | undefined): Promise<number> {
  if (kind === 'bare') return bare();
  return flow(kind === 'viewer' ? { viewer: {} } : {});
}

process.stdout.write(`${await start(process.argv[2])}\n`);
for await (const _line of createInterface({ input: process.stdin })) {
  const { user, system } = process.cpuUsage();
  process.stdout.write(`${user + system}\n`);
}
process.exit(0);
