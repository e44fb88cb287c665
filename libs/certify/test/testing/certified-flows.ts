// Flows that keep their promises, and flows each of which breaks one.
import { setTimeout as wait } from 'node:timers/promises';
import type { FlowBundle } from '@basalt/executor';
import { defineFlow, t } from '@basalt/flow-dsl';

export {
  humanApproval,
  orderEnrichment,
  paymentsSaga,
  s1Echo,
  s3Branching,
  webhookDedupe,
} from '@basalt/examples';

const Order = t.Object({ id: t.String({ minLength: 1 }), amount: t.Integer({ minimum: 1 }) });
const Done = t.Object({ id: t.String(), receipt: t.String() });

const options = { version: '1.0.0', profile: 'dev' } as const;
const keyed = { idempotency: { key: '/id', scope: 'node', ttlMs: 3_600_000 } } as const;
const posting = {
  uses: ['resource::http::write'],
  effects: 'effectful',
  determinism: 'best_effort',
  egress: ['pay.example.com'],
  input: Order,
  output: Done,
} as const;
const storing = { ...posting, uses: ['resource::kv::write'], egress: [] } as const;

const encode = (text: string) => new TextEncoder().encode(text);

/** Sends its key with each request: may be repeated. */
export const paysOnce = defineFlow('pays_once', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const charge = f.activity('charge', {
    ...posting,
    ...keyed,
    retry: { maxAttempts: 5, backoffMs: 1 },
    run: async ({ id, amount }, { capabilities, idempotencyKey }) => {
      await capabilities.httpWrite.send({
        method: 'POST',
        url: 'https://pay.example.com/charges',
        headers: { 'idempotency-key': idempotencyKey ?? '' },
        body: encode(String(amount)),
      });
      return { id, receipt: `charged ${amount}` };
    },
  });
  f.connect(order, charge);
  f.capture(order, charge);
});

/** Has a key and does not send it. */
export const forgetsItsKey = defineFlow('forgets_its_key', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const price = f.inline('price', {
    effects: 'pure',
    determinism: 'strict',
    input: Order,
    output: Order,
    run: (o) => o,
  });
  const charge = f.activity('charge', {
    ...posting,
    ...keyed,
    run: async ({ id, amount }, { capabilities }) => {
      await capabilities.httpWrite.send({
        method: 'POST',
        url: 'https://pay.example.com/charges',
        body: encode(String(amount)),
      });
      return { id, receipt: `charged ${amount}` };
    },
  });
  f.connect(order, price);
  f.connect(price, charge);
  f.capture(order, charge);
});

const now = Date.now;

/** Hides the clock from the scan: it is a pure node that is not. */
export const hidesTheClock = defineFlow('hides_the_clock', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const stamp = f.inline('stamp', {
    effects: 'pure',
    determinism: 'strict',
    input: Order,
    output: Done,
    run: ({ id }) => ({ id, receipt: `at ${now()}` }),
  });
  const keep = f.activity('keep', {
    ...storing,
    ...keyed,
    input: Done,
    run: async (done, { capabilities }) => {
      await capabilities.kv.put(`receipts/${done.id}`, encode(done.id));
      return done;
    },
  });
  f.connect(order, stamp);
  f.connect(stamp, keep);
  f.capture(order, keep);
});

/** Numbers orders as they come: the number of an order depends on what came before. */
export const numbersOrders = defineFlow('numbers_orders', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const number = f.activity('number', {
    ...storing,
    ...keyed,
    uses: ['resource::kv::read', 'resource::kv::write'],
    run: async ({ id }, { capabilities }) => {
      const last = await capabilities.kv.get('last');
      const next = 1 + Number(last === undefined ? 0 : new TextDecoder().decode(last));
      await capabilities.kv.put('last', encode(String(next)));
      return { id, receipt: `number ${next}` };
    },
  });
  f.connect(order, number);
  f.capture(order, number);
});

/** Tells somebody without waiting for it. */
export const letsItsPromiseGo = defineFlow('lets_its_promise_go', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const notify = f.activity('notify', {
    ...storing,
    ...keyed,
    run: ({ id, amount }, { capabilities }) => {
      void wait(5).then(() => capabilities.kv.put(`told/${id}`, encode(String(amount))));
      return { id, receipt: 'told' };
    },
  });
  f.connect(order, notify);
  f.capture(order, notify);
});

/** What it stores depends on an await that no journal keeps. */
export const storesWhatItDrew = defineFlow('stores_what_it_drew', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const draw = f.activity('draw', {
    ...storing,
    ...keyed,
    uses: ['resource::kv::write', 'resource::rng'],
    run: async ({ id }, { capabilities, random }) => {
      const code = await Promise.resolve(random.uuid());
      await capabilities.kv.put(`codes/${id}`, encode(code));
      return { id, receipt: 'drawn' };
    },
  });
  f.connect(order, draw);
  f.capture(order, draw);
});

/** Marks an order as seen before it acts: a crash in between loses the effect. */
export const marksTooEarly = defineFlow('marks_too_early', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const charge = f.activity('charge', {
    ...posting,
    ...keyed,
    uses: ['resource::dedupe::write', 'resource::http::write'],
    run: async ({ id, amount }, { capabilities }) => {
      if (await capabilities.dedupe.putIfAbsent(`seen/${id}`, 60_000)) {
        await capabilities.httpWrite.send({
          method: 'POST',
          url: 'https://pay.example.com/charges',
          body: encode(String(amount)),
        });
      }
      return { id, receipt: 'charged' };
    },
  });
  f.connect(order, charge);
  f.capture(order, charge);
});

/** Takes what comes first of two branches. */
export const takesTheFirst = defineFlow('takes_the_first', options, (f) => {
  const pure = { effects: 'pure', determinism: 'strict' } as const;
  const order = f.trigger('order', { output: Order });
  const left = f.inline('left', {
    ...pure,
    input: Order,
    output: Done,
    run: ({ id }) => ({ id, receipt: 'left' }),
  });
  const right = f.inline('right', {
    ...pure,
    input: Order,
    output: Done,
    run: ({ id }) => ({ id, receipt: 'right' }),
  });
  const respond = f.inline('respond', { ...pure, input: Done, output: Done, run: (d) => d });
  f.connect(order, left);
  f.connect(order, right);
  f.merge([left, right], respond);
  f.capture(order, respond);
});

let calls = 0;

/** Keeps something between invocations. */
export const countsItsCalls = defineFlow('counts_its_calls', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const count = f.inline('count', {
    effects: 'pure',
    determinism: 'stable',
    input: Order,
    output: Done,
    run: ({ id }) => ({ id, receipt: `call ${(calls += 1)}` }),
  });
  f.connect(order, count);
  f.capture(order, count);
});

/** May draw what it likes: it promises nothing, and what follows depends on what it gave alone. */
export const drawsFreely = defineFlow('draws_freely', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const draw = f.activity('draw', {
    uses: ['resource::rng', 'resource::clock'],
    effects: 'read_only',
    determinism: 'best_effort',
    input: Order,
    output: Done,
    run: ({ id }, { random, clock }) => ({ id, receipt: `${random.uuid()} ${clock.now()}` }),
  });
  const respond = f.inline('respond', {
    effects: 'pure',
    determinism: 'strict',
    input: Done,
    output: Done,
    run: (d) => d,
  });
  f.connect(order, draw);
  f.connect(draw, respond);
  f.capture(order, respond);
});

/** Gives an invoice the first name that is free. */
export const takesTheNextName = defineFlow('takes_the_next_name', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const invoice = f.activity('invoice', {
    ...storing,
    ...keyed,
    uses: ['resource::blob::read', 'resource::blob::write'],
    run: async ({ id, amount }, { capabilities }) => {
      let next = 1;
      while ((await capabilities.blob.get(`invoices/${next}`)) !== undefined) next += 1;
      await capabilities.blob.put(`invoices/${next}`, encode(`${id} ${amount}`));
      return { id, receipt: 'invoiced' };
    },
  });
  f.connect(order, invoice);
  f.capture(order, invoice);
});

/** Takes its own repeat for that of somebody else. */
export const refusesItsRepeat = defineFlow('refuses_its_repeat', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const charge = f.activity('charge', {
    ...storing,
    ...keyed,
    uses: ['resource::kv::read', 'resource::kv::write'],
    run: async ({ id, amount }, { capabilities }) => {
      if ((await capabilities.kv.get(`charges/${id}`)) !== undefined) {
        throw new Error('charged before');
      }
      await capabilities.kv.put(`charges/${id}`, encode(String(amount)));
      return { id, receipt: 'charged' };
    },
  });
  f.connect(order, charge);
  f.capture(order, charge);
});

/** Its compensation marks that it has begun, and does nothing when the mark is there. */
export const undoesHalf = defineFlow('undoes_half', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const reserve = f.activity('reserve', {
    ...storing,
    ...keyed,
    uses: ['resource::kv::write', 'resource::dedupe::write'],
    output: Order,
    run: async (o, { capabilities }) => {
      await capabilities.kv.put(`stock/${o.id}`, encode('reserved'));
      return o;
    },
    compensate: {
      run: async ({ input }, { capabilities }) => {
        if (!(await capabilities.dedupe.putIfAbsent(`undone/${input.id}`, 60_000))) return;
        await capabilities.kv.delete(`stock/${input.id}`);
      },
    },
  });
  const ship = f.inline('ship', {
    effects: 'pure',
    determinism: 'strict',
    input: Order,
    output: Done,
    run: ({ id, amount }) => {
      if (amount > 10) throw new Error('too heavy');
      return { id, receipt: 'shipped' };
    },
  });
  f.connect(order, reserve);
  f.connect(reserve, ship);
  f.capture(order, ship);
});

export const alwaysFails = defineFlow('always_fails', options, (f) => {
  const order = f.trigger('order', { output: Order });
  const open = f.inline('open', {
    effects: 'pure',
    determinism: 'strict',
    input: Order,
    output: Done,
    run: (): { id: string; receipt: string } => {
      throw new Error('closed on Sundays');
    },
  });
  f.connect(order, open);
  f.capture(order, open);
});

/** A trigger that takes a value of any schema. */
export function flowThatTakes(schema: unknown): FlowBundle {
  return defineFlow('takes', options, (f) => {
    const start = f.trigger('start', { output: schema as never });
    f.capture(start, start);
  });
}
