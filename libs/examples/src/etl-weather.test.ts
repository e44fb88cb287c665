import { openCapabilities } from '@basalt/capabilities';
import { etlWeather } from './etl-weather.js';
import { DATASETS, readDataset } from './testing/dataset.js';
import { codesOf, observeRun } from './testing/observe-run.js';

const WINDOW_MS = 30 * 86_400_000;

async function run(file: string) {
  const opened = await openCapabilities([`fs=disk:${DATASETS}`], etlWeather.ir.id);
  try {
    return await observeRun(etlWeather, { file }, { capabilities: opened.capabilities });
  } finally {
    await opened.close();
  }
}

/** The same sums, from the file, without windows. */
function expectedSummaries() {
  const windows = new Map<number, string[][]>();
  for (const row of readDataset('seattle-weather.csv').trim().split('\n').slice(1)) {
    const cells = row.trim().split(',');
    const window = Math.floor(Date.parse(cells[0]!) / WINDOW_MS);
    windows.set(window, [...(windows.get(window) ?? []), cells]);
  }
  return [...windows.values()].map((days) => {
    const rain = days.map((cells) => Number(cells[1]));
    return {
      from: days[0]![0],
      to: days.at(-1)![0],
      days: days.length,
      rain_mm: Math.round(rain.reduce((a, b) => a + b, 0) * 10) / 10,
      warmest_c: Math.max(...days.map((cells) => Number(cells[2]))),
      wet_days: rain.filter((mm) => mm > 0).length,
    };
  });
}

test('four years of days become fifty windows', async () => {
  const { result, values } = await run('seattle-weather.csv');
  expect(result.status).toBe('completed');
  expect(values).toEqual(expectedSummaries());
  expect(values).toHaveLength(50);
  expect(values[1]).toEqual({
    from: '2012-01-21',
    to: '2012-02-19',
    days: 30,
    rain_mm: 126.5,
    warmest_c: 16.1,
    wet_days: 20,
  });
});

test('a file that is not there fails the execution', async () => {
  const { result, values } = await run('absent.csv');
  expect([result.status, values]).toEqual(['failed', []]);
});

test.each(['../package.json', '/etc/passwd'])(
  'reads nothing outside the folder: %s',
  async (file) => {
    const { result, values } = await run(file);
    expect([result.status, values]).toEqual(['failed', []]);
  },
);

test('without a file system it is refused before it starts', async () => {
  const { result } = await observeRun(etlWeather, { file: 'seattle-weather.csv' });
  expect(codesOf(result)).toEqual(['CAP101']);
});
