// A short slice of the kills of a host over HTTP, and of the worker beside it.
import { fileURLToPath } from 'node:url';
import { crashRun } from './crash-run.js';

const project = fileURLToPath(new URL('..', import.meta.url));

it('loses nothing and repeats nothing over 6 kills of the host and its worker', async () => {
  const report = await crashRun({ project, kind: 'http', seed: 3, kills: 6 });
  const { lost, repeated, endedByThemselves } = report;
  expect({ lost, repeated, endedByThemselves }).toEqual({
    lost: [],
    repeated: [],
    endedByThemselves: [],
  });
});
