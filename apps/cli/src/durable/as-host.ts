// Runs a part that lives until signals come, as its own program would.
import type { HostOutside } from '@basalt/queue-worker-app';
import { EXIT, type ExitCode } from '../exit-code.js';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';
import { withHostWords } from './host-words.js';

/** @param host gives the number of signals that it took. */
export async function asHost(
  io: CommandIo,
  host: (outside: HostOutside) => Promise<number>,
): Promise<ExitCode> {
  // The host ends by itself on signals; without a listener the command would end at once.
  const wait = () => undefined;
  io.signal.addEventListener('abort', wait);
  const { shippedFile, shippedNames } = flowSources(io);
  const { cwd, env } = io;
  const err = (text: string) => io.err(text);
  try {
    const outside = { cwd, env, err, shippedFile, shippedNames };
    const signals = await withHostWords(() => host(outside));
    return signals > 1 ? EXIT.cancelled : EXIT.done;
  } finally {
    io.signal.removeEventListener('abort', wait);
  }
}
