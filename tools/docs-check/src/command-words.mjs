// Commands that a document shows and that cannot be run here, since they need a server: each must be one
// that the built program knows, with options that its help names.
import { spawnSync } from 'node:child_process';

/** Problems of the lines of a shell block that begin with `flows`, as texts. */
export function commandProblems(text, shell) {
  const problems = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('flows ')) continue;
    // Without a comment, and without what sends it to the background or its output elsewhere.
    const command = line.replace(/\s(?:#|&|>|\|).*$/, '');
    const { status, stdout } = spawnSync('bash', ['-c', `${command} --help`], {
      ...shell,
      encoding: 'utf8',
    });
    const [usage = ''] = stdout.split('\n');
    // The help of a group lists what may follow.
    if (status !== 0 || stdout.includes('\nCommands:\n')) {
      problems.push(`there is no command ${/^flows ((?:[a-z]+(?: |$))*)/.exec(command)[1].trim()}`);
      continue;
    }
    const path = usage.replace(/ [<[].*$/, '').replace(/^flows /, '');
    for (const [option] of command.matchAll(/(?<=\s)--[a-z-]+/g)) {
      if (!new RegExp(`${option}\\s`).test(stdout)) problems.push(`${path} has no ${option}`);
    }
  }
  return problems;
}
