// S3, branching: an if on /flag, then a switch on /mode; every branch says which way it was.
import { defineFlow, t } from '@basalt/flow-dsl';

const Request = t.Object({
  flag: t.Boolean(),
  mode: t.Enum(['slow', 'fast', 'auto']),
});
const Outcome = t.Object({ path: t.String() });

const pure = { effects: 'pure', determinism: 'strict' } as const;
const ending = { ...pure, input: Request, output: Outcome };

export const s3Branching = defineFlow(
  's3_branching',
  { version: '1.0.0', profile: 'web', summary: 'Route by a flag, then by a mode' },
  (f) => {
    const trigger = f.trigger('trigger', {
      output: Request,
      http: { method: 'POST', route: '/branch' },
      deadlineMs: 1000,
    });
    const route = f.inline('route', { ...pure, input: Request, output: Request, run: (r) => r });
    const choose = f.inline('choose', { ...pure, input: Request, output: Request, run: (r) => r });
    const off = f.inline('off', { ...ending, run: () => ({ path: 'off' }) });
    const slow = f.inline('slow', { ...ending, run: () => ({ path: 'on/slow' }) });
    const fast = f.inline('fast', { ...ending, run: () => ({ path: 'on/fast' }) });
    const other = f.inline('other', { ...ending, run: () => ({ path: 'on/other' }) });
    const respond = f.inline('respond', {
      ...pure,
      input: Outcome,
      output: Outcome,
      run: (o) => o,
    });

    f.connect(trigger, route);
    f.if(route, '/flag', { then: choose, else: off });
    f.switch(choose, '/mode', { slow, fast }, { default: other });
    f.merge([off, slow, fast, other], respond);
    f.capture(trigger, respond);
  },
);
