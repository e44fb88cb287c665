// Turns what yargs says of wrong words into advice: the nearest command or option, and where the help
// is.
import { nearestWord } from '@basalt/diagnostics';
import { commandPath } from './command-tree.js';
import type { DeclaredOptions } from './declared-options.js';
import { UsageError } from './usage-error.js';

/** `options` are those of the command that was named. */
export function explainUsage(
  error: UsageError,
  argv: readonly string[],
  options: DeclaredOptions | undefined,
): UsageError {
  if (error.hint !== undefined) return error;
  const words = argv.filter((word) => !word.startsWith('-'));
  const { found, following } = commandPath(words);
  const help = `Try: flows ${[...found, '--help'].join(' ')}`;
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(error.message)?.[1]?.split(', ')[0];
  if (unknown === undefined) {
    return wrongValue(error.message, help) ?? new UsageError(plainWords(error.message), help);
  }
  if (following.length > 0 && words.includes(unknown)) {
    return new UsageError(`There is no command ${unknown}.`, advice(unknown, following, help));
  }
  const option = argv
    .filter((word) => word.startsWith('-'))
    .map((word) => word.split('=')[0]!)
    .find((word) => namesOption(word, unknown));
  return option === undefined
    ? new UsageError(`${unknown} is one argument too many.`, help)
    : unknownOption(option, options, help);
}

/** Whether yargs calls a word by this name: --no-NAME is NAME, and -abc is a, b and c. */
function namesOption(word: string, name: string): boolean {
  if (word === `--${name}` || word === `--no-${name}`) return true;
  return !word.startsWith('--') && word.slice(1).includes(name);
}

function unknownOption(
  option: string,
  options: DeclaredOptions | undefined,
  help: string,
): UsageError {
  const names = [...(options?.names ?? []), 'help', 'version'].map((name) => `--${name}`);
  return new UsageError(`There is no option ${option}.`, advice(option, names, help));
}

/** What to say of a value that is not among the choices of its option. */
function wrongValue(message: string, help: string): UsageError | undefined {
  const match = /^Invalid values:\s+Argument: (\S+), Given: "(.*)", Choices: (.+)$/s.exec(message);
  if (match === null) return undefined;
  const [, option = '', given = '', listed = ''] = match;
  const choices = listed.replaceAll('"', '').split(', ');
  const problem = `--${option} takes one of ${choices.join(', ')}; it is ${given}.`;
  return new UsageError(problem, advice(given, choices, help));
}

function advice(word: string, choices: readonly string[], help: string): string {
  const near = nearestWord(word, choices);
  return near === undefined ? help : `Did you mean ${near}? ${help}`;
}

/** What yargs says, in the words of this command. */
function plainWords(message: string): string {
  const missing = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (missing !== undefined) return `--${missing} needs a value.`;
  const absent = /^Not enough non-option arguments: got \d+, need at least \d+$/.exec(message);
  if (absent !== null) return 'An argument is missing.';
  const exclusive = /^Arguments (.+) and (.+) are mutually exclusive$/.exec(message);
  if (exclusive !== null) return `--${exclusive[1]} and --${exclusive[2]} exclude each other.`;
  return message
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ');
}
