// What commands that run composes share: their options, what they grant, and what can be called.
import { homedir } from 'node:os';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { httpWrite } from '@basalt/capabilities';
import {
  DEMO_IMPLEMENTATIONS,
  LOG_LEVELS,
  openProject,
  standardRegistry,
  type ComposeHost,
  type HttpClients,
  type LogEntry,
  type LogLevel,
  type Project,
  type Registry,
} from '@basalt/compose';
import { printable } from '@basalt/diagnostics';
import type { Argv } from 'yargs';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';
import { fileError } from '../write-file.js';

export interface ComposeArgs {
  readonly bind?: readonly string[] | undefined;
  readonly project?: string | undefined;
  readonly demo?: boolean | undefined;
  readonly timeout?: string | undefined;
  readonly allowRead?: readonly string[] | undefined;
  readonly allowWrite?: readonly string[] | undefined;
  readonly allowHttp?: readonly string[] | undefined;
  readonly allowPrivate?: boolean | undefined;
  readonly allowEnv?: readonly string[] | undefined;
  readonly logLevel: LogLevel;
}

const several = (describe: string) =>
  ({ type: 'string', array: true, describe, requiresArg: true }) as const;

/** Adds the words. */
export function composeOptions<T>(y: Argv<T>) {
  return bindOptions(y)
    .option('timeout', {
      type: 'string',
      describe: 'Longest time, such as 500ms, 5s, 2m or 1h',
      requiresArg: true,
    })
    .option('allow-read', several('Folder whose files may be read; the current one when absent'))
    .option('allow-write', several('Folder whose files may be written; none when absent'))
    .option('allow-http', several('Host that may be called, such as api.example.com or *'))
    .option('allow-private', {
      type: 'boolean',
      describe: 'Let those hosts be loopback and private addresses too',
    })
    .option('allow-env', several('Variable of the environment that may be seen'))
    .option('log-level', {
      choices: LOG_LEVELS,
      default: 'info' as LogLevel,
      describe: 'Print lines of the log from this level on',
    });
}

export function bindOptions<T>(y: Argv<T>) {
  return y
    .option('bind', several('CONTRACT=IMPLEMENTATION, as often as needed'))
    .option('project', {
      type: 'string',
      describe: 'Folder of a workspace or component: what it has can be called by relative ids',
      requiresArg: true,
    })
    .option('demo', {
      type: 'boolean',
      describe: 'Add the demo implementations (lcod://impl/...)',
    });
}

/** The project of the command line; undefined where none is named. Throws COMP206. */
export async function composeProject(
  { project }: Pick<ComposeArgs, 'project'>,
  io: CommandIo,
): Promise<Project | undefined> {
  return project === undefined ? undefined : openProject(resolve(io.cwd, project));
}

/** What can be called, with the bindings of the command line. */
export async function composeRegistry(
  args: Pick<ComposeArgs, 'bind' | 'demo'>,
  project?: Project,
): Promise<Registry> {
  const registry = (await project?.registry()) ?? standardRegistry();
  if (args.demo === true) {
    for (const component of DEMO_IMPLEMENTATIONS) registry.register(component);
  }
  for (const binding of args.bind ?? []) {
    const [contract, implementation, ...rest] = binding.split('=');
    if (!contract || !implementation || rest.length > 0) {
      throw new UsageError(
        `--bind ${printable(binding)} is not of the form CONTRACT=IMPLEMENTATION.`,
        'Such as: --bind lcod://contract/shop/pay@1=lcod://impl/shop/pay-test@1',
      );
    }
    registry.bind(contract, implementation);
  }
  return registry;
}

/** Runs `use` with the host that the options describe, and closes it afterwards. */
export async function withComposeHost<T>(
  args: ComposeArgs,
  io: CommandIo,
  use: (host: ComposeHost) => Promise<T>,
): Promise<T> {
  const http = httpClients(args);
  try {
    return await use({
      cwd: io.cwd,
      readRoots: await folders(args.allowRead ?? [io.cwd], io),
      writeRoots: await folders(args.allowWrite ?? [], io),
      http,
      environment: grantedEnvironment(args, io),
      log: logPrinter(args.logLevel, io),
    });
  } finally {
    await Promise.all([http?.direct.close(), http?.following.close()]);
  }
}

/** Milliseconds of a time such as 500ms, 5s, 2m or 1h; a bare number is milliseconds. */
export function durationMs(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits = '', unit = 'ms'] = /^(\d{1,9})(ms|s|m|h)?$/.exec(text) ?? [];
  const ms = Number(digits) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit as 'ms'];
  if (digits !== '' && ms >= 1 && ms < 2 ** 31) return ms;
  throw new UsageError(`--${option} takes a time such as 500ms, 5s, 2m or 1h.`);
}

function httpClients({ allowHttp, allowPrivate }: ComposeArgs): HttpClients | undefined {
  if (allowHttp === undefined) return undefined;
  const options = { allow: allowHttp, allowPrivate: allowPrivate === true };
  return { direct: httpWrite(options), following: httpWrite({ ...options, maxRedirects: 20 }) };
}

function folders(paths: readonly string[], io: CommandIo): Promise<readonly string[]> {
  return Promise.all(
    paths.map(async (path) => {
      const full = resolve(io.cwd, path.replace(/^~(?=\/|$)/, homedir()));
      try {
        return await realpath(full);
      } catch (error) {
        throw fileError(path, 'read', error);
      }
    }),
  );
}

function grantedEnvironment({ allowEnv = [] }: ComposeArgs, io: CommandIo) {
  return Object.fromEntries(
    allowEnv.flatMap((name) => {
      const value = io.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Lines of JSON on stderr, so that stdout has the result alone. */
function logPrinter(level: LogLevel, io: CommandIo): (entry: LogEntry) => void {
  const least = LOG_LEVELS.indexOf(level);
  return (entry) => {
    if (LOG_LEVELS.indexOf(entry.level) >= least) io.err(`${JSON.stringify(entry)}\n`);
  };
}
