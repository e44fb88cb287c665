import type { Value, WindowConfig } from '@basalt/ir';
import { WindowAssigner } from './window-assigner.js';
import type { WindowResult } from './window-result.js';

const tumbling: WindowConfig = {
  v: 1,
  event_time_pointer: '/at',
  size_ms: 10,
  allowed_lateness_ms: 0,
  watermark: 'max_event_time',
  type: 'tumbling',
};

/** Feeds items whose event times are `times`; what was closed, flushed and late. */
function feed(config: WindowConfig, items: readonly Value[]) {
  const assigner = new WindowAssigner(config);
  const closed: WindowResult[] = [];
  const late: Value[] = [];
  for (const item of items) {
    const step = assigner.add(item);
    closed.push(...step.closed);
    late.push(...step.late);
  }
  return { closed, late, flushed: assigner.flush() };
}

const at = (...times: (number | string)[]) => times.map((time) => ({ at: time }));
const spans = (results: readonly WindowResult[]) =>
  results.map((r) => [r.start_ms, r.end_ms, r.items.map((i) => (i as { at: number }).at)]);

describe('tumbling windows', () => {
  it('close when the watermark reaches their end', () => {
    const { closed, late, flushed } = feed(tumbling, at(1, 9, 5, 10, 9, 35));
    expect(closed).toEqual([
      { key: null, start_ms: 0, end_ms: 10, items: at(1, 9, 5) },
      { key: null, start_ms: 10, end_ms: 20, items: at(10) },
    ]);
    expect(late).toEqual(at(9));
    expect(flushed).toEqual([{ key: null, start_ms: 30, end_ms: 40, items: at(35) }]);
  });

  it('wait for the allowed lateness', () => {
    const config = { ...tumbling, allowed_lateness_ms: 5 };
    const { closed, late, flushed } = feed(config, at(1, 14, 9, 15, 8));
    expect(spans(closed)).toEqual([[0, 10, [1, 9]]]);
    expect(late).toEqual(at(8));
    expect(spans(flushed)).toEqual([[10, 20, [14, 15]]]);
  });

  it('are aligned to the epoch, before it too', () => {
    const { closed, flushed } = feed(tumbling, at(-11, -1, -0, 3));
    expect(spans(closed)).toEqual([
      [-20, -10, [-11]],
      [-10, 0, [-1]],
    ]);
    expect(flushed).toEqual([{ key: null, start_ms: 0, end_ms: 10, items: at(-0, 3) }]);
  });

  it('read RFC 3339 times', () => {
    const { flushed } = feed({ ...tumbling, size_ms: 60_000 }, at('2024-01-01T00:00:30+00:00'));
    expect(flushed).toEqual([
      {
        key: null,
        start_ms: Date.UTC(2024, 0, 1),
        end_ms: Date.UTC(2024, 0, 1, 0, 1),
        items: at('2024-01-01T00:00:30+00:00'),
      },
    ]);
  });

  it('keep keys apart and close them in the order in which they came', () => {
    const items = [
      { at: 1, k: 'b' },
      { at: 2, k: { x: [1] } },
      { at: 3, k: 'b' },
      { at: 4, k: { x: [1n] } },
      { at: 5, k: null },
    ];
    const { flushed } = feed({ ...tumbling, key_pointer: '/k' }, items);
    expect(flushed.map((r) => [r.key, r.items])).toEqual([
      ['b', [items[0], items[2]]],
      [{ x: [1] }, [items[1], items[3]]],
      [null, [items[4]]],
    ]);
  });
});

describe('sliding windows', () => {
  const sliding: WindowConfig = { ...tumbling, type: 'sliding', slide_ms: 4 };

  it('hold an item in every window that spans it', () => {
    const { flushed } = feed(sliding, at(9));
    expect(spans(flushed)).toEqual([
      [0, 10, [9]],
      [4, 14, [9]],
      [8, 18, [9]],
    ]);
  });

  it('take an item in what is still open of its windows', () => {
    const { closed, late, flushed } = feed(sliding, at(9, 12, 9, 1));
    expect(spans(closed)).toEqual([[0, 10, [9]]]);
    expect(late).toEqual(at(1));
    expect(spans(flushed)).toEqual([
      [4, 14, [9, 12, 9]],
      [8, 18, [9, 12, 9]],
      [12, 22, [12]],
    ]);
  });
});

describe('session windows', () => {
  const session: WindowConfig = { ...tumbling, type: 'session', gap_ms: 5, size_ms: 100 };

  it('end with a silence of gap_ms', () => {
    const { closed, flushed } = feed(session, at(1, 5, 9, 14, 30));
    expect(spans(closed)).toEqual([
      [1, 14, [1, 5, 9]],
      [14, 19, [14]],
    ]);
    expect(spans(flushed)).toEqual([[30, 35, [30]]]);
  });

  it('merge when an item closes the gap between two, in order of arrival', () => {
    const config = { ...session, allowed_lateness_ms: 50 };
    const { closed, flushed } = feed(config, at(8, 1, 4, 20));
    expect(closed).toEqual([]);
    expect(spans(flushed)).toEqual([
      [1, 13, [8, 1, 4]],
      [20, 25, [20]],
    ]);
  });

  it('are cut at their longest length', () => {
    const { flushed } = feed(
      { ...session, size_ms: 10, allowed_lateness_ms: 50 },
      at(0, 4, 8, 12, 16),
    );
    expect(spans(flushed)).toEqual([
      [0, 10, [0, 4, 8]],
      [12, 21, [12, 16]],
    ]);
  });

  it('never reopen: what falls into the tail of a closed session is late', () => {
    const config = { ...session, key_pointer: '/k' };
    const items = [
      { at: 1, k: 'a' },
      { at: 6, k: 'b' },
      { at: 5, k: 'a' },
    ];
    const { closed, late, flushed } = feed(config, items);
    expect(closed).toEqual([{ key: 'a', start_ms: 1, end_ms: 6, items: [items[0]] }]);
    expect(late).toEqual([items[2]]);
    expect(flushed).toEqual([{ key: 'b', start_ms: 6, end_ms: 11, items: [items[1]] }]);
  });

  it('take a long stretch that is cut many times in linear time', () => {
    const items = at(...Array.from({ length: 50_000 }, (_, i) => i));
    const { flushed } = feed({ ...session, size_ms: 2, allowed_lateness_ms: 1e6 }, items);
    expect(flushed.length).toBe(25_000);
    expect(flushed.flatMap((r) => r.items)).toEqual(items);
  });
});

describe('bad input', () => {
  const codeOf = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      const { code, message } = (error as { diagnostic: { code: string; message: string } })
        .diagnostic;
      return `${code}: ${message}`;
    }
    return 'nothing thrown';
  };

  it.each<[Value, string]>([
    [{}, 'nothing'],
    [null, 'nothing'],
    [{ at: null }, 'null'],
    [{ at: NaN }, 'NaN'],
    [{ at: 10n ** 60n }, `1${'0'.repeat(39)}`],
    [{ at: 'x'.repeat(1000) }, `"${'x'.repeat(40)}"`],
    [{ at: [1] }, 'a list'],
    [{ at: { ms: 1 } }, 'a map'],
    [{ at: new Uint8Array(2) }, 'bytes'],
  ])('an item without an event time is refused and the rest goes on: %p', (item, found) => {
    const assigner = new WindowAssigner(tumbling);
    assigner.add({ at: 3 });
    expect(codeOf(() => assigner.add(item))).toBe(
      `RUN301: The message has no event time at "/at": found ${found}.`,
    );
    expect(assigner.watermarkMs).toBe(3);
    expect(spans(assigner.flush())).toEqual([[0, 10, [3]]]);
  });

  it('an item without its key is refused', () => {
    const assigner = new WindowAssigner({ ...tumbling, key_pointer: '/k' });
    expect(codeOf(() => assigner.add({ at: 1 }))).toBe(
      'RUN302: The message has no window key at "/k".',
    );
    expect(assigner.flush()).toEqual([]);
  });

  it('what comes after flush is late', () => {
    const assigner = new WindowAssigner(tumbling);
    assigner.flush();
    expect(assigner.add({ at: 1 })).toEqual({ closed: [], late: [{ at: 1 }] });
    expect(assigner.flush()).toEqual([]);
  });

  it.each<[Partial<WindowConfig> & Record<string, unknown>, string]>([
    [{ type: 'sliding' }, 'a sliding window needs slide_ms'],
    [
      { type: 'sliding', slide_ms: 11 },
      'slide_ms is greater than size_ms, so items between two windows would be lost',
    ],
    [
      { type: 'sliding', slide_ms: 1, size_ms: 10_001 },
      'an item would be in more than 10000 windows',
    ],
    [{ type: 'session' }, 'a session window needs gap_ms'],
    [{ watermark: 'soon' }, 'the watermark "soon" is unknown; use max_event_time'],
    [{ type: 'hopping' as 'sliding' }, 'the type "hopping" is unknown'],
  ])('the configuration %j is refused', (change, problem) => {
    expect(codeOf(() => new WindowAssigner({ ...tumbling, ...change }, 'w1'))).toBe(
      `CTRL141: Window w1 is not valid: ${problem}.`,
    );
  });
});
