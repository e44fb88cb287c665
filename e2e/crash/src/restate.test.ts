// A short slice of the kills on Restate: of its server, whose folder is kept, of the worker and the producer.
import { fileURLToPath } from 'node:url';
import { crashRun } from './crash-run.js';

const project = fileURLToPath(new URL('..', import.meta.url));

it('loses nothing and repeats nothing over 6 kills of worker, producer and server', async () => {
  const report = await crashRun({ project, kind: 'restate', seed: 4, kills: 6 });
  const { lost, repeated, endedByThemselves } = report;
  expect({ lost, repeated, endedByThemselves }).toEqual({
    lost: [],
    repeated: [],
    endedByThemselves: [],
  });
});
