// Reads a GeoJSON feed of earthquakes (the payload), grades each in parallel, and puts a digest together.
import { defineFlow, t } from '@basalt/flow-dsl';

const Feature = t.Object({
  properties: t.Object({
    mag: t.Union([t.Number(), t.Null()]),
    place: t.String(),
    time: t.Number(),
  }),
});
const Feed = t.Object({ features: t.Array(Feature) });
const Graded = t.Object({ grade: t.String(), mag: t.Number(), place: t.String() });
const Digest = t.Object({
  total: t.Integer(),
  grades: t.Record(t.String(), t.Integer()),
  strongest: t.Array(Graded),
});

const pure = { effects: 'pure', determinism: 'strict' } as const;

function gradeOf(mag: number): string {
  if (mag < 3) return 'minor';
  if (mag < 5) return 'light';
  return mag < 6 ? 'moderate' : 'strong';
}

export const quakeDigest = defineFlow(
  'quake_digest',
  { version: '1.0.0', profile: 'dev', summary: 'A week of earthquakes, graded and counted' },
  (f) => {
    const trigger = f.trigger('trigger', { output: Feed });
    const grade = f.inline('grade', {
      ...pure,
      input: Feature,
      output: Graded,
      run: ({ properties: { mag, place } }) => ({ grade: gradeOf(mag ?? 0), mag: mag ?? 0, place }),
    });
    const digest = f.inline('digest', {
      ...pure,
      input: t.Array(Graded),
      output: Digest,
      run: (quakes) => {
        const grades: Record<string, number> = {};
        for (const quake of quakes) grades[quake.grade] = (grades[quake.grade] ?? 0) + 1;
        const strongest = [...quakes].sort((a, b) => b.mag - a.mag).slice(0, 3);
        return { total: quakes.length, grades, strongest };
      },
    });
    f.forEach(trigger, '/features', { body: grade, exit: grade, collect: digest, concurrency: 8 });
    f.capture(trigger, digest);
  },
);
