// A short slice of the kills on Redis, which is killed as well and started again on its append-only file.
import { fileURLToPath } from 'node:url';
import { crashRun } from './crash-run.js';

const project = fileURLToPath(new URL('..', import.meta.url));

it('loses nothing and repeats nothing over 6 kills of workers, producer and server', async () => {
  const report = await crashRun({ project, kind: 'redis', seed: 2, kills: 6 });
  const { lost, repeated, endedByThemselves } = report;
  expect({ lost, repeated, endedByThemselves }).toEqual({
    lost: [],
    repeated: [],
    endedByThemselves: [],
  });
});
