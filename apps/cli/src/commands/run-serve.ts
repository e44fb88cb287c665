// flows run serve FLOW...: flows behind HTTP, until a signal comes.
import { serveFlows, serveOptions, type ServeArgs } from '@basalt/http-host-app';
import type { Argv } from 'yargs';
import { asHost } from '../durable/as-host.js';
import type { ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export const runServeOptions = (y: Argv) =>
  serveOptions(y)
    .example('$0 run serve s1_echo', 'Serve a shipped flow')
    .example('$0 run serve ./orders.ts --addr 127.0.0.1:0', 'Serve a module on a free port');

export function runServe(args: ServeArgs, io: CommandIo): Promise<ExitCode> {
  return asHost(io, (outside) => serveFlows(args, outside));
}
