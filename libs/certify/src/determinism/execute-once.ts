// One deterministic execution in this process, with a world of its own.
import { compileFlow, startRun, type FlowBundle, type RunResult } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { recordedFlow, worldCapabilities } from '../world/recorded-flow.js';
import type { WorldCall } from '../world/effect-call.js';
import { EffectWorld } from '../world/effect-world.js';
import type { WorldState } from '../world/world-state.js';
import { ObservedSteps, type ObservedStep } from './observed-steps.js';

export interface Execution {
  readonly flow: FlowBundle;
  readonly payload: Value;
  readonly world: WorldState;
  readonly seed: string;
  readonly startMs: number;
  readonly eventFor: (checkpoint: string) => Value;
}

export interface Executed {
  readonly result: RunResult;
  readonly outputs: readonly Value[];
  readonly steps: readonly ObservedStep[];
}

/** The virtual clock pays for it. */
const DEADLINE_MS = 30 * 86_400_000;

export async function executeOnce(given: Execution): Promise<Executed> {
  const { flow, payload, seed, startMs, eventFor } = given;
  const world = new EffectWorld(given.world);
  const call = async (asked: WorldCall) => world.apply(asked).answer;
  const plan = compileFlow(recordedFlow(flow, call));
  const steps = new ObservedSteps();
  const run = startRun(
    plan,
    { payload, runId: 'certified', deadlineMs: DEADLINE_MS, mode: 'stream' },
    {
      capabilities: worldCapabilities(call),
      deterministic: { seed, startMs },
      observer: {
        emitted: (...args) => steps.emitted(...args),
        nodeEnded: (...args) => steps.nodeEnded(...args),
        waiting: (_run, checkpoint) =>
          queueMicrotask(() => {
            for (const { checkpointId, correlationKey } of run.waiting()) {
              if (checkpointId !== checkpoint) continue;
              run.resume(checkpointId, correlationKey, eventFor(checkpoint));
            }
          }),
      },
      onSuspended: 'fail',
    },
  );
  const outputs: Value[] = [];
  try {
    for await (const value of run.outputs()) outputs.push(value);
  } catch {
    // The result says what went wrong.
  }
  return { result: await run.result, outputs, steps: steps.steps };
}
