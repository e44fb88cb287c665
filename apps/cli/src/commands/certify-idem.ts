// flows certify idem FLOW: executes a flow while messages are repeated and workers are killed, and says
// whether each effect happens once.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { certifyIdempotency, parseCase, runCertifyWorker, type Evidence } from '@basalt/certify';
import { compilePlan } from '@basalt/executor';
import { MissingToolError } from '@basalt/flow-loader';
import { openJournal } from '@basalt/queue-worker-app';
import type { Argv } from 'yargs';
import { withHostWords } from '../durable/host-words.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';
import { VERSION } from '../version.js';
import { readTextArgument } from '../write-file.js';
import {
  againWords,
  certifiedBundle,
  CertifyLine,
  certifyInputs,
  certifyOptions,
  checkNumbers,
  reportEvidence,
  shellWord,
  type CertifyArgs,
} from './certify-options.js';

export interface CertifyIdemArgs extends CertifyArgs {
  readonly flow: string;
  readonly backend: 'embedded' | 'redis';
  readonly url?: string | undefined;
  readonly case?: string | undefined;
  readonly asWorker?: boolean | undefined;
}

export const certifyIdemOptions = (y: Argv) =>
  certifyOptions(y)
    .positional('flow', { type: 'string', demandOption: true, describe: 'What is certified' })
    .option('backend', {
      choices: ['embedded', 'redis'] as const,
      default: 'embedded' as const,
      describe: 'Where jobs and journals are kept',
    })
    .option('url', {
      type: 'string',
      describe: 'Redis server; one is started for --backend redis when absent',
      requiresArg: true,
    })
    .option('case', {
      type: 'string',
      describe: 'case.json of an evidence bundle, in place of cases from the seed',
      requiresArg: true,
    })
    .conflicts('case', ['only', 'cases', 'payloads'])
    // The process that is killed: this command with the same flow.
    .option('as-worker', { type: 'boolean', hidden: true })
    .example('$0 certify idem payments_saga', 'May every step of it be repeated?')
    .example('$0 certify idem ./orders.ts --cases 200 --seed 7', 'Look further')
    .example('$0 certify idem ./orders.ts --case evidence/case.json', 'One failing case again');

/** Exit 1 where an effect is lost or repeated. */
export async function certifyIdem(args: CertifyIdemArgs, io: CommandIo): Promise<ExitCode> {
  if (args.asWorker === true) return beWorker(args, io);
  checkNumbers(args);
  const bundle = await certifiedBundle(args.flow, io);
  const { case: file } = args;
  const plan = compilePlan(bundle);
  const inputs = await certifyInputs(args, bundle, io);
  const given =
    file === undefined ? undefined : parseCase(await readTextArgument(file, io), file, plan);
  const redis = await redisPlace(args, io);
  const line = new CertifyLine(io);
  let evidence: Evidence;
  try {
    evidence = await certifyIdempotency(bundle, {
      ...inputs,
      worker: {
        file: process.execPath,
        args: [join(io.installation, 'main.js'), 'certify', 'idem', args.flow, '--as-worker'],
        cwd: io.cwd,
        env: io.env,
      },
      backend: args.backend,
      redis,
      case: given,
      cases: args.cases,
      seed: args.seed,
      only: args.only,
      tools: { flows: VERSION },
      signal: io.signal,
      onProgress: (progress) => line.show(progress),
    });
  } finally {
    line.close();
  }
  return reportEvidence(evidence, commandsOf(evidence, args), args, io);
}

async function beWorker({ flow }: CertifyIdemArgs, io: CommandIo): Promise<ExitCode> {
  if (process.send === undefined) {
    throw new UsageError('--as-worker is for the processes that this command starts.');
  }
  await runCertifyWorker(await certifiedBundle(flow, io));
  return EXIT.done;
}

function commandsOf({ failure }: Evidence, args: CertifyIdemArgs): readonly string[] {
  if (failure === undefined) return [];
  const { flow, backend, url, out, seed, case: file } = args;
  const start = `flows certify idem ${shellWord(flow)}`;
  const place =
    backend === 'embedded'
      ? ''
      : ` --backend redis${url === undefined ? '' : ` --url ${shellWord(url)}`}`;
  const world = againWords({ ...args, payloads: undefined });
  const reduced = `${start} --case ${shellWord(file ?? join(out, 'case.json'))}${place}${world}`;
  if (file !== undefined) return [reduced];
  const whole = `${start} --seed ${seed} --only ${failure.case_number}${place}${againWords(args)}`;
  return [reduced, whole];
}

/** Where the Redis server is, or undefined where one is to be started. @throws UsageError
 * @throws MissingToolError where there is none. */
async function redisPlace({ backend, url }: CertifyIdemArgs, io: CommandIo) {
  if (backend !== 'redis') {
    if (url !== undefined) throw new UsageError('--url belongs to --backend redis.');
    return undefined;
  }
  if (url === undefined) {
    const { error } = spawnSync('redis-server', ['--version']);
    if (error === undefined) return {};
    const message = 'redis-server, which --backend redis starts without --url, is not installed.';
    throw new MissingToolError(message, 'apt-get install -y redis-server');
  }
  // Refuses addresses as every other command does, and says where nobody answers.
  const store = await withHostWords(() => openJournal({ backend, url, dir: '' }, io));
  await store.close();
  const address = new URL(url);
  const password = decodeURIComponent(address.password) || io.env['FLOWS_REDIS_PASSWORD'];
  address.password = '';
  return { url: address.href, ...(password === undefined ? {} : { password }) };
}
