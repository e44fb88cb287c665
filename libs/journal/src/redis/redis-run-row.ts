// What lists show of a run, as fields of a Redis hash. Others may have written into it: what cannot be
// read is undefined, and the run counts as damaged.
import type { RunStart } from '../journal-store.js';
import type { RunProgress } from '../records/run-progress.js';
import { listPosition } from '../run-query.js';
import type { Answer, ScriptArgument } from './journal-client.js';

/** A run without its frames. */
export interface RedisRunRow {
  readonly runId: string;
  readonly number: number;
  readonly flow: RunStart['flow'];
  readonly flowHash: string;
  readonly document: string;
  readonly startedAt: number;
  readonly progress: RunProgress;
  readonly resumptions: number;
  readonly owner?: string | undefined;
  readonly cancel?: string | undefined;
  /** The process of the server that took the last record, and whether that was on its disk. */
  readonly instance: string;
  readonly safe: boolean;
}

/** Fields and values of what a run was started with. */
export function startFields(
  { flow, flowHash, startedAt }: Omit<RunStart, 'flowDocument'>,
  resumptions: number,
): ScriptArgument[] {
  // Runs of one millisecond are told apart by their numbers.
  const { startedAt: position } = listPosition(startedAt, 0);
  return [
    ...[
      'flowId',
      flow.id,
      'flowName',
      flow.name,
      'flowVersion',
      flow.version,
      'flowHash',
      flowHash,
    ],
    ...['startedAt', startedAt, 'position', position, 'resumptions', resumptions],
  ];
}

/** Fields and values of how far it has come, and of the server that is told so. */
export function progressFields(
  { records, bytes, waits, chain, outcome, endedAt }: RunProgress,
  server: { instance(): string; isDurable(): boolean },
): ScriptArgument[] {
  return [
    ...['records', records, 'bytes', bytes, 'waits', waits, 'chain', chain],
    ...['instance', server.instance(), 'safe', server.isDurable() ? 1 : 0],
    ...(outcome === undefined ? [] : ['outcome', outcome, 'endedAt', endedAt ?? 0]),
  ];
}

/** The row of the answer to HGETALL; undefined where it is not one of ours. */
export function rowOf(answer: Answer | undefined): RedisRunRow | undefined {
  const fields = new Map<string, Buffer>();
  const list = (answer ?? []) as readonly Buffer[];
  for (let i = 0; i + 1 < list.length; i += 2) fields.set(list[i]!.toString(), list[i + 1]!);
  const text = (name: string) => fields.get(name)?.toString();
  const number = (name: string) => Number(text(name) ?? NaN);
  const outcome = text('outcome') as RunProgress['outcome'];
  const row = {
    runId: text('runId'),
    number: number('number'),
    flow: { id: text('flowId'), name: text('flowName'), version: text('flowVersion') },
    flowHash: text('flowHash'),
    document: text('document'),
    startedAt: number('startedAt'),
    progress: {
      records: number('records'),
      bytes: number('bytes'),
      waits: number('waits'),
      chain: new Uint8Array(fields.get('chain') ?? []),
      ...(outcome === undefined ? {} : { outcome, endedAt: number('endedAt') }),
    },
    resumptions: number('resumptions'),
    owner: text('owner'),
    cancel: text('cancel'),
    instance: text('instance'),
    safe: text('safe') === '1',
  };
  const { records, bytes, waits, endedAt = 0 } = row.progress;
  const numbers = [row.number, row.startedAt, records, bytes, waits, endedAt, row.resumptions];
  const { id, name, version } = row.flow;
  const texts = [row.runId, id, name, version, row.flowHash, row.document, row.instance];
  const sound =
    numbers.every(Number.isFinite) &&
    texts.every((found) => found !== undefined) &&
    (outcome === undefined || /^(completed|failed|cancelled)$/.test(outcome));
  return sound ? (row as RedisRunRow) : undefined;
}
