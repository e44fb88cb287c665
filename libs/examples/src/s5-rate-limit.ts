// S5, rate limit: at most five messages a second reach the downstream node, two at once.
import { defineFlow, t } from '@basalt/flow-dsl';

const Batch = t.Object({ count: t.Integer({ minimum: 1, maximum: 1000 }) });
const Call = t.Object({ n: t.Integer() });
const Sent = t.Object({ n: t.Integer(), at_ms: t.Number() });

export const s5RateLimit = defineFlow(
  's5_rate_limit',
  { version: '1.0.0', profile: 'dev', summary: 'Slow a burst down to five a second' },
  (f) => {
    const trigger = f.trigger('trigger', { output: Batch, respond: 'stream' });
    const expand = f.inline('expand', {
      input: Batch,
      output: Call,
      effects: 'pure',
      determinism: 'strict',
      run: async function* ({ count }) {
        for (let n = 0; n < count; n += 1) yield { n };
      },
    });
    const send = f.activity('send', {
      input: Call,
      output: Sent,
      uses: ['resource::clock'],
      effects: 'read_only',
      determinism: 'best_effort',
      run: ({ n }, { clock }) => ({ n, at_ms: clock.now() }),
    });
    f.connect(trigger, expand);
    f.connect(expand, send);
    f.rateLimit(send, { qps: 5, burst: 2 });
    f.capture(trigger, send);
  },
);
