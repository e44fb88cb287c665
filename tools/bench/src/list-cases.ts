// Prints the names and questions of all cases as JSON, for run.mjs.
import { CASES } from './cases.js';

process.stdout.write(JSON.stringify(CASES.map(({ name, about }) => ({ name, about }))));
