#!/usr/bin/env node
// The HTTP host as a program of its own: the same library as `flows run serve`, without the rest.
import { runProgram } from '@basalt/queue-worker-app';
import { serveFlows, type ServeArgs } from './serve-flows.js';
import { serveOptions } from './serve-options.js';

await runProgram<ServeArgs>(
  {
    name: 'basalt-http-host',
    describe: 'Serve flows over HTTP',
    options: (y) => serveOptions(y),
    host: (args, outside) => serveFlows(args, outside),
  },
  import.meta.url,
);
