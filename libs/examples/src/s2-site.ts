// S2, site: six progress events, 120 ms apart, streamed to the caller as they happen.
import { defineFlow, t } from '@basalt/flow-dsl';

const Request = t.Object({ site: t.Optional(t.String()) });
const Progress = t.Object({ site: t.String(), step: t.String(), percent: t.Integer() });

const STEPS = ['queued', 'fetching', 'parsing', 'indexing', 'publishing', 'done'] as const;

export const s2Site = defineFlow(
  's2_site',
  { version: '1.0.0', profile: 'web', summary: 'Stream six progress events' },
  (f) => {
    const trigger = f.trigger('trigger', {
      output: Request,
      http: { method: 'POST', route: '/site/stream' },
      respond: 'stream',
      deadlineMs: 5000,
    });
    const build = f.inline('build', {
      input: Request,
      output: Progress,
      uses: ['resource::clock'],
      effects: 'read_only',
      determinism: 'best_effort',
      run: async function* ({ site = 'example.org' }, { clock, signal }) {
        for (const [i, step] of STEPS.entries()) {
          if (i > 0) await clock.sleep(120, signal);
          yield { site, step, percent: Math.round((i * 100) / (STEPS.length - 1)) };
        }
      },
    });
    const respond = f.inline('respond', {
      input: Progress,
      output: Progress,
      effects: 'pure',
      determinism: 'strict',
      run: (progress) => progress,
    });
    f.connect(trigger, build);
    f.connect(build, respond, { maxItems: 4 });
    f.capture(trigger, respond);
  },
);
