// Clickstream: clicks become sessions (a minute of silence ends one), and late clicks are kept apart.
import { defineFlow, t } from '@basalt/flow-dsl';

const Click = t.Object({ user: t.String(), page: t.String(), at_ms: t.Number() });
const Clicks = t.Object({ clicks: t.Array(Click) });
const Session = t.Object({ user: t.String(), pages: t.Array(t.String()), seconds: t.Number() });

const pure = { effects: 'pure', determinism: 'strict' } as const;

export const clickstreamSessions = defineFlow(
  'clickstream_sessions',
  { version: '1.0.0', profile: 'dev', summary: 'Clicks into sessions, late ones apart' },
  (f) => {
    const trigger = f.trigger('trigger', { output: Clicks, respond: 'stream' });
    const split = f.inline('split', {
      ...pure,
      input: Clicks,
      output: Click,
      run: async function* ({ clicks }) {
        yield* clicks;
      },
    });
    const session = f.inline('session', {
      ...pure,
      input: t.Windowed(Click),
      output: Session,
      // A window holds its items as they came, and clicks may overtake each other on their way.
      run: ({ items }) => {
        const clicks = [...items].sort((a, b) => a.at_ms - b.at_ms);
        return {
          user: clicks[0]!.user,
          pages: clicks.map(({ page }) => page),
          seconds: (clicks.at(-1)!.at_ms - clicks[0]!.at_ms) / 1000,
        };
      },
    });
    const late = f.inline('late', {
      ...pure,
      input: Click,
      output: Session,
      run: ({ user, page }) => ({ user, pages: [`late:${page}`], seconds: 0 }),
    });
    const respond = f.inline('respond', {
      ...pure,
      input: Session,
      output: Session,
      run: (s) => s,
    });

    f.connect(trigger, split);
    f.window(split, session, '/at_ms', {
      type: 'session',
      sizeMs: 3_600_000,
      gapMs: 60_000,
      allowedLatenessMs: 30_000,
      key: '/user',
      late,
    });
    f.merge([session, late], respond);
    f.capture(trigger, respond);
  },
);
