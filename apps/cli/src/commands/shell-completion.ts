// flows completion: the script that makes a shell complete this command, and what that script asks.
import { allCodes } from '@basalt/diagnostics';
import yargs, { type Argv } from 'yargs';
import { commandPath } from '../command-tree.js';
import { declaredOptions } from '../declared-options.js';
import { exampleNames } from '../example-catalogue.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface ShellCompletionArgs {
  /** Everything after `--`: the words up to the cursor, the last of which may be empty. */
  readonly _: readonly (string | number)[];
}

export const shellCompletionOptions = (y: Argv) =>
  y.example('$0 completion', 'Print the script; bash: source <(flows completion)');

export async function shellCompletion(args: ShellCompletionArgs, io: CommandIo): Promise<ExitCode> {
  const words = args._.slice(1).map(String);
  if (words.length === 0) {
    io.out(SCRIPT);
    return EXIT.done;
  }
  const candidates = await candidatesFor(words.slice(0, -1), words.at(-1)!, io);
  io.out(candidates.map((word) => `${word}\n`).join(''));
  return EXIT.done;
}

const SCRIPT = `# Completion of flows for bash, and for zsh after: autoload -U bashcompinit && bashcompinit
_flows_complete() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <("\${COMP_WORDS[0]}" completion -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _flows_complete flows
`;

/** What may stand at the cursor and begins with what is there. */
async function candidatesFor(
  before: readonly string[],
  current: string,
  io: CommandIo,
): Promise<readonly string[]> {
  const { found, following, leaf } = commandPath(before.filter((word) => !word.startsWith('-')));
  const fits = (word: string) => word.startsWith(current);
  if (leaf === undefined) {
    return [...following, ...(current.startsWith('-') ? ['--help', '--version'] : [])].filter(fits);
  }
  const { names, choices, takesValue } = declaredOptions((await leaf.load()).options(yargs([])));
  const previous = /^--(.+)$/.exec(before.at(-1) ?? '')?.[1];
  const values = previous === undefined ? undefined : choices[previous];
  if (values !== undefined) return values.filter(fits);
  if (current.startsWith('-')) {
    return [...names, 'help']
      .map((name) => `--${name}`)
      .filter((option) => fits(option) && !before.includes(option));
  }
  if (previous === 'example') return exampleNames(io.installation).filter(fits);
  // The value of any other option is a file or free text, which the shell completes.
  if (previous !== undefined && takesValue.has(previous)) return [];
  const words = found.join(' ') === 'graph explain' ? allCodes() : flowsFor(leaf.usage, io);
  return words.filter(fits);
}

function flowsFor(usage: string, io: CommandIo): readonly string[] {
  return /[[<](flow|old|new)[\]>]/.test(usage) ? exampleNames(io.installation) : [];
}
