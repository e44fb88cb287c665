// The flows that are executed while processes are killed: effects with keys in a chain, after a fan-out
// and in a for_each, retries, waits, compensation, exactly_once and at_most_once edges, a
// stream, and messages that are spilled. Each has an HTTP route.
// Each effect is a request to the ledger of the suite (effect-ledger.ts).
import type { HttpClient } from '@basalt/capabilities';
import { defineFlow, t } from '@basalt/flow-dsl';

const Order = t.Object({ job: t.String(), url: t.String() });
const Basket = t.Object({ job: t.String(), url: t.String(), items: t.Array(t.String()) });
const Line = t.Object({ job: t.String(), url: t.String(), item: t.String() });
const Receipt = t.Object({ job: t.String(), url: t.String(), receipts: t.Array(t.String()) });

type Place = { readonly job: string; readonly url: string };

const pure = { effects: 'pure', determinism: 'strict' } as const;
const TTL_MS = 86_400_000;
const effect = {
  uses: ['resource::http::write'],
  effects: 'effectful',
  determinism: 'best_effort',
  retry: { maxAttempts: 50, backoffMs: 10, maxBackoffMs: 100 },
} as const;
const keyed = { ...effect, idempotency: { key: '/job', scope: 'node', ttlMs: TTL_MS } } as const;
const keyedLine = {
  ...effect,
  idempotency: { key: '/job', fields: ['/item'], scope: 'node', ttlMs: TTL_MS },
} as const;
const options = { version: '1.0.0', profile: 'dev' } as const;
const post = (name: string) => ({ method: 'POST', route: `/crash/${name}` });

/** Acts: `what` is the name of the effect in the ledger. Gives the receipt. */
async function act(
  http: HttpClient,
  { job, url }: Place,
  what: string,
  key: string | undefined,
): Promise<string> {
  const { status, body } = await http.send({
    method: 'POST',
    url: `${url}/${encodeURIComponent(`${job}/${what}`)}`,
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });
  if (status !== 200) throw new Error(`the ledger answered ${status}`);
  return new TextDecoder().decode(body);
}

/** What undoes something is called once by the executor, and tries again by itself. */
async function undo(http: HttpClient, place: Place, what: string, key: string): Promise<void> {
  for (let left = 20; ; left -= 1) {
    try {
      await act(http, place, what, key);
      return;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/** Three effects, one after another, with pure work in between. */
export const chain = defineFlow('crash_chain', options, (f) => {
  const order = f.trigger('order', { output: Order, http: post('chain') });
  const price = f.inline('price', {
    ...pure,
    input: Order,
    output: Receipt,
    run: (o) => ({ ...o, receipts: [] }),
  });
  const step = <const A extends string>(alias: A) =>
    f.activity(alias, {
      ...keyed,
      input: Receipt,
      output: Receipt,
      run: async (r, { capabilities, idempotencyKey }) => ({
        ...r,
        receipts: [...r.receipts, await act(capabilities.httpWrite, r, alias, idempotencyKey)],
      }),
    });
  const [reserve, charge, ship] = [step('reserve'), step('charge'), step('ship')];
  f.connect(order, price);
  f.connect(price, reserve);
  f.connect(reserve, charge);
  f.connect(charge, ship);
  return f.capture(order, ship);
});

/** Three effects at once, joined, and one after them. */
export const fan = defineFlow('crash_fan', options, (f) => {
  const order = f.trigger('order', { output: Order, http: post('fan') });
  const branch = <const A extends string>(alias: A) =>
    f.activity(alias, {
      ...keyed,
      input: Order,
      output: Receipt,
      run: async (o, { capabilities, idempotencyKey }) => ({
        ...o,
        receipts: [await act(capabilities.httpWrite, o, alias, idempotencyKey)],
      }),
    });
  const [stock, credit, parcel] = [branch('stock'), branch('credit'), branch('parcel')];
  const gather = f.inline('gather', {
    ...pure,
    input: t.Object({ stock: Receipt, credit: Receipt, parcel: Receipt }),
    output: Receipt,
    run: (all) => ({
      ...all.stock,
      receipts: [...all.stock.receipts, ...all.credit.receipts, ...all.parcel.receipts],
    }),
  });
  const confirm = f.activity('confirm', {
    ...keyed,
    input: Receipt,
    output: Receipt,
    run: async (r, { capabilities, idempotencyKey }) => ({
      ...r,
      receipts: [...r.receipts, await act(capabilities.httpWrite, r, 'confirm', idempotencyKey)],
    }),
  });
  for (const node of [stock, credit, parcel]) f.connect(order, node);
  f.join([stock, credit, parcel], gather);
  f.connect(gather, confirm);
  return f.capture(order, confirm);
});

/** One effect an item, three items at once, collected in order. */
export const each = defineFlow('crash_each', options, (f) => {
  const order = f.trigger('order', { output: Basket, http: post('each') });
  const lines = f.inline('lines', {
    ...pure,
    input: Basket,
    output: t.Object({ lines: t.Array(Line) }),
    run: ({ job, url, items }) => ({ lines: items.map((item) => ({ job, url, item })) }),
  });
  const pack = f.activity('pack', {
    ...keyedLine,
    input: Line,
    output: t.String(),
    run: (line, { capabilities, idempotencyKey }) =>
      act(capabilities.httpWrite, line, `pack/${line.item}`, idempotencyKey),
  });
  const collect = f.inline('collect', {
    ...pure,
    input: t.Array(t.String()),
    output: t.Object({ receipts: t.Array(t.String()) }),
    run: (receipts) => ({ receipts }),
  });
  f.connect(order, lines);
  f.forEach(lines, '/lines', { body: pack, exit: pack, collect, concurrency: 3 });
  return f.capture(order, collect);
});

/** A handler that sends its values one by one, with waits; an effect for each. */
export const stream = defineFlow('crash_stream', options, (f) => {
  const order = f.trigger('order', { output: Basket, http: post('stream') });
  const feed = f.inline('feed', {
    uses: ['resource::clock'],
    effects: 'read_only',
    determinism: 'best_effort',
    input: Basket,
    output: Line,
    run: async function* ({ job, url, items }, { clock, signal }) {
      for (const item of items) {
        await clock.sleep(8, signal);
        yield { job, url, item };
      }
    },
  });
  const publish = f.activity('publish', {
    ...keyedLine,
    input: Line,
    output: t.String(),
    run: (line, { capabilities, idempotencyKey }) =>
      act(capabilities.httpWrite, line, `publish/${line.item}`, idempotencyKey),
  });
  f.connect(order, feed);
  f.connect(feed, publish, { maxItems: 4 });
  return f.capture(order, publish);
});

/** Waits for an event between two effects; `expire` when it does not come in time. */
export const approval = defineFlow('crash_approval', options, (f) => {
  const Asked = t.Object({ job: t.String(), url: t.String(), waitMs: t.Integer() });
  const order = f.trigger('order', { output: Asked, http: post('approval') });
  const ask = f.activity('ask', {
    ...keyed,
    input: Asked,
    output: Order,
    run: async ({ job, url }, { capabilities, idempotencyKey }) => {
      await act(capabilities.httpWrite, { job, url }, 'ask', idempotencyKey);
      return { job, url };
    },
  });
  const approve = f.activity('approve', {
    ...effect,
    idempotency: { key: '/input/job', scope: 'node', ttlMs: TTL_MS },
    input: t.Resumed(t.Object({ by: t.String() }), Order),
    output: Receipt,
    run: async ({ event, input }, { capabilities, idempotencyKey }) => ({
      ...input,
      receipts: [event.by, await act(capabilities.httpWrite, input, 'approve', idempotencyKey)],
    }),
  });
  f.connect(order, ask);
  f.await(ask, approve, {
    checkpoint: 'approval',
    correlationKey: '/job',
    event: t.Object({ by: t.String() }),
  });
  return f.capture(order, approve);
});

/** Nobody decides: the time is over, and that is acted upon. */
export const expiry = defineFlow('crash_expiry', options, (f) => {
  const order = f.trigger('order', { output: Order, http: post('expiry') });
  const approve = f.inline('approve', {
    ...pure,
    input: t.Resumed(t.Object({ by: t.String() }), Order),
    output: Receipt,
    run: ({ input }) => ({ ...input, receipts: [] }),
  });
  const expire = f.activity('expire', {
    ...effect,
    idempotency: { key: '/input/job', scope: 'node', ttlMs: TTL_MS },
    input: t.Object({ input: Order }),
    output: Receipt,
    run: async ({ input }, { capabilities, idempotencyKey }) => ({
      ...input,
      receipts: [await act(capabilities.httpWrite, input, 'expire', idempotencyKey)],
    }),
  });
  const respond = f.inline('respond', { ...pure, input: Receipt, output: Receipt, run: (r) => r });
  f.await(order, approve, {
    checkpoint: 'decision',
    correlationKey: '/job',
    event: t.Object({ by: t.String() }),
    timeoutMs: 150,
    onTimeout: expire,
  });
  f.merge([approve, expire], respond);
  return f.capture(order, respond);
});

/** Two effects that are undone, last first, because the third step has no answer. */
export const saga = defineFlow('crash_saga', options, (f) => {
  const order = f.trigger('order', { output: Order, http: post('saga') });
  const step = <const A extends string>(alias: A) =>
    f.activity(alias, {
      ...keyed,
      input: Order,
      output: Order,
      run: async (o, { capabilities, idempotencyKey }) => {
        await act(capabilities.httpWrite, o, alias, idempotencyKey);
        return o;
      },
      compensate: {
        run: async ({ input }, { capabilities, idempotencyKey }) => {
          await undo(capabilities.httpWrite, input, `undo-${alias}`, `undo ${idempotencyKey}`);
        },
      },
    });
  const [reserve, charge] = [step('reserve'), step('charge')];
  const ship = f.inline('ship', { ...pure, input: Order, output: Order, run: () => undefined });
  f.connect(order, reserve);
  f.connect(reserve, charge);
  f.connect(charge, ship);
  return f.capture(order, ship);
});

/** Repeated messages, within a job and over jobs, of which each key counts once. */
export const once = defineFlow('crash_once', options, (f) => {
  const order = f.trigger('order', { output: Basket, http: post('once') });
  const split = f.inline('split', {
    ...pure,
    input: Basket,
    output: Line,
    run: async function* ({ url, items }) {
      // Equal keys stand for equal messages, whichever job they come with.
      for (const item of items) yield { job: 'once', url, item };
    },
  });
  const record = f.activity('record', {
    ...effect,
    summary: 'Writes the item down once; a repeat of its key is dropped before this node',
    uses: ['resource::http::write', 'resource::dedupe::write'],
    idempotency: { key: '/item', scope: 'node', ttlMs: TTL_MS },
    input: Line,
    output: t.String(),
    run: (line, { capabilities, idempotencyKey }) =>
      act(capabilities.httpWrite, line, line.item, idempotencyKey),
  });
  f.connect(order, split);
  f.connect(split, record, { delivery: 'exactly_once', partitionKey: '/item' });
  return f.capture(order, record);
});

/** An effect behind an at_most_once edge: only the queue tries again. */
export const atMost = defineFlow('crash_at_most', options, (f) => {
  const order = f.trigger('order', { output: Order, http: post('at_most') });
  const notify = f.activity('notify', {
    ...keyed,
    retry: { maxAttempts: 1 },
    input: Order,
    output: t.String(),
    run: (o, { capabilities, idempotencyKey }) =>
      act(capabilities.httpWrite, o, 'notify', idempotencyKey),
  });
  f.connect(order, notify, { delivery: 'at_most_once' });
  return f.capture(order, notify);
});

/** More messages than an edge holds: they wait in the blob store. */
export const spill = defineFlow('crash_spill', options, (f) => {
  const order = f.trigger('order', { output: Basket, http: post('spill') });
  const feed = f.inline('feed', {
    ...pure,
    input: Basket,
    output: Line,
    run: async function* ({ job, url, items }) {
      for (const item of items) yield { job, url, item };
    },
  });
  const publish = f.activity('publish', {
    ...keyedLine,
    uses: ['resource::http::write', 'resource::blob::read', 'resource::blob::write'],
    input: Line,
    output: t.String(),
    run: (line, { capabilities, idempotencyKey }) =>
      act(capabilities.httpWrite, line, `publish/${line.item}`, idempotencyKey),
  });
  f.connect(order, feed);
  f.connect(feed, publish, { maxItems: 2, spill: { tier: 'local' } });
  return f.capture(order, publish);
});

/** A caller over HTTP gets no more than the word that it has begun. */
export const accepted = defineFlow('crash_accepted', options, (f) => {
  const order = f.trigger('order', { output: Order, http: post('accepted'), respond: 'accepted' });
  const step = <const A extends string>(alias: A) =>
    f.activity(alias, {
      ...keyed,
      input: Order,
      output: Order,
      run: async (o, { capabilities, idempotencyKey }) => {
        await act(capabilities.httpWrite, o, alias, idempotencyKey);
        return o;
      },
    });
  const [note, file] = [step('note'), step('file')];
  f.connect(order, note);
  f.connect(note, file);
  return f.capture(order, file);
});

/** All of them. */
export const CRASH_FLOWS = [
  chain,
  fan,
  each,
  stream,
  approval,
  expiry,
  saga,
  once,
  atMost,
  spill,
  accepted,
] as const;
