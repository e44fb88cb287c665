// A durable step: an effectful node whose attempt is on disk before its handler is called and whose
// result is before the next one's. Beside ours stands Restate, one node, with its defaults, and what
// one flush to this disk costs: nothing durable can be faster by itself.
import { compilePlan, startRun, type ExecPlan } from '@basalt/executor';
import { structuralHash, type FlowIR, type Value } from '@basalt/ir';
import { openEmbeddedJournal, type JournalStore } from '@basalt/journal';
import { fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchCase, Contender } from '../bench-case.js';
import { chainFlow } from '../chain-flow.js';
import { startRestate } from '../restate-peer.js';

const STEPS = 20;

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'basalt-bench-journal-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A chain of nodes that each have an effect. */
function effectfulChain(): FlowIR {
  const ir = chainFlow(STEPS);
  const nodes = ir.nodes.map((node) =>
    node.kind === 'trigger'
      ? node
      : { ...node, effects: 'effectful' as const, determinism: 'nondeterministic' as const },
  );
  return { ...ir, nodes };
}

async function runOnce(
  store: JournalStore,
  plan: ExecPlan,
  flow: FlowIR,
  flowHash: string,
  runId: string,
): Promise<void> {
  const { id, name, version } = flow;
  const journal = await store.create({
    runId,
    flow: { id, name, version },
    flowHash,
    flowDocument: flow as unknown as Value,
    payload: 0,
    startedAt: Date.now(),
  });
  const result = await startRun(plan, { payload: 0, journal }).result;
  await journal.close();
  if (result.status !== 'completed' || result.output !== STEPS) {
    throw new Error(`expected ${STEPS}, got ${result.status} ${String(result.output)}`);
  }
}

function embedded(runsAtOnce: number): Contender {
  return {
    name: 'basalt, embedded journal',
    async setup() {
      const flow = effectfulChain();
      const handlers = new Map(
        flow.nodes.map((node) => [
          node.identifier,
          node.kind === 'trigger' ? (v: number) => v : async (v: number) => v + 1,
        ]),
      );
      const plan = compilePlan({ ir: flow, handlers });
      const flowHash = structuralHash(flow);
      const store = await openEmbeddedJournal(temporary());
      let n = 0;
      return async () => {
        const ids = Array.from({ length: runsAtOnce }, () => `run-${(n += 1)}`);
        await Promise.all(ids.map((id) => runOnce(store, plan, flow, flowHash, id)));
        // Ended runs do not pile up over the rounds.
        if (n % 640 === 0) await store.prune({ keep: 0 });
      };
    },
  };
}

function restate(runsAtOnce: number): Contender {
  return {
    name: 'Restate 1.7, one node',
    async setup() {
      const call = await startRestate();
      return async () => {
        const results = await Promise.all(Array.from({ length: runsAtOnce }, () => call(STEPS)));
        if (results.some((done) => done !== STEPS)) throw new Error('Restate lost a step');
      };
    },
  };
}

/** As many flushes as there are steps, of a page that is there. */
const flushes: Contender = {
  name: 'one fdatasync, no more',
  async setup() {
    const file = openSync(join(temporary(), 'file'), 'w');
    const page = Buffer.alloc(4096, 1);
    for (let at = 0; at < 256; at += 1) writeSync(file, page, 0, page.length, at * page.length);
    let at = 0;
    return () => {
      for (let step = 0; step < STEPS; step += 1) {
        at = (at + 1) % 256;
        writeSync(file, page, 0, page.length, at * page.length);
        fdatasyncSync(file);
      }
    };
  },
};

export const durableStep: BenchCase = {
  name: 'durable-step',
  operation: 'step',
  about: `a run of ${STEPS} effectful nodes in a row, cost a step, start and end of the run included`,
  operations: STEPS,
  rounds: 51,
  contenders: [embedded(1), restate(1), flushes],
};

const AT_ONCE = 32;

export const durableSteps32: BenchCase = {
  name: 'durable-steps-32',
  operation: 'step',
  about: `${AT_ONCE} such runs at a time, cost a step: the flush of a turn is shared`,
  operations: STEPS * AT_ONCE,
  rounds: 21,
  contenders: [embedded(AT_ONCE), restate(AT_ONCE)],
};
