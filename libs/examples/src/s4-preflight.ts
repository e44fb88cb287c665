// S4, preflight: reads a key-value store. Unbound, the run is refused before it starts.
import { defineFlow, t } from '@basalt/flow-dsl';

const Request = t.Object({ key: t.String({ minLength: 1 }) });
const Answer = t.Object({ key: t.String(), found: t.Boolean(), value: t.String() });

export const s4Preflight = defineFlow(
  's4_preflight_flow',
  { version: '1.0.0', profile: 'web', summary: 'Read a bound key-value store' },
  (f) => {
    const trigger = f.trigger('trigger', {
      output: Request,
      http: { method: 'POST', route: '/lookup' },
      deadlineMs: 500,
    });
    const lookup = f.activity('lookup', {
      input: Request,
      output: Answer,
      uses: ['resource::kv::read'],
      effects: 'read_only',
      determinism: 'best_effort',
      run: async ({ key }, { capabilities }) => {
        const bytes = await capabilities.kv.get(key);
        const value = bytes === undefined ? '' : new TextDecoder().decode(bytes);
        return { key, found: bytes !== undefined, value };
      },
    });
    f.connect(trigger, lookup);
    f.capture(trigger, lookup);
  },
);
