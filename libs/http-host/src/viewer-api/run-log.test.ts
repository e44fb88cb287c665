import type { NodeOutcome, RunOutcome } from '@basalt/executor';
import fc from 'fast-check';
import { RunDetail } from './run-detail.js';
import type { RunEvents } from './run-events.js';
import { RunLog } from './run-log.js';

const LIMITS = { valueBytes: 100, invocations: 2, events: 3 };

const ms = fc.integer({ min: 0, max: 5_000_000 }).map((us) => us / 1000);
const alias = fc.constantFrom('a', 'b', 'c');
const seq = fc.integer({ min: 1, max: 4 });
const value = fc.constantFrom(null, 'text', { n: 1 }, [1, 2]);
const outcome = fc.constantFrom<NodeOutcome>('ok', 'failed', 'timeout', 'cancelled');
const text = fc.option(fc.constantFrom('x', 'y'), { nil: undefined });
const status = fc.constantFrom<RunOutcome>('completed', 'failed', 'cancelled');

type Step = (into: RunEvents) => void;

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>((into) => into.changed()),
  fc.tuple(ms, alias, seq, fc.nat(3), value).map(
    (all): Step =>
      (into) =>
        into.nodeStarted(...all),
  ),
  fc.tuple(ms, alias, seq, outcome, fc.option(value, { nil: undefined })).map(
    (all): Step =>
      (into) =>
        into.nodeEnded(...all),
  ),
  fc.tuple(alias, seq, value).map(
    (all): Step =>
      (into) =>
        into.emitted(...all),
  ),
  fc.tuple(alias, fc.constantFrom('retries', 'cached', 'dropped')).map(
    ([name, what]): Step =>
      (into) =>
        into.counted(name, what as 'retries'),
  ),
  fc.tuple(alias, fc.constant('handler_error')).map(
    (all): Step =>
      (into) =>
        into.failed(...all),
  ),
  fc.tuple(fc.constantFrom('a->b', 'b->c'), fc.nat(9)).map(
    (all): Step =>
      (into) =>
        into.depth(...all),
  ),
  fc.constant<Step>((into) => into.spilled('a->b')),
  fc.tuple(ms, fc.constant('kind'), text, text).map(
    (all): Step =>
      (into) =>
        into.event(...all),
  ),
  fc.tuple(ms, status, text).map(
    (all): Step =>
      (into) =>
        into.ended(...all),
  ),
);

function detail() {
  const grown = { bytes: 0 };
  return { grown, made: new RunDetail(LIMITS, (bytes) => (grown.bytes += bytes)) };
}

const whole = ({ nodes, edges, timeline, version }: RunDetail) => ({
  nodes: nodes.values().map((node) => ({ ...node, invocations: node.invocations.items() })),
  edges: edges.values(),
  events: timeline.items(),
  omitted: timeline.omitted,
  version,
});

describe('RunLog', () => {
  it('tells what happened as it happened, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        (steps, room) => {
          const log = new RunLog(room);
          const at = detail();
          for (const one of steps) {
            one(log);
            one(at.made);
          }
          log.trim();
          const later = detail();
          log.replay(later.made);
          expect(log.events).toBe(steps.length);
          expect(whole(later.made)).toEqual(whole(at.made));
          expect(later.grown).toEqual(at.grown);
        },
      ),
      { numRuns: 300 },
    );
  });
});
