// The added cost of a node: ten nodes in a row, each adding one, in-process.
import { compilePlan, runFlow, type NodeHandler } from '@basalt/executor';
import type { BenchCase, Contender } from '../bench-case.js';
import { chainFlow } from '../chain-flow.js';
import { loadPeer } from '../peers.js';

const NODES = 10;
const RUNS = 500;

function expectTen(result: unknown): void {
  if (result !== NODES) throw new Error(`expected ${NODES}, got ${String(result)}`);
}

function basalt(name: string, body: NodeHandler): Contender {
  return {
    name,
    async setup() {
      const ir = chainFlow(NODES);
      const handlers = new Map(
        ir.nodes.map((node) => [
          node.identifier,
          node.kind === 'trigger' ? (v: number) => v : body,
        ]),
      );
      const plan = compilePlan({ ir, handlers });
      return async () => {
        for (let run = 0; run < RUNS; run += 1) expectTen(await runFlow(plan, 0));
      };
    },
  };
}

const bareAwait: Contender = {
  name: 'bare await',
  async setup() {
    const step = async (n: number) => n + 1;
    return async () => {
      for (let run = 0; run < RUNS; run += 1) {
        let n = 0;
        for (let i = 0; i < NODES; i += 1) n = await step(n);
        expectTen(n);
      }
    };
  },
};

const xstate: Contender = {
  name: 'XState 5 transitions',
  async setup() {
    const { createActor, createMachine, assign } = await loadPeer('xstate');
    const machine = createMachine({
      context: { n: 0 },
      initial: 'on',
      states: {
        on: {
          on: {
            step: {
              actions: assign({ n: ({ context }: never) => (context as { n: number }).n + 1 }),
            },
          },
        },
      },
    });
    return () => {
      for (let run = 0; run < RUNS; run += 1) {
        const actor = createActor(machine).start();
        for (let i = 0; i < NODES; i += 1) actor.send({ type: 'step' });
        expectTen(actor.getSnapshot().context.n);
        actor.stop();
      }
    };
  },
};

const rxjs: Contender = {
  name: 'RxJS 7 concatMap',
  async setup() {
    const { of, concatMap, lastValueFrom } = await loadPeer('rxjs');
    const step = concatMap(async (n: number) => n + 1);
    const steps = Array.from({ length: NODES }, () => step);
    return async () => {
      for (let run = 0; run < RUNS; run += 1) expectTen(await lastValueFrom(of(0).pipe(...steps)));
    };
  },
};

const effectWorkflow: Contender = {
  name: 'Effect 4 workflow, in memory',
  async setup() {
    const { Effect, Layer, ManagedRuntime, Schema } = await loadPeer('effect');
    const { Activity, Workflow, WorkflowEngine } = await loadPeer('effect/workflow');
    const chain = Workflow.make('chain', {
      payload: { id: Schema.String },
      success: Schema.Number,
      idempotencyKey: (payload: { id: string }) => payload.id,
    });
    const body = chain.toLayer(
      Effect.fnUntraced(function* () {
        let n = 0;
        for (let i = 0; i < NODES; i += 1) {
          const before = n;
          n = (yield* Activity.make({
            name: `step-${i}`,
            success: Schema.Number,
            execute: Effect.sync(() => before + 1),
          })) as number;
        }
        return n;
      }),
    );
    const runtime = ManagedRuntime.make(body.pipe(Layer.provideMerge(WorkflowEngine.layerMemory)));
    let id = 0;
    return async () => {
      for (let run = 0; run < RUNS; run += 1) {
        id += 1;
        expectTen(await runtime.runPromise(chain.execute({ id: String(id) })));
      }
    };
  },
};

export const linear10: BenchCase = {
  name: 'linear-10',
  operation: 'node',
  about: `a run of ${NODES} nodes in a row, cost a node, the start of the run included`,
  operations: RUNS * NODES,
  rounds: 25,
  contenders: [
    basalt('basalt, async handlers', async (n: number) => n + 1),
    basalt('basalt, sync handlers', (n: number) => n + 1),
    bareAwait,
    xstate,
    rxjs,
    effectWorkflow,
  ],
};
