// Turns what yargs says of wrong words into advice: the nearest command or flag, and where the help is.
import { nearestWord } from '@basalt/diagnostics';
import { UsageError } from './usage-error.js';

/** `following` gives the commands that may come after a list of words. */
export function explainUsage(
  error: UsageError,
  argv: readonly string[],
  following: (words: readonly string[]) => readonly string[],
): UsageError {
  if (error.hint !== undefined) return error;
  const words = argv.filter((word) => !word.startsWith('-'));
  const help = `Try: flows ${leadingCommands(words, following).concat('--help').join(' ')}`;
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(error.message)?.[1]?.split(', ')[0];
  if (unknown === undefined) return new UsageError(error.message, help);
  const depth = words.indexOf(unknown);
  if (depth >= 0) {
    const near = nearestWord(unknown, following(words.slice(0, depth)));
    const advice = near === undefined ? help : `Did you mean ${near}? ${help}`;
    return new UsageError(`There is no command ${unknown}.`, advice);
  }
  return new UsageError(`There is no option --${unknown}.`, help);
}

function leadingCommands(
  words: readonly string[],
  following: (words: readonly string[]) => readonly string[],
): string[] {
  const found: string[] = [];
  for (const word of words) {
    if (!following(found).includes(word)) break;
    found.push(word);
  }
  return found;
}
