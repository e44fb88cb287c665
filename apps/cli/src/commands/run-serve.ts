// flows run serve FLOW...: flows behind HTTP, until a signal comes.
import { serveFlows, serveOptions, type ServeArgs } from '@basalt/http-host-app';
import { HostUsageError } from '@basalt/queue-worker-app';
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';

export const runServeOptions = (y: Argv) =>
  serveOptions(y)
    .example('$0 run serve s1_echo', 'Serve a shipped flow')
    .example('$0 run serve ./orders.ts --addr 127.0.0.1:0', 'Serve a module on a free port');

export async function runServe(args: ServeArgs, io: CommandIo): Promise<ExitCode> {
  // The host ends by itself on signals; without a listener the command would end at once.
  const wait = () => undefined;
  io.signal.addEventListener('abort', wait);
  const { shippedFile, shippedNames } = flowSources(io);
  const { cwd, env } = io;
  const err = (text: string) => io.err(text);
  try {
    const signals = await serveFlows(args, { cwd, env, err, shippedFile, shippedNames });
    return signals > 1 ? EXIT.cancelled : EXIT.done;
  } catch (error) {
    throw error instanceof HostUsageError ? new UsageError(error.message) : error;
  } finally {
    io.signal.removeEventListener('abort', wait);
  }
}
