// A program of its own, to be killed while messages are spilled, and to be started again.
// Arguments: the folder of the blob store, `hang` (the receiver never ends) or `finish`, and how
// many messages are sent.
import { diskBlob, openDiskStore } from '@basalt/capabilities';
import type { Value } from '@basalt/ir';
import { compilePlan, startRun } from '../index.js';
import { bundleOf } from './flow-fixture.js';

/** One message is too large for a file where the size of files is limited to 1 MiB. */
const LARGE_BYTES = 2 ** 21;
const large = 7;

const [folder = '', mode, count = ''] = process.argv.slice(2);
/** The receiver begins when everything was sent, so that what is spilled does not depend on speed. */
let allSent: () => void;
const begin = new Promise<void>((resolve) => (allSent = resolve));
const store = await openDiskStore(folder);
const plan = compilePlan(
  bundleOf({
    nodes: {
      in: async function* (): AsyncGenerator<Value> {
        for (let i = 0; i < Number(count); i += 1) {
          yield i === large ? { i, text: 'x'.repeat(LARGE_BYTES) } : { i };
        }
        if (mode === 'finish') allSent();
      },
      out: {
        run: async (message: Value) => {
          await begin;
          return (message as { i: number }).i;
        },
        effectHints: ['resource::blob::write'],
      },
    },
    edges: [{ edge: 'in -> out', buffer: { max_items: 2, spill_tier: 'local' } }],
    // Errors of the receiver are let pass; a message that cannot be kept is none of them.
    surfaces: [['error_handler', { scope: { nodes: ['out'] }, strategy: 'continue' }]],
  }),
);
// Keeps the process alive: a promise that never settles does not.
const alive = setInterval(() => undefined, 60_000);
const run = startRun(
  plan,
  { payload: null, runId: 'job-1', mode: 'stream' },
  { capabilities: { blob: diskBlob(store) }, graceMs: 0 },
);
const values: Value[] = [];
try {
  for await (const value of run.outputs()) values.push(value);
} catch {
  // The result says it.
}
const { status, diagnostics } = await run.result;
clearInterval(alive);
await store.close();
const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
process.stdout.write(JSON.stringify({ status, codes, values }));
