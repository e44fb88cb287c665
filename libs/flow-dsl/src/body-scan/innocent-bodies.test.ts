// Bodies of a pure and strict node in which nothing must be found.
import { scanModule, type Declaration } from '../testing/scan-module.js';

const PURE: readonly (readonly [name: string, code: string])[] = [
  ['arithmetic', 'const run = ({ a, b }) => ({ sum: a + b, product: a * b });'],
  ['text', "const run = (s) => s.trim().toLowerCase().split(',');"],
  ['a date from the input', 'const run = ({ at }) => new Date(at).toISOString();'],
  ['Date.parse', 'const run = ({ at }) => Date.parse(at);'],
  ['Date.UTC', 'const run = ({ y }) => Date.UTC(y, 0, 1);'],
  ['instanceof Date', 'const run = (x) => x instanceof Date;'],
  ['Math without chance', 'const run = (x) => Math.round(Math.max(x, Math.PI));'],
  ['a parameter named fetch', 'const run = ({ fetch }) => fetch(1);'],
  ['a function named fetch', 'function fetch(x) { return x; }\nconst run = (x) => fetch(x);'],
  [
    'a local named Date',
    'const run = (x) => { const Date = { now: () => 1 }; return Date.now(); };',
  ],
  ['a parameter named process', 'const run = (process) => process.env.x;'],
  ['a parameter named console', 'const run = (console) => console.log;'],
  [
    'a catch named crypto',
    'const run = (x) => { try { return x(); } catch (crypto) { return crypto.randomUUID; } };',
  ],
  [
    'a loop variable named os',
    'const run = (x) => { for (const os of x) if (os.hostname) return 1; return 0; };',
  ],
  ['a label named eval', 'const run = (x) => { fetch: for (;;) break fetch; return x; };'],
  ['a property named fetch', 'const run = (x) => ({ fetch: x.fetch, Date: x.Date }).fetch;'],
  ['a method named fetch', 'const api = { fetch: (x) => x };\nconst run = (x) => api.fetch(x);'],
  ['a hoisted var', 'function run(x) { fetch = x; return fetch; var fetch; }'],
  ['typeof', "const run = (x) => (typeof fetch === 'function' ? x : x);"],
  [
    'a frozen table',
    'const rates = Object.freeze({ eu: 0.2 });\nconst run = ({ region }) => rates[region];',
  ],
  ['a table', 'const rates = { eu: 0.2, us: 0.1 };\nconst run = ({ region }) => rates[region];'],
  ['a set as a table', "const words = new Set(['a', 'b']);\nconst run = (x) => words.has(x);"],
  ['a map as a table', "const words = new Map([['a', 1]]);\nconst run = (x) => words.get(x);"],
  ['a list as a table', 'const steps = [1, 2, 3];\nconst run = (x) => steps.map((s) => s * x);'],
  [
    'a table filled while loading',
    'const table = {};\nfor (let i = 0; i < 3; i++) table[i] = i * i;\nconst run = (x) => table[x];',
  ],
  ['a let set while loading', 'let rate;\nrate = 3;\nconst run = (x) => x * rate;'],
  [
    'a let set by an initialiser',
    'let rate;\nfunction init() { rate = 3; }\ninit();\nconst run = (x) => x * rate;',
  ],
  ['a constant of the module', 'const RATE = 0.2;\nconst run = (x) => x * RATE;'],
  [
    'local list',
    'const run = (x) => { const out = []; for (const i of x) out.push(i); return out; };',
  ],
  ['local map', 'const run = (x) => { const m = new Map(); m.set(x, 1); return m.size; };'],
  ['local counter', 'const run = (x) => { let n = 0; for (const _ of x) n++; return n; };'],
  [
    'local counter in a closure',
    'const run = (x) => { let n = 0; x.forEach(() => { n += 1; }); return n; };',
  ],
  ['local object', 'const run = (x) => { const o = {}; o.a = x; delete o.b; return o; };'],
  ['a copy of a table', 'const base = [3, 1];\nconst run = (x) => [...base, x].sort();'],
  ['a sorted copy', 'const base = [3, 1];\nconst run = () => base.toSorted();'],
  [
    'a clone',
    'const base = { n: 1 };\nconst run = () => { const c = { ...base }; c.n = 2; return c; };',
  ],
  [
    'a deep clone',
    'const base = { n: { m: 1 } };\nconst run = () => { const c = structuredClone(base); c.n.m = 2; return c; };',
  ],
  [
    'locals of a helper',
    'const sum = (x) => { let s = 0; for (const i of x) s += i; return s; };\nconst run = (x) => sum(x);',
  ],
  [
    'a recursive helper',
    'const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));\nconst run = (n) => fib(n);',
  ],
  [
    'helpers that call each other',
    'const even = (n) => n === 0 || odd(n - 1);\nconst odd = (n) => n !== 0 && even(n - 1);\nconst run = (n) => even(n);',
  ],
  [
    'a class of its own',
    'class Sum { n = 0; add(x) { this.n += x; return this; } }\nconst run = (x) => new Sum().add(x).n;',
  ],
  [
    'a local class',
    'const run = (x) => { class P { constructor(v) { this.v = v; } } return new P(x).v; };',
  ],
  [
    'a closure that only reads',
    'const scale = (k) => (x) => k * x;\nconst twice = scale(2);\nconst run = (x) => twice(x);',
  ],
  [
    'a factory called in the body',
    'const counter = () => { let n = 0; return () => ++n; };\nconst run = () => { const next = counter(); return next() + next(); };',
  ],
  [
    'hashing',
    "import { createHash } from 'node:crypto';\nconst run = (x) => createHash('sha256').update(x).digest('hex');",
  ],
  ['path', "import { join } from 'node:path';\nconst run = ({ a, b }) => join(a, b);"],
  ['URL', 'const run = (x) => new URL(x).searchParams.get("q");'],
  [
    'a new URLSearchParams',
    'const run = (x) => { const p = new URLSearchParams(); p.set("q", x); return p.toString(); };',
  ],
  ['text encoder', 'const encoder = new TextEncoder();\nconst run = (x) => encoder.encode(x);'],
  ['an expression without state', 'const word = /a+/;\nconst run = (x) => word.test(x);'],
  [
    'replace with a global expression',
    "const word = /a+/g;\nconst run = (x) => x.replace(word, '');",
  ],
  ['a local global expression', 'const run = (x) => { const w = /a/g; return w.test(x); };'],
  ['Promise.all', 'const run = async (x) => Promise.all(x.map(async (i) => i * 2));'],
  ['a microtask', 'const run = async (x) => { await Promise.resolve(); return x; };'],
  ['an async generator', 'async function* run(x) { for (const i of x) yield i; }'],
  [
    'a generator of the body',
    'function* ids() { yield 1; }\nconst run = () => { const it = ids(); return it.next().value; };',
  ],
  ['JSON', 'const run = (x) => JSON.parse(JSON.stringify(x));'],
  [
    'status codes',
    "import { STATUS_CODES } from 'node:http';\nconst run = (x) => STATUS_CODES[x];",
  ],
  ['isIP', "import { isIP } from 'node:net';\nconst run = (x) => isIP(x) > 0;"],
  ['uuid.validate', "import { validate } from 'uuid';\nconst run = (x) => validate(x);"],
  ['a hazard in another function', 'export const other = () => Date.now();\nconst run = (x) => x;'],
  [
    'a hazard while loading',
    'const started = Date.now();\nexport const at = started;\nconst run = (x) => x;',
  ],
  [
    'a hazard in another handler',
    'f.inline("a", { run: () => Math.random() });\nconst run = (x) => x;',
  ],
  [
    'a counter of another handler',
    'let n = 0;\nexport const other = () => ++n;\nconst run = (x) => x;',
  ],
  ['the log of the context', 'const run = (x, ctx) => { ctx.log.info("got", { x }); return x; };'],
  [
    'attempt, signal, params',
    'const run = (x, { attempt, signal, params, runId }) => [attempt, signal.aborted, params.k, runId];',
  ],
  ['emit', 'const run = async (x, ctx) => { for (const i of x) await ctx.emit(i); };'],
  ['sleep', 'const run = async (x, ctx) => { await ctx.clock.sleep(5, ctx.signal); return x; };'],
  ['a field named now', 'const run = ({ now, random }) => now + random;'],
  ['a default value', 'const run = ({ a = 1, b = a } = {}) => a + b;'],
  ['a spread of arguments', 'function run(...all) { return all.length; }'],
  ['arguments', 'function run() { return arguments.length; }'],
  ['a computed key', 'const run = (x) => ({ [`k${x}`]: x });'],
  ['new.target and import.meta', 'const run = function () { return new.target === undefined; };'],
  [
    'a shadow in a block',
    'const run = (x) => { { const Math = { random: () => 1 }; return Math.random(); } };',
  ],
  [
    'a shadow in a switch',
    'const run = (x) => { switch (x) { case 1: { let eval_ = 1; return eval_; } default: return 0; } };',
  ],
  [
    'a named function expression',
    'const run = function fetch(n) { return n < 1 ? 0 : fetch(n - 1); };',
  ],
  ['an error', "const run = (x) => { if (!x) throw new TypeError('empty'); return x; };"],
  [
    'a builder that declares',
    'function build(f) { let last; last = f.trigger(); f.inline({ run: (x) => x }); f.connect(last); }',
  ],
];

const DECLARED: readonly (readonly [name: string, code: string, declared: Declaration])[] = [
  [
    'the clock of a best_effort node',
    'const run = () => Date.now();',
    { determinism: 'best_effort' },
  ],
  [
    'chance in a nondeterministic node',
    'const run = () => Math.random();',
    { determinism: 'nondeterministic' },
  ],
  [
    'the environment of a stable node',
    'const run = () => process.env.R;',
    { effects: 'read_only', determinism: 'stable' },
  ],
  [
    'a cache of an effectful node',
    'const c = new Map();\nconst run = (x) => c.set(x, 1).size;',
    { effects: 'effectful', determinism: 'best_effort' },
  ],
  [
    'console in a read_only node',
    'const run = (x) => { console.log(x); };',
    { effects: 'read_only', determinism: 'best_effort' },
  ],
  [
    'fetch with its hint',
    'const run = (u) => fetch(u);',
    { effects: 'read_only', determinism: 'best_effort', effectHints: ['resource::http::read'] },
  ],
  [
    'a POST with its hint',
    "const run = (u) => fetch(u, { method: 'POST' });",
    { effects: 'effectful', determinism: 'best_effort', effectHints: ['resource::http::write'] },
  ],
  [
    'a GET with the write hint',
    'const run = (u) => fetch(u);',
    { effects: 'effectful', determinism: 'best_effort', effectHints: ['resource::http::write'] },
  ],
  [
    'kv with its hint',
    'const run = (x, ctx) => ctx.capabilities.kv.get(x);',
    { effects: 'read_only', determinism: 'best_effort', effectHints: ['resource::kv::read'] },
  ],
  [
    'a read with the write hint',
    'const run = (x, ctx) => ctx.capabilities.kv.get(x);',
    { effects: 'effectful', determinism: 'best_effort', effectHints: ['resource::kv::write'] },
  ],
  [
    'the clock of the context',
    'const run = (x, { clock }) => clock.now();',
    { determinism: 'best_effort', determinismHints: ['resource::clock'] },
  ],
  ['a declared secret', "const run = (x, ctx) => ctx.secret('pay');", { secrets: ['pay'] }],
];

it.each(PURE)('%s', (_, code) => {
  expect(scanModule(code)).toEqual([]);
});

it.each(DECLARED)('%s', (_, code, declared) => {
  expect(scanModule(code, declared)).toEqual([]);
});

it('says of a call into another file that it was not followed, once', () => {
  const code = "import { fetch } from './ours.js';\nconst run = (x) => fetch(x) + fetch(x);";
  expect(scanModule(code)).toEqual(['BODY106 2:20']);
});
