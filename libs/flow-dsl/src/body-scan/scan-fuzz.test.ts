// Whatever the program, the scan ends with facts and does not throw.
import fc from 'fast-check';
import { ModuleSource } from './module-source.js';
import { scanFunction } from './scan-function.js';

/** Positions of all facts of all functions; undefined where the text is no program. */
function scanAll(code: string): string[] | undefined {
  const source = ModuleSource.parse(code);
  return source?.scopes.functions.flatMap((root) =>
    scanFunction(root, source.scopes).map(({ kind, node }) => `${kind} ${node.start}`),
  );
}

const name = fc.constantFrom(
  ...'a b c x Date Math fetch process ctx state globalThis Promise require arguments Function'.split(
    ' ',
  ),
);
const key = fc.constantFrom(
  ...'now random env call apply bind next set push a b __proto__ constructor prototype'.split(' '),
);

type Grammar = Record<'expression' | 'pattern' | 'statement', string>;

const { statement } = fc.letrec<Grammar>((tie) => {
  const expression = tie('expression');
  const pattern = tie('pattern');
  const body = tie('statement');
  const of = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts);
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      name,
      fc.constantFrom('1', '"now"', '/a/g', 'null', '`t`', 'this', '[]', '({})'),
      of(expression, key).map(([a, k]) => `(${a}).${k}`),
      of(expression, key).map(([a, k]) => `(${a})?.${k}`),
      of(expression, expression).map(([a, b]) => `(${a})[${b}]`),
      of(expression, expression).map(([a, b]) => `(${a})(${b})`),
      of(expression, expression).map(([a, b]) => `new (${a})(...[${b}])`),
      of(expression, expression).map(([a, b]) => `((${a}), (${b}))`),
      of(expression, expression).map(([a, b]) => `((${a}) ?? (${b}))`),
      of(pattern, expression).map(([p, b]) => `((${p}) => (${b}))`),
      of(name, pattern, body).map(([n, p, b]) => `(function ${n}(${p}) { ${b} })`),
      of(name, expression).map(([n, b]) => `(${n} = ${b})`),
      of(expression, key, expression).map(([a, k, b]) => `((${a}).${k} = ${b})`),
      of(key, expression, body).map(
        ([k, a, b]) => `({ ${k}: ${a}, [${a}]: 1, m() { ${b} }, ...${a} })`,
      ),
      of(name, body, expression).map(
        ([n, b, e]) =>
          `(class ${n} { static s = ${e}; f = ${e}; #p; m() { ${b} } constructor() { ${b} } })`,
      ),
      of(expression).map(([a]) => `import(${a})`),
      of(expression).map(([a]) => `delete (${a}).a`),
      of(name).map(([n]) => `${n}++`),
      of(expression, expression).map(([a, b]) => `(${a})\`x\${${b}}\``),
    ),
    pattern: fc.oneof(
      { depthSize: 'small' },
      name,
      of(name, expression).map(([n, e]) => `{ ${n}: q = ${e} }`),
      of(key, pattern).map(([k, p]) => `{ ${k}: ${p} }`),
      of(pattern).map(([p]) => `[${p}]`),
      of(name).map(([n]) => `...${n}`),
    ),
    statement: fc.oneof(
      { depthSize: 'small' },
      expression.map((e) => `(${e});`),
      of(pattern, expression).map(([p, e]) => `{ const ${p} = ${e}; (${e}); }`),
      of(name, expression).map(([n, e]) => `{ let ${n} = ${e}; ${n}; }`),
      of(name, expression).map(([n, e]) => `var ${n} = ${e};`),
      of(name, pattern, body).map(([n, p, b]) => `{ function ${n}(${p}) { ${b} } ${n}(${n}); }`),
      of(expression, body).map(([e, b]) => `if (${e}) { ${b} }`),
      of(name, expression, body).map(([n, e, b]) => `for (const ${n} of ${e}) { ${b} }`),
      of(name, expression, body).map(([n, e, b]) => `for (${n} in ${e}) { ${b} }`),
      of(name, body).map(([n, b]) => `try { ${b} } catch (${n}) { ${b} }`),
      of(expression, body).map(([e, b]) => `switch (${e}) { case ${e}: ${b} default: }`),
      of(body, body).map(([a, b]) => `${a}\n${b}`),
    ),
  };
});

const SEED_PROGRAM = `
import fs, { readFileSync as read } from 'node:fs';
let n = 0; const seen = new Map(); const { now, ...rest } = Date;
class Box extends Array { #x = 1; static y = n; get z() { return this.#x; } add(v) { this.push(v); } }
const make = (k = now()) => ({ async *run(v, { clock, capabilities: { kv } }) { yield await kv.get(v + k); } });
export default function run(input, ctx) {
  label: for (const [a, { b = ++n }] of input) { if (a) continue label; seen.set(a, b); }
  return [read(input), new Box().add(ctx.random.next()), make().run, \`\${fs.promises}\`, import('x')];
}
`;

it('scans every generated program', () => {
  let programs = 0;
  fc.assert(
    fc.property(statement, (text) => {
      const code = `const run = (input, ctx) => { ${text} };\n${text}`;
      const facts = scanAll(code);
      if (facts !== undefined) programs += 1;
      expect(scanAll(code)).toEqual(facts);
    }),
    { numRuns: 600 },
  );
  // Most of what the grammar makes is a program; else this test would prove nothing.
  expect(programs).toBeGreaterThan(200);
});

it('scans every mutation of a program', () => {
  expect(scanAll(SEED_PROGRAM)).toHaveLength(8);
  const cut = fc.nat(SEED_PROGRAM.length);
  const insert = fc.constantFrom(
    '',
    '(',
    ')',
    '{',
    '}',
    '=>',
    ' async ',
    ' yield ',
    '...',
    '?.',
    '"',
    'n',
    '#',
    '\0',
  );
  fc.assert(
    fc.property(cut, fc.nat(12), insert, (start, length, text) => {
      const code = SEED_PROGRAM.slice(0, start) + text + SEED_PROGRAM.slice(start + length);
      expect(() => scanAll(code)).not.toThrow();
    }),
    { numRuns: 1500 },
  );
});

it('takes any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(() => scanAll(text)).not.toThrow();
    }),
  );
});
