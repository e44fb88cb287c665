// flows certify determinism FLOW, or a journaled run: executes it again and again with another clock,
// other chance and another order, and says where a value differs.
import { join } from 'node:path';
import {
  certifyDeterminism as certifyFlow,
  certifyRun,
  PerturbedPlatform,
  type Evidence,
} from '@basalt/certify';
import type { Argv } from 'yargs';
import { flowOfRun } from '../durable/flow-of-run.js';
import { withRuns } from '../durable/journal-options.js';
import { requireStart } from '../durable/require-start.js';
import { deterministicOf } from '../durable/run-start.js';
import type { ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';
import { VERSION } from '../version.js';
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

export interface CertifyDeterminismArgs extends CertifyArgs {
  readonly target: string;
  readonly journal?: string | undefined;
}

export const certifyDeterminismOptions = (y: Argv) =>
  certifyOptions(y)
    .positional('target', {
      type: 'string',
      demandOption: true,
      describe: 'A flow; with --journal, the id of a run',
    })
    .option('journal', {
      type: 'string',
      describe: 'Folder of the journals: certify a run that is recorded there',
      requiresArg: true,
    })
    .conflicts('journal', ['payloads', 'world'])
    .example('$0 certify determinism s3_branching', 'Do equal inputs give equal results?')
    .example('$0 certify determinism RUN --journal .flows', 'Does a recorded run come again?');

/** Exit 1 where a value differs. */
export async function certifyDeterminism(
  args: CertifyDeterminismArgs,
  io: CommandIo,
): Promise<ExitCode> {
  checkNumbers(args);
  if (args.target === '') throw new UsageError('The name of the flow or run is empty.');
  const line = new CertifyLine(io);
  // Before the module of the flow is loaded, so that references which it keeps lead here.
  const platform = new PerturbedPlatform();
  platform.install();
  let evidence: Evidence;
  try {
    const shared = {
      platform,
      cases: args.cases,
      seed: args.seed,
      only: args.only,
      tools: { flows: VERSION },
      signal: io.signal,
      onProgress: (progress: Parameters<CertifyLine['show']>[0]) => line.show(progress),
    };
    evidence = await (args.journal === undefined
      ? certifyTheFlow(args, shared, io)
      : certifyTheRun(args, args.journal, shared, io));
  } finally {
    line.close();
    platform.remove();
  }
  return reportEvidence(evidence, commandsOf(evidence, args), args, io);
}

type Shared = NonNullable<Parameters<typeof certifyFlow>[1]>;

async function certifyTheFlow(
  args: CertifyDeterminismArgs,
  shared: Shared,
  io: CommandIo,
): Promise<Evidence> {
  const bundle = await certifiedBundle(args.target, io);
  return certifyFlow(bundle, { ...shared, ...(await certifyInputs(args, bundle, io)) });
}

function certifyTheRun(
  { target }: CertifyDeterminismArgs,
  journal: string,
  shared: Shared,
  io: CommandIo,
): Promise<Evidence> {
  return withRuns({ journal, backend: 'embedded' }, io, async (store) => {
    const start = await requireStart(store, target);
    const bundle = await flowOfRun(start, undefined, io);
    const { deterministic: _seed, ...rest } = start;
    const deterministic = deterministicOf(start);
    const given = { ...rest, ...(deterministic === undefined ? {} : { deterministic }) };
    return certifyRun(bundle, given, await store.records(target), shared);
  });
}

/** A flow again with the smallest payload, and with the one that was found. */
function commandsOf({ failure }: Evidence, args: CertifyDeterminismArgs): readonly string[] {
  if (failure === undefined) return [];
  const { target, journal, out, seed } = args;
  const start = `flows certify determinism ${shellWord(target)}`;
  const which = ` --seed ${seed} --only ${failure.case_number}`;
  if (journal !== undefined) return [`${start} --journal ${shellWord(journal)}${which}`];
  const smallest = ` --payloads ${shellWord(join(out, 'failing.ndjson'))}`;
  return [
    `${start}${smallest}${which}${againWords({ ...args, payloads: undefined })}`,
    `${start}${which}${againWords(args)}`,
  ];
}
