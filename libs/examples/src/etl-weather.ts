// ETL with windows: reads a CSV file of daily weather, and sums it up in windows of 30 days.
import { defineFlow, t, type Static } from '@basalt/flow-dsl';

const Source = t.Object({ file: t.String({ minLength: 1 }) });
const Day = t.Object({
  date: t.String(),
  time_ms: t.Number(),
  rain_mm: t.Number(),
  max_c: t.Number(),
  weather: t.String(),
});
const Summary = t.Object({
  from: t.String(),
  to: t.String(),
  days: t.Integer(),
  rain_mm: t.Number(),
  warmest_c: t.Number(),
  wet_days: t.Integer(),
});

const DAY_MS = 86_400_000;
const round = (value: number) => Math.round(value * 10) / 10;

/** One row of the file; undefined for a row that is not a day. */
function parseDay(row: string): Static<typeof Day> | undefined {
  const [date = '', rain = '', max = '', , , weather = ''] = row.trim().split(',');
  const time_ms = Date.parse(date);
  if (Number.isNaN(time_ms)) return undefined;
  return { date, time_ms, rain_mm: Number(rain), max_c: Number(max), weather };
}

export const etlWeather = defineFlow(
  'etl_weather',
  { version: '1.0.0', profile: 'dev', summary: 'Daily weather summed up in windows of 30 days' },
  (f) => {
    const trigger = f.trigger('trigger', { output: Source, respond: 'stream' });
    const extract = f.activity('extract', {
      input: Source,
      output: Day,
      uses: ['resource::fs::read'],
      effects: 'read_only',
      determinism: 'best_effort',
      run: async function* ({ file }, { capabilities }) {
        const text = new TextDecoder().decode(await capabilities.fs.read(file));
        for (const row of text.split('\n').slice(1)) {
          const day = parseDay(row);
          if (day !== undefined) yield day;
        }
      },
    });
    const summarize = f.inline('summarize', {
      input: t.Windowed(Day),
      output: Summary,
      effects: 'pure',
      determinism: 'strict',
      run: ({ items }) => ({
        from: items[0]!.date,
        to: items.at(-1)!.date,
        days: items.length,
        rain_mm: round(items.reduce((sum, day) => sum + day.rain_mm, 0)),
        warmest_c: Math.max(...items.map((day) => day.max_c)),
        wet_days: items.filter((day) => day.rain_mm > 0).length,
      }),
    });
    f.connect(trigger, extract);
    f.window(extract, summarize, '/time_ms', { sizeMs: 30 * DAY_MS });
    f.capture(trigger, summarize);
  },
);
