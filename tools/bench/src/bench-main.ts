// Runs one case in this process and prints its samples as one JSON line. Started by run.mjs, once a
// case and revision, so that no case warms up another.
import { CASES } from './cases.js';
import { measure } from './measure.js';

const name = process.argv[2];
const found = CASES.find((c) => c.name === name);
if (found === undefined) throw new Error(`no case ${name}`);
const result =
  'report' in found
    ? { lines: await found.report() }
    : { operation: found.operation, measured: await measure(found) };
process.stdout.write(`${JSON.stringify(result)}\n`);
