// A worker for tests: node certify-child.mjs FLOW, with the name of an export of the flows here.
import { runCertifyWorker } from '@basalt/certify';
import type { FlowBundle } from '@basalt/executor';
import * as flows from './certified-flows.js';

const name = process.argv[2]! as keyof typeof flows;
await runCertifyWorker(flows[name] as FlowBundle);
process.exit();
