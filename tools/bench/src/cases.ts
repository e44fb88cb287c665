// All cases, in the order in which they run.
import type { BenchCase, ReportCase } from './bench-case.js';
import { cliColdStart } from './cases/cli-cold-start.js';
import { composeForeach } from './cases/compose-foreach.js';
import { composeParallel } from './cases/compose-parallel.js';
import { composeScript } from './cases/compose-script.js';
import { composeSmall } from './cases/compose-small.js';
import { durableStep, durableSteps32 } from './cases/durable-step.js';
import { fanOut100 } from './cases/fan-out-100.js';
import { forEach10k } from './cases/for-each-10k.js';
import { httpEcho } from './cases/http-echo.js';
import { kernelCollections } from './cases/kernel-collections.js';
import { kernelPause } from './cases/kernel-pause.js';
import { linear10 } from './cases/linear-10.js';
import { queueEmbedded } from './cases/queue-embedded.js';
import { queueRedis } from './cases/queue-redis.js';
import { queuedRuns } from './cases/queued-runs.js';
import { sse1000 } from './cases/sse-1000.js';
import { stream100k } from './cases/stream-100k.js';
import { streamMemory } from './cases/stream-memory.js';
import { validateFlows } from './cases/validate-flows.js';

export const CASES: readonly (BenchCase | ReportCase)[] = [
  linear10,
  fanOut100,
  forEach10k,
  stream100k,
  streamMemory,
  validateFlows,
  httpEcho,
  durableStep,
  durableSteps32,
  queueEmbedded,
  queuedRuns,
  sse1000,
  queueRedis,
  cliColdStart,
  composeSmall,
  composeForeach,
  composeScript,
  composeParallel,
  kernelCollections,
  kernelPause,
];
