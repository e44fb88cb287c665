// Conditions under which a node gets a message, as sums of products over choices: each choice is
// taken one way in an execution, such as the branch of an if. Sizes are bounded, so every operation
// takes constant time; what does not fit is "unknown", and nobody reports on it.

/** Something that goes one of several ways. */
export interface Choice {
  readonly id: number;
  /** All ways, where one of them is always taken; undefined where it may be none of those named. */
  readonly ways: readonly string[] | undefined;
}

/** One choice taken one way; `text` says so in words. */
export interface Taken {
  readonly choice: Choice;
  readonly way: string;
  readonly text: string;
}

/** All of these, sorted by the id of their choice, each choice once. */
export type Term = readonly Taken[];

/** Any of these terms; none: never. */
export type Condition = readonly Term[] | 'unknown';

export const ALWAYS: Condition = [[]];
export const NEVER: Condition = [];

const MAX_LITERALS = 16;
const MAX_TERMS = 16;
/** Terms of one sum before it is simplified. */
const MAX_RAW_TERMS = 256;
/** Cases of one implication. */
const MAX_CASES = 2_000;

/** `condition` and one more choice. */
export function and(condition: Condition, taken: Taken): Condition {
  if (condition === 'unknown') return 'unknown';
  const terms: Term[] = [];
  for (const term of condition) {
    const same = term.find(({ choice }) => choice === taken.choice);
    if (same !== undefined) {
      if (same.way === taken.way) terms.push(term);
      continue;
    }
    if (term.length === MAX_LITERALS) return 'unknown';
    terms.push([...term, taken].sort((a, b) => a.choice.id - b.choice.id));
  }
  return terms;
}

/** Any of the conditions, simplified: ways that together cover a choice cancel it. */
export function or(conditions: Iterable<Condition>): Condition {
  const distinct = new Set(conditions);
  distinct.delete(NEVER);
  if (distinct.size <= 1) return [...distinct][0] ?? NEVER;
  const terms = new Map<string, Term>();
  for (const condition of distinct) {
    if (condition === 'unknown') return 'unknown';
    for (const term of condition) terms.set(keyOf(term), term);
    if (terms.size > MAX_RAW_TERMS) return 'unknown';
  }
  while (cancelOne(terms));
  const kept = absorb([...terms.values()]);
  return kept.length > MAX_TERMS ? 'unknown' : kept;
}

/** A term of `a` under which `b` may be false; undefined where `a` implies `b`, or nobody knows. */
export function counterexample(a: Condition, b: Condition): Term | undefined {
  if (a === b || a === 'unknown' || b === 'unknown') return undefined;
  const fuel = { cases: MAX_CASES };
  return a.find((term) => !covers(term.reduce(restrict, b), fuel));
}

function keyOf(term: Term): string {
  return term.map(({ choice, way }) => `${choice.id}:${way.length}:${way}`).join(',');
}

/** Replaces terms that differ only in one choice, and take it every way, by one without it. */
function cancelOne(terms: Map<string, Term>): boolean {
  const groups = new Map<string, { rest: Term; choice: Choice; keys: Map<string, string> }>();
  for (const [key, term] of terms) {
    for (const taken of term) {
      if (taken.choice.ways === undefined) continue;
      const rest = term.filter((other) => other !== taken);
      const groupKey = `${taken.choice.id}|${keyOf(rest)}`;
      const group = groups.get(groupKey) ?? { rest, choice: taken.choice, keys: new Map() };
      groups.set(groupKey, group.keys.set(taken.way, key) && group);
    }
  }
  for (const { rest, choice, keys } of groups.values()) {
    if (!choice.ways!.every((way) => keys.has(way))) continue;
    for (const key of keys.values()) terms.delete(key);
    terms.set(keyOf(rest), rest);
    return true;
  }
  return false;
}

/** Drops terms that a shorter one includes. */
function absorb(terms: readonly Term[]): readonly Term[] {
  const kept: Term[] = [];
  for (const term of [...terms].sort((a, b) => a.length - b.length)) {
    if (!kept.some((shorter) => shorter.every((taken) => term.some((t) => same(t, taken))))) {
      kept.push(term);
    }
  }
  return kept;
}

function same(a: Taken, b: Taken): boolean {
  return a.choice === b.choice && a.way === b.way;
}

/** What is left of `terms` once a choice is taken. */
function restrict(terms: readonly Term[], taken: Pick<Taken, 'choice' | 'way'>): readonly Term[] {
  const left: Term[] = [];
  for (const term of terms) {
    const own = term.find(({ choice }) => choice === taken.choice);
    if (own === undefined) left.push(term);
    else if (own.way === taken.way) left.push(term.filter((other) => other !== own));
  }
  return left;
}

/** True where some term holds whichever way every choice goes; true as well when out of fuel. */
function covers(terms: readonly Term[], fuel: { cases: number }): boolean {
  fuel.cases -= 1;
  if (fuel.cases < 0 || terms.some((term) => term.length === 0)) return true;
  const choice = terms[0]?.[0]?.choice;
  if (choice === undefined) return false;
  const { ways } = choice;
  // None of the named ways may be taken, so only terms that do not ask for one count.
  if (ways === undefined) {
    return covers(
      terms.filter((term) => term.every((taken) => taken.choice !== choice)),
      fuel,
    );
  }
  return ways.every((way) => covers(restrict(terms, { choice, way }), fuel));
}
