// Every shape of window against its definition, told in the plainest way: all items are kept in one
// list, and windows are worked out afresh from it after each item.
import type { WindowConfig } from '@basalt/ir';
import fc from 'fast-check';
import { WindowAssigner } from './window-assigner.js';
import type { WindowResult } from './window-result.js';

type Item = { readonly at: number; readonly k: number; readonly n: number };

interface Span {
  readonly k: number;
  readonly start: number;
  readonly end: number;
  readonly items: readonly Item[];
}

type Outcome = { readonly closed: readonly WindowResult[]; readonly late: readonly Item[] };

const byArrival = (a: Item, b: Item) => a.n - b.n;

/** The windows that `items`, all of one key, form by definition. */
function definition(config: WindowConfig, items: readonly Item[]): Span[] {
  const k = items[0]?.k ?? 0;
  if (config.type !== 'session') {
    const slide = config.type === 'sliding' ? config.slide_ms! : config.size_ms;
    const spans: Span[] = [];
    const first = Math.min(...items.map((i) => i.at)) - config.size_ms;
    const last = Math.max(...items.map((i) => i.at));
    for (let start = Math.ceil(first / slide) * slide; start <= last; start += slide) {
      const end = start + config.size_ms;
      const held = items.filter((i) => start <= i.at && i.at < end);
      if (held.length > 0) spans.push({ k, start: start + 0, end, items: held });
    }
    return spans;
  }
  const sorted = [...items].sort((a, b) => a.at - b.at || a.n - b.n);
  const sessions: Item[][] = [];
  for (const item of sorted) {
    const open = sessions.at(-1);
    const joins =
      open !== undefined &&
      item.at - open.at(-1)!.at < config.gap_ms! &&
      item.at < open[0]!.at + config.size_ms;
    if (joins) open.push(item);
    else sessions.push([item]);
  }
  return sessions.map((s) => ({
    k,
    start: s[0]!.at,
    end: Math.min(s.at(-1)!.at + config.gap_ms!, s[0]!.at + config.size_ms),
    items: [...s].sort(byArrival),
  }));
}

function byEndStartArrival(a: Span, b: Span): number {
  return a.end - b.end || a.start - b.start || a.items[0]!.n - b.items[0]!.n;
}

/** What the definition says happens, item by item; the last outcome is that of flush. */
function oracle(config: WindowConfig, items: readonly Item[]): Outcome[] {
  const outcomes: Outcome[] = [];
  let watermark = -Infinity;
  const kept: Item[] = [];
  /** Ends of closed windows, as `key/start`, and for sessions the last closed end of a key. */
  const done = new Set<string>();
  const doneItems = new Set<Item>();
  const closedEnd = new Map<number, number>();
  const isSession = config.type === 'session';

  const openSpans = (of: readonly Item[], k: number) =>
    definition(
      config,
      of.filter((i) => i.k === k && !doneItems.has(i)),
    ).filter((s) => !done.has(`${k}/${s.start}`));

  const close = () => {
    const ready = [...new Set(kept.map((i) => i.k))]
      .flatMap((k) => openSpans(kept, k))
      .filter((s) => s.end <= watermark)
      .sort(byEndStartArrival);
    for (const span of ready) {
      if (isSession) {
        span.items.forEach((i) => doneItems.add(i));
        closedEnd.set(span.k, Math.max(span.end, closedEnd.get(span.k) ?? -Infinity));
      } else {
        done.add(`${span.k}/${span.start}`);
      }
    }
    return ready.map((s) => ({ key: s.k, start_ms: s.start, end_ms: s.end, items: s.items }));
  };

  for (const item of items) {
    const spans = openSpans([...kept, item], item.k).filter((s) => s.items.includes(item));
    const open = spans.some((s) => s.end > watermark);
    const late = !open || (isSession && item.at < (closedEnd.get(item.k) ?? -Infinity));
    if (!late) kept.push(item);
    // Fixed windows that are past without ever having held an item are closed all the same.
    if (!isSession) {
      for (const s of spans) if (s.end <= watermark) done.add(`${s.k}/${s.start}`);
    }
    watermark = Math.max(watermark, item.at - config.allowed_lateness_ms);
    outcomes.push({ closed: close(), late: late ? [item] : [] });
  }
  watermark = Infinity;
  outcomes.push({ closed: close(), late: [] });
  return outcomes;
}

const config: fc.Arbitrary<WindowConfig> = fc
  .record({
    type: fc.constantFrom('tumbling' as const, 'sliding' as const, 'session' as const),
    size_ms: fc.integer({ min: 1, max: 30 }),
    slide: fc.integer({ min: 1, max: 30 }),
    gap_ms: fc.integer({ min: 1, max: 30 }),
    allowed_lateness_ms: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ slide, ...rest }) => ({
    ...rest,
    v: 1,
    event_time_pointer: '/at',
    key_pointer: '/k',
    watermark: 'max_event_time',
    slide_ms: Math.min(slide, rest.size_ms),
  }));

/** Items whose times drift upward with disorder, of three keys. */
const stream: fc.Arbitrary<Item[]> = fc
  .array(fc.record({ step: fc.integer({ min: -25, max: 30 }), k: fc.nat({ max: 2 }) }), {
    maxLength: 60,
  })
  .map((steps) => {
    let time = -40;
    return steps.map(({ step, k }, n) => {
      time += step;
      return { at: time, k, n };
    });
  });

function run(assigner: WindowAssigner, items: readonly Item[]): Outcome[] {
  const outcomes: Outcome[] = items.map((item) => {
    const before = assigner.watermarkMs;
    const { closed, late } = assigner.add(item);
    expect(assigner.watermarkMs).toBeGreaterThanOrEqual(before);
    return { closed, late: late as readonly Item[] };
  });
  return [...outcomes, { closed: assigner.flush(), late: [] }];
}

describe('WindowAssigner', () => {
  it('does what the definition says, item by item', () => {
    fc.assert(
      fc.property(config, stream, (c, items) => {
        expect(run(new WindowAssigner(c), items)).toEqual(oracle(c, items));
      }),
      { numRuns: 1500 },
    );
  });

  it('loses nothing: each item is late, or in windows that hold its time', () => {
    fc.assert(
      fc.property(config, stream, (c, items) => {
        const outcomes = run(new WindowAssigner(c), items);
        const late = new Set(outcomes.flatMap((o) => o.late));
        const windows = outcomes.flatMap((o) => o.closed);
        for (const item of items) {
          const holders = windows.filter((w) => (w.items as readonly Item[]).includes(item));
          if (late.has(item)) expect(holders).toEqual([]);
          else if (c.type === 'sliding') expect(holders.length).toBeGreaterThanOrEqual(1);
          else expect(holders.length).toBe(1);
          for (const w of holders) {
            expect(w.key).toBe(item.k);
            expect(w.start_ms <= item.at && item.at < w.end_ms).toBe(true);
          }
        }
        for (const w of windows) expect(w.end_ms - w.start_ms).toBeLessThanOrEqual(c.size_ms);
      }),
    );
  });

  it('gives the same sessions for every order of arrival while nothing is late', () => {
    const shuffled = stream.chain((items) =>
      fc.tuple(
        fc.constant(items),
        fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length }),
      ),
    );
    fc.assert(
      fc.property(config, shuffled, (c, [items, order]) => {
        const patient = { ...c, allowed_lateness_ms: 1_000_000 };
        const sets = (list: readonly Item[]) =>
          run(new WindowAssigner(patient), list)
            .flatMap((o) => o.closed)
            .map((w) => [w.key, w.start_ms, w.end_ms, [...(w.items as Item[])].sort(byArrival)])
            .sort();
        expect(JSON.stringify(sets(order))).toBe(JSON.stringify(sets(items)));
      }),
    );
  });
});
