// The tree of `flows` commands. Each command's code is imported only when it is the one that runs, so
// that starting costs little.
import yargs, { type Argv } from 'yargs';
import { EXIT, type ExitCode } from './exit-code.js';
import type { CommandIo } from './terminal/command-io.js';
import { explainUsage } from './explain-usage.js';
import { UsageError } from './usage-error.js';
import { VERSION } from './version.js';

/** A command: its options, and what it does with them. */
interface CommandModule {
  options(y: Argv): Argv;
  // Each command declares the shape of its own arguments; yargs has checked them by then.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  run(args: any, io: CommandIo): ExitCode | Promise<ExitCode>;
}

interface Leaf {
  /** The words after the group, with positionals, such as "check [flow]". */
  readonly usage: string;
  readonly describe: string;
  readonly load: () => Promise<CommandModule>;
}

interface Group {
  readonly name: string;
  readonly describe: string;
  readonly commands: readonly (Leaf | Group)[];
}

const graph: Group = {
  name: 'graph',
  describe: 'Check, explain, show and compare flows',
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
  commands: [
    {
      name: 'lock',
      describe: 'The bindings lock file',
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
  commands: [
    {
      usage: 'local [flow]',
      describe: 'One execution in this process',
      load: async () => {
        const m = await import('./commands/run-local.js');
        return { options: m.runLocalOptions, run: m.runLocal };
      },
    },
  ],
};

const TREE: readonly (Leaf | Group)[] = [
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
  {
    usage: 'doctor',
    describe: 'What is installed, and what each missing thing would enable',
    load: async () => {
      const m = await import('./commands/print-doctor.js');
      return { options: m.doctorOptions, run: m.printDoctor };
    },
  },
];

/** Runs one command line and returns its exit status. Throws UsageError, EnvironmentError and
 * DiagnosticError; anything else is a fault of the program. */
export async function runFlowsCommand(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  let status: ExitCode = EXIT.done;
  const parser = yargs([...argv])
    .scriptName('flows')
    .locale('en')
    .usage('$0 COMMAND\n\nWrite a flow once, have it checked before it runs, run it anywhere.')
    .version(VERSION)
    .help()
    .alias('h', 'help')
    .completion('completion', 'Print the completion script of this shell')
    .example('$0 run local s1_echo --payload \'{"text":" Hello "}\'', 'Run a shipped flow')
    .epilogue('FLOW is a shipped flow, a .json document, a .ts or .js module, FILE#EXPORT, or -')
    .wrap(100)
    .exitProcess(false)
    .strict()
    .fail((message, error) => {
      throw error ?? new UsageError(message);
    });
  const addAll = (y: Argv, entries: readonly (Leaf | Group)[]): Argv => {
    for (const entry of entries) addEntry(y, entry);
    return y;
  };
  const addEntry = (y: Argv, entry: Leaf | Group): void => {
    if ('commands' in entry) {
      const build = (inner: Argv) =>
        addAll(inner, entry.commands).demandCommand(1, 1, `Name a command of ${entry.name}.`);
      y.command(entry.name, entry.describe, build as never, () => undefined);
      return;
    }
    let loaded: CommandModule | undefined;
    const build = async (inner: Argv) => {
      loaded = await entry.load();
      return loaded.options(inner);
    };
    y.command(entry.usage, entry.describe, build as never, async (args) => {
      status = await loaded!.run(args, io);
    });
  };
  addAll(parser, TREE).demandCommand(1, 1, 'Name a command.');
  try {
    await parser.parseAsync([...argv], {}, (_error, _args, output) => {
      if (output) io.out(`${output}\n`);
    });
  } catch (error) {
    throw error instanceof UsageError ? explainUsage(error, argv, commandNames) : error;
  }
  return status;
}

/** The words that may follow `words`, for suggestions. */
export function commandNames(words: readonly string[]): readonly string[] {
  let level: readonly (Leaf | Group)[] = TREE;
  for (const word of words) {
    const group = level.find((entry): entry is Group => 'commands' in entry && entry.name === word);
    if (group === undefined) break;
    level = group.commands;
  }
  return level.map((entry) => ('commands' in entry ? entry.name : entry.usage.split(' ')[0]!));
}
