import { runFlow } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { quakeDigest } from './quake-digest.js';
import { readDataset } from './testing/dataset.js';
import { codesOf, observeRun } from './testing/observe-run.js';

const quake = (mag: number | null, place: string) => ({ properties: { mag, place, time: 0 } });

test('grades a week of real earthquakes', async () => {
  const feed = JSON.parse(readDataset('earthquakes.json')) as {
    features: { properties: { mag: number | null } }[];
  };
  const count = (low: number, high: number) =>
    feed.features.filter(({ properties: { mag } }) => (mag ?? 0) >= low && (mag ?? 0) < high)
      .length;
  const digest = await runFlow(quakeDigest, feed as unknown as Value);
  expect(digest).toEqual({
    total: feed.features.length,
    grades: {
      minor: count(-Infinity, 3),
      light: count(3, 5),
      moderate: count(5, 6),
      strong: count(6, Infinity),
    },
    strongest: [
      { grade: 'strong', mag: 6.4, place: '22km NNE of Hualian, Taiwan' },
      { grade: 'strong', mag: 6.1, place: '21km NNE of Hualian, Taiwan' },
      { grade: 'strong', mag: 6.1, place: '35km S of Jarm, Afghanistan' },
    ],
  });
  expect((digest as { total: number }).total).toBe(1707);
});

test('keeps the order of the feed and treats an unknown magnitude as 0', async () => {
  const features = [quake(null, 'a'), quake(2.9, 'b'), quake(2.9, 'c'), quake(6, 'd')];
  expect(await runFlow(quakeDigest, { features })).toEqual({
    total: 4,
    grades: { minor: 3, strong: 1 },
    strongest: [
      { grade: 'strong', mag: 6, place: 'd' },
      { grade: 'minor', mag: 2.9, place: 'b' },
      { grade: 'minor', mag: 2.9, place: 'c' },
    ],
  });
});

test('a quiet week is a digest too', async () => {
  expect(await runFlow(quakeDigest, { features: [] })).toEqual({
    total: 0,
    grades: {},
    strongest: [],
  });
});

test('refuses a feed with a feature that is none', async () => {
  const { result } = await observeRun(quakeDigest, {
    features: [quake(1, 'a'), { properties: {} }],
  });
  expect(codesOf(result)).toEqual(['RUN116']);
});
