// The programs that are killed in a course: workers, the suite's own and the real ones, producers, and
// hosts.
import type { ChildPrograms, CommandName } from './child-programs.js';
import { bindingsOf } from './crash-bindings.js';
import { LEASE_MS, QUEUE, type CrashPlace } from './crash-place.js';
import type { Program, Said } from './respawned.js';

/** What every program of a course is given. */
export interface ProgramSetting {
  readonly programs: ChildPrograms;
  /** The folder of this project. */
  readonly project: string;
  readonly ledgerUrl: string;
  /** Where spilled messages are kept. */
  readonly blobs: string;
  /** Words for node itself. */
  readonly nodeOptions: readonly string[];
}

/** Flows by their exports, as arguments of a command. */
const FLOW_NAMES = [
  'chain',
  'fan',
  'each',
  'stream',
  'saga',
  'once',
  'spill',
  'accepted',
  'approval',
  'expiry',
  'atMost',
] as const;
/** Restate takes no others. */
const ON_RESTATE = FLOW_NAMES.slice(0, 8);

/** A worker of the suite's own, which tells of every fault that nobody waits for. */
export function ownWorker(setting: ProgramSetting, place: CrashPlace): Program {
  const { programs, ledgerUrl, blobs, nodeOptions } = setting;
  const words = [JSON.stringify(place), new URL(ledgerUrl).port, blobs];
  return {
    role: 'worker',
    start: (onLine) => programs.start('crash-worker', words, onLine, nodeOptions),
    read: readJson,
  };
}

/** The real worker: at each start the other one of the two programs.
 * @param more further words, after those that say where jobs are. */
export function realWorker(
  setting: ProgramSetting,
  place: CrashPlace,
  more: readonly string[] = [],
): Program {
  const args = [
    ...flowWords(setting, place.backend === 'restate' ? ON_RESTATE : FLOW_NAMES),
    ...bindWords(setting),
    ...storeWords(place),
    ...['--queue', QUEUE],
    ...more,
  ];
  let starts = 0;
  return {
    role: 'worker',
    needsServer: place.backend !== 'embedded',
    start(onLine) {
      const { programs, nodeOptions } = setting;
      starts += 1;
      return starts % 2 === 1
        ? programs.command('cli', ['queue', 'run', ...args], onLine, nodeOptions)
        : programs.command('queue-worker', args, onLine, nodeOptions);
    },
    read: (text) => readText(text, / takes jobs of /),
  };
}

/** How a worker takes jobs, where it does. */
export const PULLING = ['--concurrency', '8', '--visibility-ms', String(LEASE_MS)] as const;

/** A producer of jobs from `from()` on; `onAdded` is told how many are in the queue. */
export function producer(
  { programs, ledgerUrl, nodeOptions }: ProgramSetting,
  place: CrashPlace,
  series: string,
  from: () => number,
  onAdded: (added: number) => void,
): Program {
  const end = String(Number.MAX_SAFE_INTEGER);
  return {
    role: 'producer',
    start: (onLine) =>
      programs.start(
        'crash-producer',
        [JSON.stringify(place), series, ledgerUrl, String(from()), end],
        onLine,
        nodeOptions,
      ),
    read(text) {
      const added = lineOf(text)?.['added'];
      if (typeof added === 'number') onAdded(added);
      return readJson(text);
    },
  };
}

/** A host: at each start the next of those that there are, so that requests are executed, enqueued where
 * they ask for it, or all enqueued. */
export function realHost(
  setting: ProgramSetting,
  folder: string,
  onUrl: (url: string) => void,
): Program {
  const flows = flowWords(setting, FLOW_NAMES);
  const binds = [...bindWords(setting), '--addr', '127.0.0.1:0', '--max-loop-delay-ms', '0'];
  const kept = ['--journal', folder, '--queue', QUEUE];
  const ways: readonly (readonly [CommandName, readonly string[]])[] = [
    ['cli', ['run', 'serve', ...flows, ...binds, ...kept]],
    ['http-host', [...flows, ...binds, ...kept, '--enqueue']],
    ['http-host', [...flows, ...binds, ...kept]],
    ['cli', ['queue', 'up', ...flows, ...binds, '--dir', folder, '--queue', QUEUE, ...PULLING]],
    ['cli', ['run', 'serve', ...flows, ...binds, ...kept, '--enqueue']],
  ];
  let starts = 0;
  return {
    role: 'host',
    start(onLine) {
      const [name, words] = ways[starts % ways.length]!;
      starts += 1;
      return setting.programs.command(name, words, onLine, setting.nodeOptions);
    },
    read(text) {
      const url = /^Listening on (\S+)$/.exec(text)?.[1];
      if (url !== undefined) onUrl(url);
      return readText(text, /^Listening on /);
    },
  };
}

/** The flows as files, as their author names them. */
function flowWords({ project }: ProgramSetting, names: readonly string[]): string[] {
  return names.map((name) => `${project}/src/crash-flows.ts#${name}`);
}

function bindWords({ ledgerUrl, blobs }: ProgramSetting): string[] {
  return bindingsOf(new URL(ledgerUrl).port, blobs).flatMap((bind) => ['--bind', bind]);
}

function storeWords(place: CrashPlace): string[] {
  switch (place.backend) {
    case 'embedded':
      return ['--dir', place.folder];
    case 'redis':
      return ['--backend', 'redis', '--url', place.url];
    case 'restate':
      return ['--backend', 'restate', '--url', place.ingressUrl, '--admin-url', place.adminUrl];
    default:
      return place satisfies never;
  }
}

function readJson(text: string): Said {
  const line = lineOf(text);
  const fault = line?.['fault'];
  return {
    ready: line?.['ready'] === true,
    ...(typeof fault === 'string' ? { fault } : {}),
  };
}

/** A command says what it does in lines of text, logs lines of JSON, and the rest are faults. */
function readText(text: string, ready: RegExp): Said {
  if (ready.test(text)) return { ready: true };
  if (lineOf(text) !== undefined || /^( {2}|Took up |$)/.test(text)) return {};
  return { fault: text };
}

/** The last line of a process that was killed may be a part of one. */
function lineOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
