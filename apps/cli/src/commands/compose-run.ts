// flows compose run FILE: runs a compose in this process, and prints its last state.
import {
  compileCompose,
  ComposeError,
  errorFinding,
  runCompose,
  writeJson,
  type State,
} from '@basalt/compose';
import { DiagnosticError } from '@basalt/diagnostics';
import type { Argv } from 'yargs';
import {
  composeOptions,
  composeProject,
  composeRegistry,
  durationMs,
  withComposeHost,
  type ComposeArgs,
} from '../compose/compose-session.js';
import { requireCompose } from '../compose/read-compose-argument.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { readPayload } from '../read-payload.js';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';

export interface ComposeRunArgs extends ComposeArgs {
  readonly file: string;
  readonly state?: string | undefined;
  readonly stateFile?: string | undefined;
  readonly json?: boolean | undefined;
}

export const composeRunOptions = (y: Argv) =>
  composeOptions(y)
    .positional('file', { type: 'string', demandOption: true, describe: 'compose.yaml, or -' })
    .option('state', { type: 'string', describe: 'First state, as JSON', requiresArg: true })
    .option('state-file', { type: 'string', describe: 'File with it', requiresArg: true })
    .option('json', { type: 'boolean', describe: 'Print the last state in one line' })
    .conflicts('state', 'state-file')
    .example('$0 compose run compose.yaml --state \'{"name":"Ada"}\'', 'The last state');

export async function composeRun(args: ComposeRunArgs, io: CommandIo): Promise<ExitCode> {
  const timeoutMs = durationMs('timeout', args.timeout);
  const state = await readPayload({ payload: args.state, payloadFile: args.stateFile }, io);
  if (typeof state !== 'object' || state === null || Array.isArray(state)) {
    throw new UsageError('The state is a JSON object, such as {"name":"Ada"}.');
  }
  const project = await composeProject(args, io);
  const { name, compose, locate } = await requireCompose(args.file, io, project);
  const registry = await composeRegistry(args, project);
  try {
    const last = await withComposeHost(args, io, (host) => {
      const run = { registry, state: state as State, host, timeoutMs, signal: io.signal };
      return runCompose(compileCompose(compose, name), run);
    });
    await io.out(`${writeJson(last, { space: args.json === true ? 0 : 2 })}\n`);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    throw new DiagnosticError([errorFinding(error, name, locate)], { cause: error });
  }
}
