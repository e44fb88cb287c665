// A short slice of the kills while the wall clock of every program jumps, an hour back or forth.
import { fileURLToPath } from 'node:url';
import { crashRun } from './crash-run.js';

const project = fileURLToPath(new URL('..', import.meta.url));

it.each([
  ['embedded-clocks', 5],
  ['redis-clocks', 7],
] as const)('%s: loses nothing and repeats nothing over 5 kills', async (kind, seed) => {
  const report = await crashRun({ project, kind, seed, kills: 5 });
  const { jumps, lost, repeated, endedByThemselves } = report;
  expect(jumps).toBeGreaterThan(0);
  expect({ lost, repeated, endedByThemselves }).toEqual({
    lost: [],
    repeated: [],
    endedByThemselves: [],
  });
});
