// Random flows for tests of durable executions: segments in a row, each of which takes one message and
// gives one, whatever happens inside of it.
import fc from 'fast-check';

export type Segment =
  | { readonly kind: 'pure'; readonly delayMs: number }
  /** Changes something; fails before it succeeds. */
  | { readonly kind: 'effect'; readonly delayMs: number; readonly fails: number }
  /** Two branches and a join. */
  | { readonly kind: 'fan'; readonly left: readonly Segment[]; readonly right: readonly Segment[] }
  | {
      readonly kind: 'each';
      readonly items: number;
      readonly concurrency: number;
      readonly body: readonly Segment[];
    }
  | { readonly kind: 'loop'; readonly passes: number; readonly body: readonly Segment[] }
  /** An effect that fails for good, and the handler of its error. */
  | { readonly kind: 'caught'; readonly fails: number }
  | { readonly kind: 'wait' }
  /** Waits for an event that never comes. */
  | { readonly kind: 'late' }
  | { readonly kind: 'subflow'; readonly body: readonly Segment[] }
  /** Many messages, gathered by a window; only in the outermost row, since windows know no scopes. */
  | { readonly kind: 'stream'; readonly items: number; readonly emits: boolean }
  /** The same with two ways into the window, so that the order is up to chance. */
  | { readonly kind: 'race'; readonly items: number; readonly delayMs: number }
  | { readonly kind: 'batch'; readonly items: number; readonly size: number };

const delayMs = fc.nat({ max: 3 });
const items = fc.integer({ min: 1, max: 4 });

const { body } = fc.letrec<{ body: Segment[]; inner: Segment }>((tie) => ({
  body: fc.array(tie('inner') as fc.Arbitrary<Segment>, { minLength: 1, maxLength: 2 }),
  inner: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'segment' },
    fc.record({ kind: fc.constant('effect' as const), delayMs, fails: fc.nat({ max: 2 }) }),
    fc.record({ kind: fc.constant('pure' as const), delayMs }),
    fc.record({ kind: fc.constant('caught' as const), fails: fc.integer({ min: 1, max: 2 }) }),
    fc.record({ kind: fc.constant('wait' as const) }),
    fc.record({ kind: fc.constant('late' as const) }),
    fc.record({ kind: fc.constant('fan' as const), left: rows(tie), right: rows(tie) }),
    fc.record({
      kind: fc.constant('each' as const),
      items,
      concurrency: fc.integer({ min: 1, max: 3 }),
      body: rows(tie),
    }),
    fc.record({
      kind: fc.constant('loop' as const),
      passes: fc.integer({ min: 1, max: 3 }),
      body: rows(tie),
    }),
    fc.record({ kind: fc.constant('subflow' as const), body: rows(tie) }),
  ),
}));

function rows(tie: (name: 'body') => fc.Arbitrary<unknown>): fc.Arbitrary<Segment[]> {
  return tie('body') as fc.Arbitrary<Segment[]>;
}

const gathered: fc.Arbitrary<Segment> = fc.oneof(
  fc.record({ kind: fc.constant('stream' as const), items, emits: fc.boolean() }),
  fc.record({ kind: fc.constant('race' as const), items, delayMs }),
  fc.record({
    kind: fc.constant('batch' as const),
    items,
    size: fc.integer({ min: 1, max: 3 }),
  }),
);

/** A row for a whole flow. */
export const segments: fc.Arbitrary<readonly Segment[]> = fc
  .tuple(body, fc.option(gathered, { nil: undefined }), body)
  .map(([first, middle, last]) => [...first, ...(middle === undefined ? [] : [middle]), ...last]);
