// A short slice of the kills while the wall clock of every program jumps, an hour back or forth.
import { fileURLToPath } from 'node:url';
import { crashRun } from './crash-run.js';

const project = fileURLToPath(new URL('..', import.meta.url));

it('loses nothing and repeats nothing over 6 kills while the clock jumps', async () => {
  const report = await crashRun({ project, kind: 'embedded-clocks', seed: 5, kills: 6 });
  const { jumps, lost, repeated, endedByThemselves } = report;
  expect(jumps).toBeGreaterThan(0);
  expect({ lost, repeated, endedByThemselves }).toEqual({
    lost: [],
    repeated: [],
    endedByThemselves: [],
  });
});
