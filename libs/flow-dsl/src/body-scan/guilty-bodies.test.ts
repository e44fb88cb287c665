// Bodies that contradict a node that is declared pure and strict, with what is found and where.
import { scanModule } from '../testing/scan-module.js';

type Case = readonly [name: string, code: string, findings: readonly string[]];

const clock: Case[] = [
  ['Date.now', 'const run = () => Date.now();', ['BODY101 1:19']],
  ['new Date()', 'const run = () => new Date().toISOString();', ['BODY101 1:19']],
  ['Date()', 'const run = () => Date();', ['BODY101 1:19']],
  ['performance.now', 'const run = () => performance.now();', ['BODY101 1:19']],
  ['hrtime', 'const run = () => process.hrtime.bigint();', ['BODY101 1:19']],
  ['Temporal', 'const run = () => Temporal.Now.instant().toString();', ['BODY101 1:19']],
  ['alias in the module', 'const now = Date.now;\nconst run = () => now();', ['BODY101 2:19']],
  [
    'alias in the body',
    'const run = () => { const now = Date.now; return now(); };',
    ['BODY101 1:33'],
  ],
  ['destructured', 'const { now } = Date;\nconst run = () => now();', ['BODY101 2:19']],
  [
    'destructured in the body',
    'const run = () => { const { now } = Date; return now(); };',
    ['BODY101 1:50'],
  ],
  ['globalThis', 'const run = () => globalThis.Date.now();', ['BODY101 1:19']],
  ['bracket access', "const run = () => Date['now']();", ['BODY101 1:19']],
  ['built key', "const run = () => Date['n' + 'ow']();", ['BODY101 1:19']],
  [
    'key held by a constant',
    "const key = 'now';\nconst run = () => Date[key]();",
    ['BODY101 2:19'],
  ],
  ['optional call', 'const run = () => Date?.now?.();', ['BODY101 1:19']],
  ['as a callback', 'const run = (list) => list.map(Date.now);', ['BODY101 1:32']],
  [
    'in a called function',
    'const run = () => stamp();\nfunction stamp() { return Date.now(); }',
    ['BODY101 2:27'],
  ],
  [
    'two calls down',
    'const a = () => Date.now();\nconst b = () => a();\nconst run = () => b();',
    ['BODY101 1:17'],
  ],
  [
    'in a callback of the module',
    'const mark = (x) => ({ ...x, at: Date.now() });\nconst run = (list) => list.map(mark);',
    ['BODY101 1:34'],
  ],
  [
    'in a method of a constant',
    'const tools = { stamp() { return Date.now(); } };\nconst run = () => tools.stamp();',
    ['BODY101 1:34'],
  ],
  [
    'in a class',
    'class Stamp { at() { return Date.now(); } }\nconst run = () => new Stamp().at();',
    ['BODY101 1:29'],
  ],
  [
    'in a field of a class',
    'class Stamp { at = Date.now(); }\nconst run = () => new Stamp().at;',
    ['BODY101 1:20'],
  ],
  ['in a default value', 'const run = (input, _ctx, at = Date.now()) => at;', ['BODY101 1:32']],
  ['bound', 'const now = Date.now.bind(Date);\nconst run = () => now();', ['BODY101 2:19']],
  ['called with call', 'const run = () => Date.now.call(Date);', ['BODY101 1:19']],
  ['through a comma', 'const run = () => (0, Date.now)();', ['BODY101 1:23']],
  [
    'through a made closure',
    'const make = () => () => Date.now();\nconst next = make();\nconst run = () => next();',
    ['BODY101 1:26'],
  ],
  [
    'perf_hooks',
    "import { performance as p } from 'node:perf_hooks';\nconst run = () => p.now();",
    ['BODY101 2:19'],
  ],
];

const random: Case[] = [
  ['Math.random', 'const run = () => Math.random();', ['BODY101 1:19']],
  ['destructured', 'const { random } = Math;\nconst run = () => random();', ['BODY101 2:19']],
  ['crypto global', 'const run = () => crypto.randomUUID();', ['BODY101 1:19']],
  [
    'getRandomValues',
    'const run = () => crypto.getRandomValues(new Uint8Array(4));',
    ['BODY101 1:19'],
  ],
  [
    'node crypto',
    "import { randomBytes } from 'node:crypto';\nconst run = () => randomBytes(8);",
    ['BODY101 2:19'],
  ],
  [
    'node crypto default',
    "import crypto from 'crypto';\nconst run = () => crypto.randomInt(8);",
    ['BODY101 2:19'],
  ],
  [
    'webcrypto',
    "import { webcrypto } from 'node:crypto';\nconst run = () => webcrypto.randomUUID();",
    ['BODY101 2:19'],
  ],
  ['uuid', "import { v4 as uuid } from 'uuid';\nconst run = () => uuid();", ['BODY101 2:19']],
  ['nanoid', "import { nanoid } from 'nanoid';\nconst run = () => nanoid();", ['BODY101 2:19']],
  [
    'nanoid by URL',
    "import { nanoid } from 'file:///x/node_modules/nanoid/index.js';\nconst run = () => nanoid();",
    ['BODY101 2:19'],
  ],
  [
    'shuffle by sort',
    'const run = (list) => list.toSorted(() => Math.random() - 0.5);',
    ['BODY101 1:43'],
  ],
  [
    'required',
    "const { randomUUID } = require('crypto');\nconst run = () => randomUUID();",
    ['BODY101 2:19'],
  ],
  ['garbage collection', 'const run = (x) => new WeakRef(x).deref();', ['BODY101 1:24']],
];

const order: Case[] = [
  [
    'race',
    'const run = (x) => Promise.race([a(x), b(x)]);\nconst a = async (x) => x, b = async (x) => x;',
    ['BODY101 1:20'],
  ],
  ['any', 'const run = (x) => Promise.any([x]);', ['BODY101 1:20']],
  [
    'setTimeout',
    'const run = (x) => new Promise((done) => setTimeout(done, x));',
    ['BODY101 1:42'],
  ],
  [
    'timers/promises',
    "import { setTimeout as sleep } from 'node:timers/promises';\nconst run = () => sleep(5);",
    ['BODY101 2:19'],
  ],
  ['setInterval', 'const run = () => setInterval(() => 1, 5);', ['BODY101 1:19']],
];

const environment: Case[] = [
  ['process.env', 'const run = () => process.env.REGION;', ['BODY101 1:19']],
  ['destructured', 'const { REGION } = process.env;\nconst run = () => REGION;', ['BODY101 2:19']],
  ['argv', 'const run = () => process.argv[2];', ['BODY101 1:19']],
  ['os', "import os from 'node:os';\nconst run = () => os.hostname();", ['BODY101 2:19']],
  [
    'env import',
    "import { env } from 'node:process';\nconst run = () => env.REGION;",
    ['BODY101 2:19'],
  ],
  ['order of the environment', 'const run = () => Object.keys(process.env);', ['BODY101 1:31']],
];

const effects: Case[] = [
  ['fetch', 'const run = (url) => fetch(url);', ['BODY102 1:22']],
  ['fetch by alias', 'const get = fetch;\nconst run = (url) => get(url);', ['BODY102 2:22']],
  [
    'https',
    "import https from 'node:https';\nconst run = (url) => https.get(url);",
    ['BODY102 2:22'],
  ],
  [
    'undici',
    "import { request } from 'undici';\nconst run = (url) => request(url);",
    ['BODY102 2:22'],
  ],
  ['axios', "import axios from 'axios';\nconst run = (url) => axios(url);", ['BODY102 2:22']],
  ['WebSocket', 'const run = (url) => new WebSocket(url);', ['BODY102 1:26']],
  [
    'fs',
    "import { readFileSync } from 'node:fs';\nconst run = (p) => readFileSync(p, 'utf8');",
    ['BODY102 2:20'],
  ],
  [
    'fs.promises',
    "import fs from 'fs';\nconst run = (p) => fs.promises.writeFile(p, '');",
    ['BODY102 2:20'],
  ],
  [
    'fs namespace',
    "import * as fs from 'node:fs/promises';\nconst run = (p) => fs.rm(p);",
    ['BODY102 2:20'],
  ],
  [
    'child process',
    "import { execSync } from 'node:child_process';\nconst run = (c) => execSync(c);",
    ['BODY102 2:20'],
  ],
  ['console', 'const run = (x) => { console.log(x); return x; };', ['BODY102 1:22']],
  ['stdout', "const run = (x) => { process.stdout.write('x'); return x; };", ['BODY102 1:22']],
  ['exit', 'const run = () => process.exit(1);', ['BODY102 1:19']],
  ['eval', 'const run = (x) => eval(x);', ['BODY102 1:20']],
  ['new Function', "const run = (x) => new Function('return ' + x)();", ['BODY102 1:24']],
  ['dynamic import', 'const run = async (x) => (await import(x)).default;', ['BODY102 1:33']],
  [
    'parallel fetches',
    'const run = (urls) => Promise.all(urls.map((u) => fetch(u)));',
    ['BODY102 1:51'],
  ],
  ['local storage', "const run = () => localStorage.getItem('x');", ['BODY102 1:19']],
];

const state: Case[] = [
  ['counter', 'let n = 0;\nconst run = () => { n += 1; return n; };', ['BODY103 2:21']],
  ['increment', 'let n = 0;\nconst run = () => ++n;', ['BODY103 2:21']],
  ['var', 'var n = 0;\nfunction run() { return n++; }', ['BODY103 2:25']],
  [
    'map as cache',
    'const seen = new Map();\nconst run = (x) => { seen.set(x, 1); return seen.size; };',
    ['BODY103 2:22'],
  ],
  ['set', 'const seen = new Set();\nconst run = (x) => seen.add(x).size;', ['BODY103 2:20']],
  ['list', 'const log = [];\nconst run = (x) => { log.push(x); return x; };', ['BODY103 2:22']],
  [
    'object',
    'const totals = {};\nconst run = (x) => { totals[x] = 1; return x; };',
    ['BODY103 2:22'],
  ],
  [
    'nested part',
    'const s = { a: { n: 0 } };\nconst run = () => { s.a.n++; return 1; };',
    ['BODY103 2:21'],
  ],
  [
    'list of a table',
    'const s = { list: [] };\nconst run = (x) => s.list.push(x);',
    ['BODY103 2:20'],
  ],
  ['delete', 'const s = { a: 1 };\nconst run = () => delete s.a;', ['BODY103 2:19']],
  [
    'Object.assign',
    'const s = {};\nconst run = (x) => { Object.assign(s, x); return x; };',
    ['BODY103 2:22'],
  ],
  [
    'in a called function',
    'let n = 0;\nconst bump = () => ++n;\nconst run = () => bump();',
    ['BODY103 2:22'],
  ],
  [
    'read of what others write',
    'let mode = 1;\nexport function set(m) { mode = m; }\nconst run = () => mode;',
    ['BODY103 3:19'],
  ],
  [
    'through an alias',
    'const s = { n: 0 };\nconst run = () => { const t = s; t.n = 1; return 1; };',
    ['BODY103 2:34'],
  ],
  [
    'counter in a closure',
    'const next = (() => { let n = 0; return () => ++n; })();\nconst run = () => next();',
    ['BODY103 1:49'],
  ],
  [
    'made counter',
    'function make() { let n = 0; return { next: () => ++n }; }\nconst ids = make();\nconst run = () => ids.next();',
    ['BODY103 1:53'],
  ],
  [
    'memo of a factory',
    'const memo = (f) => { const seen = new Map(); return (x) => { seen.set(x, f(x)); return seen.get(x); }; };\nconst twice = memo((x) => 2 * x);\nconst run = (x) => twice(x);',
    ['BODY103 1:63'],
  ],
  [
    'variable of the builder',
    'function build(f) { let n = 0; f.inline({ run: (x) => x + n++ }); }',
    ['BODY103 1:59'],
  ],
  ['sticky expression', 'const word = /a/g;\nconst run = (x) => word.test(x);', ['BODY103 2:20']],
  [
    'generator',
    'function* ids() { yield 1; }\nconst it = ids();\nconst run = () => it.next();',
    ['BODY103 3:19'],
  ],
  ['global object', 'const run = () => { globalThis.count = 1; return 1; };', ['BODY103 1:21']],
  ['undeclared name', 'const run = () => { total = 1; return 1; };', ['BODY103 1:21']],
  ['prototype', 'const run = () => { Array.prototype.last = 1; return 1; };', ['BODY103 1:21']],
  [
    'imported object',
    "import { config } from './config.js';\nconst run = () => { config.n = 1; return 1; };",
    ['BODY103 2:21'],
  ],
  ['static field', 'class Ids { static n = 0; }\nconst run = () => Ids.n++;', ['BODY103 2:19']],
  [
    'destructuring assignment',
    'let a = 1;\nconst run = (x) => { [a] = x; return a; };',
    ['BODY103 2:23'],
  ],
  ['loop head', 'let k;\nconst run = (x) => { for (k of x) {} return 1; };', ['BODY103 2:27']],
];

const context: Case[] = [
  ['clock', 'const run = (x, ctx) => ctx.clock.now();', ['BODY104 1:25']],
  ['random', 'const run = (x, { random }) => random.next();', ['BODY104 1:32']],
  ['kv', 'const run = (x, ctx) => ctx.capabilities.kv.get(x);', ['BODY104 1:25']],
  [
    'destructured kv',
    'const run = (x, { capabilities: { kv } }) => kv.put(x, x);',
    ['BODY104 1:46'],
  ],
  [
    'in a called function',
    'const load = (c, x) => c.blob.get(x);\nconst run = (x, ctx) => load(ctx.capabilities, x);',
    ['BODY104 1:24'],
  ],
  ['http', 'const run = (x, ctx) => ctx.capabilities.httpWrite.send(x);', ['BODY104 1:25']],
  ['secret', "const run = (x, ctx) => ctx.secret('pay');", ['BODY105 1:25']],
  ['secret by destructuring', "const run = (x, { secret }) => secret('pay');", ['BODY105 1:32']],
];

describe.each([
  ['clock', clock],
  ['random', random],
  ['order and timers', order],
  ['environment', environment],
  ['effects', effects],
  ['state', state],
  ['context', context],
])('%s', (_, cases) => {
  it.each(cases)('%s', (_name, code, findings) => {
    expect(scanModule(code)).toEqual(findings);
  });
});

describe('ranks', () => {
  const read = { effects: 'read_only', determinism: 'best_effort' } as const;
  const all = { effects: 'effectful', determinism: 'nondeterministic' } as const;
  it.each([
    [
      'a POST in a read_only node',
      "const run = (u) => fetch(u, { method: 'POST' });",
      { ...read, effectHints: ['resource::http::read'] },
      ['BODY102 1:20'],
    ],
    [
      'a method held by a constant',
      "const o = { method: 'PUT' };\nconst run = (u) => fetch(u, o);",
      read,
      ['BODY102 2:20'],
    ],
    [
      'axios.post in a read_only node',
      "import axios from 'axios';\nconst run = (u) => axios.post(u);",
      read,
      ['BODY102 2:20'],
    ],
    [
      'a file write in a read_only node',
      "import fs from 'node:fs';\nconst run = (p) => fs.writeFileSync(p, '');",
      read,
      ['BODY102 2:20'],
    ],
    ['a request without its hint', 'const run = (u) => fetch(u);', all, ['BODY104 1:20']],
    [
      'a file without its hint',
      "import fs from 'node:fs';\nconst run = (p) => fs.readFileSync(p);",
      all,
      ['BODY104 2:20'],
    ],
    [
      'the clock of a stable node',
      'const run = () => Date.now();',
      { effects: 'effectful', determinism: 'stable' } as const,
      ['BODY101 1:19'],
    ],
    [
      'a write with a read hint',
      'const run = (x, ctx) => ctx.capabilities.kv.put(x, x);',
      { ...all, effectHints: ['resource::kv::read'], determinismHints: ['resource::kv'] },
      ['BODY104 1:25'],
    ],
  ] as const)('%s', (_, code, declared, findings) => {
    expect(scanModule(code, declared)).toEqual(findings);
  });
});
