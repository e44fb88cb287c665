// Opens what the command line binds: --bind HINT=PROVIDER, or a lock file.
import { openCapabilities, verifyLock, type OpenedCapabilities } from '@basalt/capabilities';
import type { FlowIR } from '@basalt/ir';
import type { CommandIo } from './terminal/command-io.js';
import { readTextArgument } from './write-file.js';

export interface LocalBindingArgs {
  readonly bind?: readonly string[] | undefined;
  readonly bindingsLock?: string | undefined;
}

/** Throws a DiagnosticError for a binding or a lock that is not right. Close what it gives. */
export async function openLocalBindings(
  flow: FlowIR,
  args: LocalBindingArgs,
  io: CommandIo,
): Promise<OpenedCapabilities> {
  const options = {
    environment: io.env,
    logSink: (line: string) => io.err(line),
    baseFolder: io.cwd,
  };
  if (args.bindingsLock === undefined) {
    return openCapabilities(args.bind ?? [], flow.id, options);
  }
  const text = await readTextArgument(args.bindingsLock, io);
  return openCapabilities(verifyLock(text, { flowId: flow.id }), flow.id, options);
}
