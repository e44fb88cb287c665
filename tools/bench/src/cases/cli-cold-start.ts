// What it costs to start the built `flows` command, over a bare node.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { BenchCase, Contender } from '../bench-case.js';

const main = join(process.env['BASALT_ROOT'] ?? '.', 'apps/cli/dist/main.js');

const oneStep = join(process.env['BASALT_ROOT'] ?? '.', 'tools/bench/src/one-step.yaml');

function starts(name: string, args: readonly string[]): Contender {
  return {
    name,
    async setup() {
      return () => {
        const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
        if (status !== 0) throw new Error(`${name}: exit ${status}\n${stderr}`);
      };
    },
  };
}

export const cliColdStart: BenchCase = {
  name: 'cli-cold-start',
  operation: 'start',
  about: 'one process from start to end (build first: nx build cli)',
  operations: 1,
  rounds: 25,
  contenders: [
    starts('node -e 0', ['-e', '0']),
    starts('flows --version', [main, '--version']),
    starts('flows graph check s1_echo', [main, 'graph', 'check', 's1_echo']),
    starts('flows run local s1_echo', [
      main,
      'run',
      'local',
      's1_echo',
      '--payload',
      '{"text":"a"}',
    ]),
    starts('flows compose run, one step', [main, 'compose', 'run', oneStep]),
  ],
};
