// A program of its own, since Jest hides unhandled rejections: Node ends with code 1 where there is
// one. Run with "control" it leaves one itself.
import { compilePlan, startRun, type NodeContext, type NodeHandler } from '../index.js';
import { bundleOf, pass } from './flow-fixture.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const planOf = (work: NodeHandler, node: object = {}) =>
  compilePlan(
    bundleOf({ nodes: { in: pass, work: { run: work, ...node } }, edges: ['in -> work'] }),
  );

/** Rejects some time after it was told to stop. */
const late: NodeHandler = async (_, { signal }) => {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await turn();
  throw new Error('after the abort');
};

/** Fills the way ahead, awaits nothing and hangs. */
const flooding = (_: unknown, { emit }: NodeContext) => {
  for (let i = 0; i < 500; i += 1) void emit(i);
  return new Promise<never>(() => undefined);
};

const timedOut = await startRun(planOf(late, { timeout_ms: 5 }), { payload: 1 }).result;
const cancelled = startRun(planOf(late), { payload: 1 }, { graceMs: 0 });
await cancelled.cancel();
const full = startRun(planOf(flooding), { payload: 1, mode: 'stream' }, { graceMs: 0 });
await full.cancel();
const thrown = startRun(
  planOf(() => Promise.reject(new Error('no'))),
  { payload: 1 },
);
const statuses = [timedOut, await cancelled.result, await full.result, await thrown.result];
void thrown.output;
if (process.argv[2] === 'control') void Promise.reject(new Error('left alone'));
for (let i = 0; i < 5; i += 1) await turn();
process.stdout.write(statuses.map(({ status }) => status).join(' '));
