// The tree of commands. Each command's code is imported only when it is the one that runs, so that
// starting costs little.
import type { Argv } from 'yargs';
import type { ExitCode } from './exit-code.js';
import type { CommandIo } from './terminal/command-io.js';

/** A command: its options, and what it does with them. */
export interface CommandModule {
  options(y: Argv): Argv;
  // Each command declares the shape of its own arguments; yargs has checked them by then.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  run(args: any, io: CommandIo): ExitCode | Promise<ExitCode>;
}

/** A command. */
export interface Leaf {
  /** The words after the group, with positionals, such as "check [flow]". */
  readonly usage: string;
  readonly describe: string;
  readonly load: () => Promise<CommandModule>;
}

/** A word that other commands follow. */
export interface Group {
  readonly name: string;
  readonly describe: string;
  /** A command line that works, and what it shows. */
  readonly example: readonly [line: string, says: string];
  readonly commands: readonly (Leaf | Group)[];
}

const graph: Group = {
  name: 'graph',
  describe: 'Check, explain, show and compare flows',
  example: ['$0 graph check s1_echo', 'Check a shipped flow'],
  commands: [
    {
      usage: 'check [flow]',
      describe: 'Validate a flow; findings with code, place, reason and cure',
      load: async () => {
        const m = await import('./commands/graph-check.js');
        return { options: m.graphCheckOptions, run: m.graphCheck };
      },
    },
    {
      usage: 'explain <code>',
      describe: 'The reference page of a diagnostic',
      load: async () => {
        const m = await import('./commands/graph-explain.js');
        return { options: m.graphExplainOptions, run: m.graphExplain };
      },
    },
    {
      usage: 'show <flow>',
      describe: 'The graph as text',
      load: async () => {
        const m = await import('./commands/graph-show.js');
        return { options: m.graphShowOptions, run: m.graphShow };
      },
    },
    {
      usage: 'diff <old> <new>',
      describe: 'What changed, and whether running executions can continue',
      load: async () => {
        const m = await import('./commands/graph-diff.js');
        return { options: m.graphDiffOptions, run: m.graphDiff };
      },
    },
  ],
};

const entrypoints: Group = {
  name: 'entrypoints',
  describe: 'Where executions start and answer',
  example: ['$0 entrypoints check s1_echo', 'Is there a trigger and a respond node?'],
  commands: [
    {
      usage: 'check <flow>',
      describe: 'Trigger and capture aliases exist',
      load: async () => {
        const m = await import('./commands/entrypoints-check.js');
        return { options: m.entrypointsCheckOptions, run: m.entrypointsCheck };
      },
    },
  ],
};

const bindings: Group = {
  name: 'bindings',
  describe: 'Which provider serves which capability',
  example: ['$0 bindings lock generate s4_preflight --bind kv=memory', 'Write bindings.lock.json'],
  commands: [
    {
      name: 'lock',
      describe: 'The bindings lock file',
      example: [
        '$0 bindings lock generate s4_preflight --bind kv=memory',
        'Write bindings.lock.json',
      ],
      commands: [
        {
          usage: 'generate <flow>',
          describe: 'Write bindings.lock.json',
          load: async () => {
            const m = await import('./commands/bindings-lock-generate.js');
            return { options: m.bindingsLockOptions, run: m.bindingsLockGenerate };
          },
        },
      ],
    },
  ],
};

const run: Group = {
  name: 'run',
  describe: 'Run a flow',
  example: ['$0 run local s1_echo --payload \'{"text":" Hello "}\'', 'Run a shipped flow'],
  commands: [
    {
      usage: 'local [flow]',
      describe: 'One execution in this process',
      load: async () => {
        const m = await import('./commands/run-local.js');
        return { options: m.runLocalOptions, run: m.runLocal };
      },
    },
    {
      usage: 'serve <flow..>',
      describe: 'Flows behind HTTP, with the run viewer',
      load: async () => {
        const m = await import('./commands/run-serve.js');
        return { options: m.runServeOptions, run: m.runServe };
      },
    },
  ],
};

const runs: Group = {
  name: 'runs',
  describe: 'Journaled runs: what they did, and going on with them',
  example: ['$0 runs list', 'Newest first'],
  commands: [
    {
      usage: 'list',
      describe: 'Runs, newest first',
      load: async () => {
        const m = await import('./commands/runs-list.js');
        return { options: m.runsListOptions, run: m.runsList };
      },
    },
    {
      usage: 'show <run>',
      describe: 'What a run did, step by step',
      load: async () => {
        const m = await import('./commands/runs-show.js');
        return { options: m.runsShowOptions, run: m.runsShow };
      },
    },
    {
      usage: 'resume <run> [flow]',
      describe: 'Take a run up where it stopped',
      load: async () => {
        const m = await import('./commands/runs-resume.js');
        return { options: m.runsResumeOptions, run: m.runsResume };
      },
    },
    {
      usage: 'cancel <run>',
      describe: 'End a run',
      load: async () => {
        const m = await import('./commands/runs-cancel.js');
        return { options: m.runsCancelOptions, run: m.runsCancel };
      },
    },
    {
      usage: 'events <run> [event..]',
      describe: 'What a run waits for, or give it an event',
      load: async () => {
        const m = await import('./commands/runs-events.js');
        return { options: m.runsEventsOptions, run: m.runsEvents };
      },
    },
    {
      usage: 'verify',
      describe: 'Check every record',
      load: async () => {
        const m = await import('./commands/runs-verify.js');
        return { options: m.runsVerifyOptions, run: m.runsVerify };
      },
    },
    {
      usage: 'prune',
      describe: 'Remove ended runs',
      load: async () => {
        const m = await import('./commands/runs-prune.js');
        return { options: m.runsPruneOptions, run: m.runsPrune };
      },
    },
    {
      usage: 'export [run..]',
      describe: 'Write runs to a file',
      load: async () => {
        const m = await import('./commands/runs-archive.js');
        return { options: m.runsExportOptions, run: m.runsExport };
      },
    },
    {
      usage: 'import <file>',
      describe: 'Take runs of a file in',
      load: async () => {
        const m = await import('./commands/runs-archive.js');
        return { options: m.runsImportOptions, run: m.runsImport };
      },
    },
  ],
};

const queue: Group = {
  name: 'queue',
  describe: 'Jobs, workers, schedules and dead letters',
  example: ['$0 queue enqueue s1_echo --payload \'{"text":" Hello "}\'', 'Add a job'],
  commands: [
    {
      usage: 'up <flow..>',
      describe: 'HTTP host, worker and viewer in one process',
      load: async () => {
        const m = await import('./commands/queue-up.js');
        return { options: m.queueUpOptions, run: m.queueUp };
      },
    },
    {
      usage: 'run <flow..>',
      describe: 'One worker',
      load: async () => {
        const m = await import('./commands/queue-run.js');
        return { options: m.queueRunOptions, run: m.queueRun };
      },
    },
    {
      usage: 'enqueue <flow>',
      describe: 'Add a job',
      load: async () => {
        const m = await import('./commands/queue-enqueue.js');
        return { options: m.queueEnqueueOptions, run: m.queueEnqueue };
      },
    },
    {
      usage: 'status',
      describe: 'Counts and workers',
      load: async () => {
        const m = await import('./commands/queue-status.js');
        return { options: m.queueStatusOptions, run: m.queueStatus };
      },
    },
    {
      usage: 'pause',
      describe: 'Workers take nothing more',
      load: async () => {
        const m = await import('./commands/queue-status.js');
        return { options: m.queuePauseOptions, run: m.queuePause };
      },
    },
    {
      usage: 'resume',
      describe: 'Workers take jobs again',
      load: async () => {
        const m = await import('./commands/queue-status.js');
        return { options: m.queueResumeOptions, run: m.queueResume };
      },
    },
    {
      name: 'schedule',
      describe: 'Jobs at certain times',
      example: ['$0 queue schedule list', 'All schedules'],
      commands: [
        {
          usage: 'list',
          describe: 'All schedules',
          load: async () => {
            const m = await import('./commands/queue-schedule.js');
            return { options: m.scheduleListOptions, run: m.scheduleList };
          },
        },
        {
          usage: 'add <id> <flow>',
          describe: 'Make a job at each tick',
          load: async () => {
            const m = await import('./commands/queue-schedule.js');
            return { options: m.scheduleAddOptions, run: m.scheduleAdd };
          },
        },
        {
          usage: 'remove <id>',
          describe: 'No more jobs of it',
          load: async () => {
            const m = await import('./commands/queue-schedule.js');
            return { options: m.scheduleRemoveOptions, run: m.scheduleRemove };
          },
        },
      ],
    },
    {
      name: 'dead',
      describe: 'Dead letters',
      example: ['$0 queue dead list', 'What failed for good, and why'],
      commands: [
        {
          usage: 'list',
          describe: 'What failed for good',
          load: async () => {
            const m = await import('./commands/queue-dead.js');
            return { options: m.deadListOptions, run: m.deadList };
          },
        },
        {
          usage: 'show <id>',
          describe: 'All of one',
          load: async () => {
            const m = await import('./commands/queue-dead.js');
            return { options: m.deadShowOptions, run: m.deadShow };
          },
        },
        {
          usage: 'replay [id..]',
          describe: 'Try again',
          load: async () => {
            const m = await import('./commands/queue-dead.js');
            return { options: m.deadReplayOptions, run: m.deadReplay };
          },
        },
        {
          usage: 'purge [id..]',
          describe: 'Remove for ever',
          load: async () => {
            const m = await import('./commands/queue-dead.js');
            return { options: m.deadPurgeOptions, run: m.deadPurge };
          },
        },
      ],
    },
  ],
};

const certify: Group = {
  name: 'certify',
  describe: 'Try to break a promise of a flow, and leave evidence',
  example: ['$0 certify idem payments_saga', 'May every step of it be repeated?'],
  commands: [
    {
      usage: 'idem <flow>',
      describe: 'Repeats, crashes, lost connections: each effect once, nothing lost',
      load: async () => {
        const m = await import('./commands/certify-idem.js');
        return { options: m.certifyIdemOptions, run: m.certifyIdem };
      },
    },
    {
      usage: 'determinism <target>',
      describe: 'Another clock, other chance, another order: equal results',
      load: async () => {
        const m = await import('./commands/certify-determinism.js');
        return { options: m.certifyDeterminismOptions, run: m.certifyDeterminism };
      },
    },
  ],
};

const compose: Group = {
  name: 'compose',
  describe: 'Compose components with late-bound contracts',
  example: ['$0 compose run compose.yaml --state \'{"name":"Ada"}\'', 'The last state'],
  commands: [
    {
      usage: 'check <file>',
      describe: 'Calls, slots and forms, before anything runs',
      load: async () => {
        const m = await import('./commands/compose-check.js');
        return { options: m.composeCheckOptions, run: m.composeCheck };
      },
    },
    {
      usage: 'normalize <file>',
      describe: 'The canonical form of a compose',
      load: async () => {
        const m = await import('./commands/compose-normalize.js');
        return { options: m.composeNormalizeOptions, run: m.composeNormalize };
      },
    },
    {
      usage: 'run <file>',
      describe: 'Run a compose, and print its last state',
      load: async () => {
        const m = await import('./commands/compose-run.js');
        return { options: m.composeRunOptions, run: m.composeRun };
      },
    },
    {
      usage: 'test <target>',
      describe: 'Run the conformance fixtures of a folder',
      load: async () => {
        const m = await import('./commands/compose-test.js');
        return { options: m.composeTestOptions, run: m.composeTest };
      },
    },
  ],
};

/** All commands, in the order of the help. */
export const TREE: readonly (Leaf | Group)[] = [
  {
    usage: 'init [dir]',
    describe: 'A new flow project that runs and tests at once',
    load: async () => {
      const m = await import('./commands/init-project.js');
      return { options: m.initProjectOptions, run: m.initProject };
    },
  },
  {
    usage: 'examples',
    describe: 'List the shipped flows',
    load: async () => {
      const m = await import('./commands/list-examples.js');
      return { options: m.listExamplesOptions, run: m.listExamples };
    },
  },
  graph,
  entrypoints,
  bindings,
  run,
  runs,
  {
    usage: 'replay <run>',
    describe: 'Execute a journaled run again, and say where it differs',
    load: async () => {
      const m = await import('./commands/replay-run.js');
      return { options: m.replayOptions, run: m.replayJournaled };
    },
  },
  queue,
  certify,
  compose,
  {
    usage: 'doctor',
    describe: 'What is installed, and what each missing thing would enable',
    load: async () => {
      const m = await import('./commands/print-doctor.js');
      return { options: m.doctorOptions, run: m.printDoctor };
    },
  },
  {
    usage: 'completion',
    describe: 'The script that makes your shell complete flows',
    load: async () => {
      const m = await import('./commands/shell-completion.js');
      return { options: m.shellCompletionOptions, run: m.shellCompletion };
    },
  },
];

/** How far words lead into the tree. */
export interface CommandPath {
  /** The leading words that are commands. */
  readonly found: readonly string[];
  /** What may come next; nothing after a command that is complete. */
  readonly following: readonly string[];
  /** The command, where the words name one. */
  readonly leaf: Leaf | undefined;
}

/** Follows the words of a command line from the root. */
export function commandPath(words: readonly string[]): CommandPath {
  let level: readonly (Leaf | Group)[] = TREE;
  const found: string[] = [];
  for (const word of words) {
    const entry = level.find((e) => nameOf(e) === word);
    if (entry === undefined) break;
    found.push(word);
    if (!('commands' in entry)) return { found, following: [], leaf: entry };
    level = entry.commands;
  }
  return { found, following: level.map(nameOf), leaf: undefined };
}

function nameOf(entry: Leaf | Group): string {
  return 'commands' in entry ? entry.name : entry.usage.split(' ')[0]!;
}
