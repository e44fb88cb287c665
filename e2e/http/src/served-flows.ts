// Flows that show what the shipped ones do not: work that takes as long as it is told, answers and
// streams of any size, and failures of every kind.
import { defineFlow, respondWith, t } from '@basalt/flow-dsl';

const pure = { effects: 'pure', determinism: 'strict' } as const;
const reads = { effects: 'read_only', determinism: 'best_effort' } as const;
const clock = { ...reads, uses: ['resource::clock'] } as const;

const Work = t.Object({ ms: t.Integer({ minimum: 0 }) });
const Done = t.Object({ done: t.Boolean() });

/** Sleeps, and answers. */
export const work = defineFlow('work', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', { output: Work, http: { method: 'POST', route: '/work' } });
  const sleep = f.inline('sleep', {
    ...clock,
    input: Work,
    output: Done,
    run: async ({ ms }, context) => {
      await context.clock.sleep(ms, context.signal);
      return { done: true };
    },
  });
  f.connect(trigger, sleep);
  f.capture(trigger, sleep);
});

/** Has 100 ms for what takes a minute. */
export const late = defineFlow('late', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', {
    output: Work,
    http: { method: 'POST', route: '/late' },
    deadlineMs: 100,
  });
  const sleep = f.inline('sleep', {
    ...clock,
    input: Work,
    output: Done,
    run: async (_work, context) => {
      await context.clock.sleep(60_000, context.signal);
      return { done: true };
    },
  });
  f.connect(trigger, sleep);
  f.capture(trigger, sleep);
});

/** Fails with a text that is nobody's business. */
export const broken = defineFlow('broken', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', {
    output: t.Opaque(),
    http: { method: 'POST', route: '/broken' },
  });
  const fail = f.inline('fail', {
    ...pure,
    input: t.Opaque(),
    output: Done,
    run: (): { done: boolean } => {
      throw new Error('the password is hunter2');
    },
  });
  f.connect(trigger, fail);
  f.capture(trigger, fail);
});

/** Answers with something of its own each time it runs. */
export const stamp = defineFlow('stamp', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', {
    output: t.Opaque(),
    http: { method: 'POST', route: '/stamp' },
  });
  const draw = f.inline('draw', {
    ...reads,
    uses: ['resource::rng'],
    input: t.Opaque(),
    output: t.Object({ stamp: t.String() }),
    run: (_input, { random }) => ({ stamp: random.uuid() }),
  });
  f.connect(trigger, draw);
  f.capture(trigger, draw);
});

/** Takes bytes, and answers with a status, headers and bytes of its own. */
export const teapot = defineFlow('teapot', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', {
    output: t.Bytes(),
    http: { method: 'POST', route: '/teapot' },
    maxPayloadBytes: 1000,
  });
  const pour = f.inline('pour', {
    ...pure,
    input: t.Bytes(),
    output: t.Opaque(),
    run: (bytes) =>
      respondWith({
        status: 418,
        headers: { 'content-type': 'application/x-tea', 'x-cups': ['1', '2'] },
        body: bytes.slice().reverse(),
      }),
  });
  f.connect(trigger, pour);
  f.capture(trigger, pour);
});

const Size = t.Object({ bytes: t.Integer({ minimum: 0, maximum: 64 * 1024 * 1024 }) });

/** A value as large as it is told. */
export const large = defineFlow('large', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', { output: Size, http: { method: 'POST', route: '/large' } });
  const fill = f.inline('fill', {
    ...pure,
    input: Size,
    output: t.Object({ text: t.String() }),
    run: ({ bytes }) => ({ text: 'x'.repeat(bytes) }),
  });
  f.connect(trigger, fill);
  f.capture(trigger, fill);
});

const Blocks = t.Object({ blocks: t.Integer({ minimum: 0 }), bytes: t.Integer({ minimum: 0 }) });
const Block = t.Object({ n: t.Integer(), text: t.String() });

/** Streams blocks as fast as they are taken. */
export const flood = defineFlow('flood', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', {
    output: Blocks,
    http: { method: 'POST', route: '/flood' },
    respond: 'stream',
  });
  const pour = f.inline('pour', {
    ...pure,
    input: Blocks,
    output: Block,
    run: async function* ({ blocks, bytes }) {
      const text = 'x'.repeat(bytes);
      for (let n = 1; n <= blocks; n += 1) yield { n, text };
    },
  });
  f.connect(trigger, pour);
  f.capture(trigger, pour);
});

const Ticks = t.Object({ count: t.Integer({ minimum: 0 }), ms: t.Integer({ minimum: 0 }) });
const Tick = t.Object({ n: t.Integer() });

/** Streams numbers, so many milliseconds apart. */
export const ticks = defineFlow('ticks', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', {
    output: Ticks,
    http: { method: 'POST', route: '/ticks' },
    respond: 'stream',
  });
  const beat = f.inline('beat', {
    ...clock,
    input: Ticks,
    output: Tick,
    run: async function* ({ count, ms }, context) {
      for (let n = 1; n <= count; n += 1) {
        if (n > 1) await context.clock.sleep(ms, context.signal);
        yield { n };
      }
    },
  });
  f.connect(trigger, beat);
  f.capture(trigger, beat);
});
