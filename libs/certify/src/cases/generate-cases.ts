// Makes the cases of a certification from a seed: first one of each kind of fault, then mixtures.
import { seededRng, type SeededRng } from '@basalt/capabilities';
import type { FlowIR } from '@basalt/ir';
import type { Reference } from '../run/reference.js';
import type { CasePoint, CertifyCase, Injection } from './certify-case.js';

export interface CasePlan {
  readonly seed: number;
  readonly count: number;
  /** At least one. */
  readonly references: readonly Reference[];
  readonly flow: FlowIR;
  /** Whether connections can be broken. */
  readonly cuts: boolean;
}

const MOST_INPUTS = 3;
const MOST_INJECTIONS = 4;
const MOST_DELAY_MS = 60;
/** Freezing takes as long as a lease: one in so many crashes. */
const FREEZE_EVERY = 4;

type Maker = (rng: SeededRng, references: readonly Reference[]) => readonly Injection[];

/** The same for the same plan; the case with a number is the same whatever the count. */
export function generateCases(plan: CasePlan): readonly CertifyCase[] {
  const first = systematic(plan);
  return Array.from({ length: plan.count }, (_, n) => {
    const rng = seededRng(`${plan.seed} case ${n + 1}`);
    const maker = first[n];
    return maker === undefined ? mixture(plan, rng) : single(plan, rng, n, maker);
  });
}

function caseOf(references: readonly Reference[], injections: readonly Injection[]): CertifyCase {
  return { inputs: references.map(({ input }) => input), injections };
}

function single({ references }: CasePlan, rng: SeededRng, n: number, make: Maker): CertifyCase {
  const chosen =
    make === reordered ? references.slice(0, MOST_INPUTS) : [references[n % references.length]!];
  return caseOf(chosen, make(rng, chosen));
}

function mixture(plan: CasePlan, rng: SeededRng): CertifyCase {
  const chosen = shuffled(plan.references, rng).slice(0, 1 + rng.int(MOST_INPUTS));
  const makers = makersOf(plan);
  const count = 1 + rng.int(MOST_INJECTIONS);
  const injections: Injection[] = [];
  for (let n = 0; n < count; n += 1) {
    const maker = makers[rng.int(makers.length)]!;
    injections.push(...maker(rng, shuffled(chosen, rng)));
  }
  return caseOf(chosen, distinct(injections));
}

/** One fault a case, those that find most first. */
function systematic(plan: CasePlan): readonly Maker[] {
  const crash = (at: CasePoint['at'], phase: CasePoint['phase']): Maker => {
    return (rng, [reference]) => pointed(rng, reference!, at, phase, crashAt);
  };
  return [
    (_rng, [r]) => [{ kind: 'same_event', input: r!.input.id, when: 'after' }],
    crash('effect', 'after'),
    (_rng, [r]) => [{ kind: 'same_event', input: r!.input.id, when: 'at_once' }],
    crash('commit', 'after'),
    (_rng, [r]) => [{ kind: 'same_job', input: r!.input.id, when: 'at_once' }],
    crash('effect', 'before'),
    reordered,
    crash('commit', 'before'),
    ...makersOf(plan).slice(4),
  ];
}

/** What mixtures are made of. */
function makersOf({ flow, cuts }: CasePlan): readonly Maker[] {
  const retrying = new Set(flow.nodes.flatMap(({ alias, retry }) => (retry ? [alias] : [])));
  const waits = flow.control_surfaces.some(({ kind }) => kind === 'await');
  const lostAnswer: Maker = (rng, [r]) =>
    pointed(rng, r!, 'effect', 'after', (point) => ({ kind: 'lost_answer', point }), retrying);
  const broken: Maker = (rng, [r]) =>
    pointed(rng, r!, 'commit', 'before', (point) =>
      rng.int(3) === 0
        ? { kind: 'partition', point }
        : { kind: 'cut', point, loses: rng.int(2) === 0 ? 'request' : 'answer' },
    );
  return [
    (rng, [r]) => [{ kind: 'same_event', input: r!.input.id, when: whenOf(rng) }],
    (rng, [r]) => [{ kind: 'same_job', input: r!.input.id, when: whenOf(rng) }],
    anyCrash,
    reordered,
    anyDelay,
    ...(retrying.size > 0 ? [lostAnswer] : []),
    ...(cuts ? [broken] : []),
    ...(waits ? [eventTwice] : []),
    frozen,
  ];
}

const crashAt = (point: CasePoint): Injection => ({ kind: 'crash', point });
const whenOf = (rng: SeededRng) => (rng.int(2) === 0 ? 'at_once' : 'after');

const anyCrash: Maker = (rng, [reference]) => {
  const at = rng.int(2) === 0 ? 'effect' : 'commit';
  return pointed(rng, reference!, at, rng.int(2) === 0 ? 'before' : 'after', crashAt);
};

const frozen: Maker = (rng, [reference]) =>
  pointed(rng, reference!, 'effect', rng.int(2) === 0 ? 'before' : 'after', (point) =>
    rng.int(FREEZE_EVERY) === 0 ? crashAt(point) : { kind: 'freeze', point },
  );

const anyDelay: Maker = (rng, [reference]) => {
  const at = rng.int(2) === 0 ? 'effect' : 'commit';
  return pointed(rng, reference!, at, 'before', (point) => ({
    kind: 'delay',
    point,
    ms: 1 + rng.int(MOST_DELAY_MS),
  }));
};

/** Another order than the one in which they are. */
const reordered: Maker = (rng, references) => {
  if (references.length < 2) return [];
  const ids = references.map(({ input }) => input.id);
  const order = shuffled(ids, rng);
  const isSame = order.every((id, index) => id === ids[index]);
  return [{ kind: 'reorder', order: isSame ? [...ids].reverse() : order }];
};

const eventTwice: Maker = (_rng, [r]) => [{ kind: 'event_twice', input: r!.input.id }];

/** An injection at one of the points that an input passes; one at a commit where it has no effect. */
function pointed(
  rng: SeededRng,
  reference: Reference,
  at: CasePoint['at'],
  phase: CasePoint['phase'],
  make: (point: CasePoint) => Injection,
  nodes?: ReadonlySet<string>,
): readonly Injection[] {
  const { points } = reference.record;
  const fits = (point: CasePoint) => nodes === undefined || nodes.has(point.node);
  const wanted = points.filter((point) => point.at === at && fits(point));
  const chosen = wanted.length > 0 || nodes !== undefined ? wanted : points;
  if (chosen.length === 0) return [];
  return [make({ ...chosen[rng.int(chosen.length)]!, phase })];
}

function shuffled<T>(items: readonly T[], rng: SeededRng): readonly T[] {
  const left = [...items];
  const given: T[] = [];
  while (left.length > 0) given.push(...left.splice(rng.int(left.length), 1));
  return given;
}

/** Without what is there twice. The second of two orders counts for nothing. */
function distinct(injections: readonly Injection[]): readonly Injection[] {
  const seen = new Set<string>();
  return injections.filter((injection) => {
    const name = injection.kind === 'reorder' ? 'reorder' : JSON.stringify(injection);
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew;
  });
}
