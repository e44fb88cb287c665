// A short slice of the kills on the embedded stores.
import { fileURLToPath } from 'node:url';
import { crashRun } from './crash-run.js';

const project = fileURLToPath(new URL('..', import.meta.url));

it('loses nothing and repeats nothing over 6 kills of workers and producer', async () => {
  const report = await crashRun({ project, kind: 'embedded', seed: 1, kills: 6 });
  const { lost, repeated, endedByThemselves } = report;
  expect({ lost, repeated, endedByThemselves }).toEqual({
    lost: [],
    repeated: [],
    endedByThemselves: [],
  });
});
