import fc from 'fast-check';
import {
  ALWAYS,
  and,
  counterexample,
  NEVER,
  or,
  type Choice,
  type Condition,
} from './condition.js';

const CHOICES: readonly Choice[] = [
  { id: 1, ways: ['l', 'r'] },
  { id: 2, ways: ['x', 'y', 'z'] },
  { id: 3, ways: undefined },
];
const WAYS = [
  ['l', 'r'],
  ['x', 'y', 'z'],
  ['some', 'none'],
] as const;
const take = (n: number, way: string) => ({ choice: CHOICES[n]!, way, text: way });

type Formula =
  | { readonly kind: 'always' }
  | { readonly kind: 'and'; readonly of: Formula; readonly n: number; readonly way: string }
  | { readonly kind: 'or'; readonly of: readonly Formula[] };

const literal = fc.constantFrom(
  [0, 'l'],
  [0, 'r'],
  [1, 'x'],
  [1, 'y'],
  [1, 'z'],
  [2, 'some'],
) as fc.Arbitrary<[number, string]>;
const formula = fc.letrec<{ f: Formula }>((tie) => ({
  f: fc.oneof(
    { maxDepth: 4 },
    fc.constant<Formula>({ kind: 'always' }),
    fc.tuple(tie('f'), literal).map(([of, [n, way]]): Formula => ({ kind: 'and', of, n, way })),
    fc.array(tie('f'), { maxLength: 3 }).map((of): Formula => ({ kind: 'or', of })),
  ),
})).f;

function build(f: Formula): Condition {
  if (f.kind === 'always') return ALWAYS;
  return f.kind === 'and' ? and(build(f.of), take(f.n, f.way)) : or(f.of.map(build));
}

function holds(f: Formula, world: readonly string[]): boolean {
  if (f.kind === 'always') return true;
  if (f.kind === 'and') return holds(f.of, world) && world[f.n] === f.way;
  return f.of.some((part) => holds(part, world));
}

const WORLDS = WAYS[0].flatMap((a) => WAYS[1].flatMap((b) => WAYS[2].map((c) => [a, b, c])));

describe('conditions', () => {
  it('imply each other exactly where every world says so', () => {
    fc.assert(
      fc.property(formula, formula, (a, b) => {
        const implied = WORLDS.every((world) => !holds(a, world) || holds(b, world));
        expect(counterexample(build(a), build(b)) === undefined).toBe(implied);
      }),
      { numRuns: 500 },
    );
  });

  it('are simplified', () => {
    const [l, r] = [and(ALWAYS, take(0, 'l')), and(ALWAYS, take(0, 'r'))];
    expect(or([l, r])).toEqual(ALWAYS);
    expect(or([l, and(l, take(1, 'x'))])).toEqual(l);
    expect(and(l, take(0, 'r'))).toEqual(NEVER);
    expect(or([])).toBe(NEVER);
    expect(or([l, l])).toBe(l);
  });

  it('become unknown where they grow too large, and then nothing is reported', () => {
    const many = Array.from({ length: 20 }, (_, id) => ({ id: 10 + id, ways: undefined }));
    const literals = many.map((choice) => ({ choice, way: 'w', text: '' }));
    const sum = or(literals.map((taken) => and(ALWAYS, taken)));
    const product = literals.reduce<Condition>(and, ALWAYS);
    expect([sum, product]).toEqual(['unknown', 'unknown']);
    expect(counterexample(ALWAYS, sum)).toBeUndefined();
    expect(or([sum, ALWAYS])).toBe('unknown');
  });
});
