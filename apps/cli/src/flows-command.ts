// Runs one command line: parses it against the tree of commands and calls the one that it names.
import yargs, { type Argv } from 'yargs';
import { TREE, type CommandModule, type Group, type Leaf } from './command-tree.js';
import { declaredOptions, type DeclaredOptions } from './declared-options.js';
import { EXIT, type ExitCode } from './exit-code.js';
import type { CommandIo } from './terminal/command-io.js';
import { UsageError } from './usage-error.js';
import { VERSION } from './version.js';

/** Stands for - while yargs parses, which takes a positional - for an option without a name. */
const DASH = '\0-';

/** Runs one command line and returns its exit status. Throws UsageError, MissingToolError and
 * DiagnosticError; anything else is a fault of the program. */
export async function runFlowsCommand(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  const session = new Session(io);
  const words = argv.map((word) => (word === '-' ? DASH : word));
  try {
    await session.parser(words).parseAsync([...words], {}, (_error, _args, output) => {
      if (output) io.out(`${output}\n`);
    });
  } catch (error) {
    const usage = usageErrorIn(error);
    if (usage === undefined) throw error;
    const { explainUsage } = await import('./explain-usage.js');
    throw explainUsage(usage, argv, session.options);
  }
  return session.status;
}

/** The value with - where DASH stands for it. */
function undashed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(undashed);
  return value === DASH ? '-' : value;
}

/** Behind an asynchronous builder yargs throws errors of its own, past the function given to fail. */
function usageErrorIn(error: unknown): UsageError | undefined {
  if (error instanceof UsageError) return error;
  if (!(error instanceof Error) || error.name !== 'YError') return undefined;
  return new UsageError(error.message);
}

/** One parse: which options the command has that was named, and how it ended. */
class Session {
  readonly #io: CommandIo;
  status: ExitCode = EXIT.done;
  /** The options of the command that was named. */
  options: DeclaredOptions | undefined = undefined;

  constructor(io: CommandIo) {
    this.#io = io;
  }

  parser(argv: readonly string[]): Argv {
    const parser = yargs([...argv])
      .scriptName('flows')
      .locale('en')
      .parserConfiguration({
        // --bind kv=memory FLOW binds one thing; a.b is no object.
        'greedy-arrays': false,
        'dot-notation': false,
      })
      .usage('$0 COMMAND\n\nWrite a flow once, have it checked before it runs, run it anywhere.')
      .version(VERSION)
      .help()
      .alias('h', 'help')
      .example('$0 run local s1_echo --payload \'{"text":" Hello "}\'', 'Run a shipped flow')
      .epilogue('FLOW is a shipped flow, a .json document, a .ts or .js module, FILE#EXPORT, or -')
      .wrap(null)
      .exitProcess(false)
      .strict()
      .fail((message, error) => {
        throw error ?? new UsageError(message);
      });
    return this.#addAll(parser, TREE).demandCommand(1, 'Name a command.');
  }

  #addAll(parser: Argv, entries: readonly (Leaf | Group)[]): Argv {
    for (const entry of entries) {
      if ('commands' in entry) this.#addGroup(parser, entry);
      else this.#addLeaf(parser, entry);
    }
    return parser;
  }

  #addGroup(parser: Argv, group: Group): void {
    const build = (inner: Argv) =>
      this.#addAll(inner, group.commands)
        .example(...group.example)
        .demandCommand(1, `Name a command of ${group.name}.`);
    parser.command(group.name, group.describe, build as never, () => undefined);
  }

  #addLeaf(parser: Argv, leaf: Leaf): void {
    let loaded: CommandModule | undefined;
    const build = async (inner: Argv) => {
      loaded = await leaf.load();
      const built = loaded.options(inner);
      this.options = declaredOptions(built);
      return built;
    };
    parser.command(leaf.usage, leaf.describe, build as never, async (args) => {
      const given = Object.fromEntries(
        Object.entries(args).map(([name, value]) => [name, undashed(value)]),
      );
      this.#requireOnce(given);
      this.status = await loaded!.run(given, this.#io);
    });
  }

  /** yargs makes a list of an option that is given twice, which no command expects. */
  #requireOnce(args: Readonly<Record<string, unknown>>): void {
    for (const name of this.options?.names ?? []) {
      if (Array.isArray(args[name]) && !this.options?.lists.includes(name)) {
        throw new UsageError(`--${name} is given more than once.`, 'Give it once.');
      }
    }
  }
}
