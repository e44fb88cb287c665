// Flows that show what the shipped ones do not: work that takes long and is retried, every kind of
// field, values that nobody may see, and a graph of 1,000 nodes.
import { defineFlow, t } from '@basalt/flow-dsl';

const pure = { effects: 'pure', determinism: 'strict' } as const;

const Work = t.Object({
  items: t.Integer({ minimum: 1, maximum: 500, description: 'How many items to work on.' }),
  ms: t.Integer({ minimum: 0, maximum: 60_000, description: 'Milliseconds for each.' }),
});
const Item = t.Object({ item: t.Integer(), ms: t.Integer() });
const Done = t.Object({ item: t.Integer() });

/** Works through items, each of which takes a while; every fourth succeeds at its second attempt. */
export const slowWork = defineFlow(
  'slow_work',
  { version: '1.0.0', profile: 'web', summary: 'Items that take a while, with retries' },
  (f) => {
    const trigger = f.trigger('trigger', {
      input: Work,
      output: Work,
      http: { method: 'POST', route: '/slow' },
      respond: 'stream',
    });
    const split = f.inline('split', {
      ...pure,
      input: Work,
      output: Item,
      run: async function* ({ items, ms }) {
        for (let item = 1; item <= items; item += 1) yield { item, ms };
      },
    });
    const work = f.activity('work', {
      effects: 'read_only',
      determinism: 'best_effort',
      uses: ['resource::clock'],
      input: Item,
      output: Done,
      retry: { maxAttempts: 3, backoffMs: 5, jitter: 'none' },
      run: async ({ item, ms }, { clock, signal, attempt }) => {
        await clock.sleep(ms, signal);
        if (item % 4 === 0 && attempt === 1) throw new Error('the resource is busy');
        return { item };
      },
    });
    const respond = f.inline('respond', { ...pure, input: Done, output: Done, run: (v) => v });
    f.connect(trigger, split);
    f.connect(split, work, { maxItems: 8 });
    f.connect(work, respond);
    f.capture(trigger, respond);
  },
);

const Everything = t.Object({
  title: t.String({ minLength: 3, maxLength: 40, description: 'Shown to customers.' }),
  count: t.Integer({ minimum: 1, maximum: 10 }),
  price: t.Number({ exclusiveMinimum: 0 }),
  urgent: t.Boolean(),
  colour: t.Enum(['red', 'green', 'blue']),
  tags: t.Array(t.String({ minLength: 1 }), { maxItems: 3 }),
  address: t.Object({ street: t.String(), zip: t.String({ pattern: '^[0-9]{5}$' }) }),
  payment: t.Union([
    t.Object({ kind: t.Literal('card'), number: t.String({ minLength: 12 }) }),
    t.Object({ kind: t.Literal('invoice'), days: t.Integer({ minimum: 1 }) }),
  ]),
  extra: t.Optional(t.Record(t.String(), t.Number())),
  note: t.Optional(t.String()),
});

/** Takes a payload with every kind of field, and gives it back. */
export const everyField = defineFlow(
  'every_field',
  { version: '1.0.0', profile: 'web', summary: 'A payload with every kind of field' },
  (f) => {
    const trigger = f.trigger('trigger', {
      input: Everything,
      output: Everything,
      http: { method: 'POST', route: '/every' },
    });
    const respond = f.inline('respond', {
      ...pure,
      input: Everything,
      output: Everything,
      run: (v) => v,
    });
    f.connect(trigger, respond);
    f.capture(trigger, respond);
  },
);

const Patient = t.Object({ name: t.String(), api_key: t.String() });

/** Handles data that the viewer keeps to itself. */
export const personalData = defineFlow(
  'personal_data',
  { version: '1.0.0', profile: 'web', summary: 'Data of people, and a key' },
  (f) => {
    const trigger = f.trigger('trigger', {
      input: Patient,
      output: Patient,
      http: { method: 'POST', route: '/patients' },
    });
    const store = f.inline('store', {
      ...pure,
      input: Patient,
      output: Patient,
      dataClass: 'personal',
      run: (v) => v,
    });
    const respond = f.inline('respond', {
      ...pure,
      input: Patient,
      output: t.Object({ stored: t.Boolean() }),
      run: () => ({ stored: true }),
    });
    f.connect(trigger, store);
    f.connect(store, respond);
    f.capture(trigger, respond);
  },
);

/** Its node may take longer than its executions, which the checks warn about. */
export const lateLimit = defineFlow(
  'late_limit',
  { version: '1.0.0', profile: 'web', summary: 'A limit that comes too late', deadlineMs: 1000 },
  (f) => {
    const trigger = f.trigger('trigger', { http: { method: 'POST', route: '/late' } });
    const work = f.inline('work', { ...pure, timeoutMs: 5000, run: (v) => v });
    f.connect(trigger, work);
    f.capture(trigger, work);
  },
);

const Request = t.Object({ how: t.Enum(['answer', 'fail']), note: t.String() });

/** Reads a secret and gives it away: as its answer, or in the words of its failure. */
export const giveAway = defineFlow(
  'give_away',
  { version: '1.0.0', profile: 'web', summary: 'A secret that gets out' },
  (f) => {
    const trigger = f.trigger('trigger', {
      input: Request,
      output: Request,
      http: { method: 'POST', route: '/give-away' },
    });
    const open = f.activity('open', {
      effects: 'read_only',
      determinism: 'best_effort',
      secrets: ['DOOR_KEY'],
      input: Request,
      output: t.Opaque(),
      run: async ({ how, note }, context) => {
        const key = await context.secret('DOOR_KEY');
        if (how === 'fail') throw new Error(`the key ${key} does not fit (${note})`);
        return { note, text: `opened with ${key}`, [key]: [encodeURIComponent(key)] };
      },
    });
    f.connect(trigger, open);
    f.capture(trigger, open);
  },
);

const Start = t.Object({ ms: t.Integer({ minimum: 0 }) });
const STAGES = 20;
const LANES = 50;

/** 1,000 nodes: 50 lanes of 20 stages between one beginning and one end, with lines across. */
export const largeFlow = defineFlow(
  'large_flow',
  { version: '1.0.0', profile: 'web', summary: 'A graph of 1,000 nodes' },
  (f) => {
    const trigger = f.trigger('trigger', {
      input: Start,
      output: Start,
      http: { method: 'POST', route: '/large' },
    });
    const stage = (alias: string) =>
      f.inline(alias, { ...pure, input: Start, output: Start, run: (v) => v });
    const respond = stage('respond');
    // 998 between the two ends.
    const last: ReturnType<typeof stage>[] = [];
    for (let lane = 0; lane < LANES; lane += 1) {
      const stages = lane < 2 ? STAGES - 1 : STAGES;
      let before = stage(`lane_${lane}_stage_0`);
      f.connect(trigger, before);
      for (let at = 1; at < stages; at += 1) {
        const next = stage(`lane_${lane}_stage_${at}`);
        f.connect(before, next);
        before = next;
      }
      last.push(before);
    }
    for (const node of last) f.connect(node, respond);
    f.capture(trigger, respond);
  },
);
