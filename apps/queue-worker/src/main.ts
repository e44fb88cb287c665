#!/usr/bin/env node
// The queue worker as a program of its own: the same library as `flows queue run`, without the rest.
import { runProgram } from './run-program.js';
import { workFlows } from './work-flows.js';
import { workerOptions, type WorkerArgs } from './worker-options.js';

await runProgram<WorkerArgs>(
  {
    name: 'basalt-queue-worker',
    describe: 'Execute the jobs of a queue',
    options: (y) => workerOptions(y),
    host: workFlows,
  },
  import.meta.url,
);
