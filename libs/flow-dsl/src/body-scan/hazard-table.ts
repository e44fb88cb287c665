// What a body may use that its result or the world could depend on: globals and modules by name, the
// ranks that each demands, and what to use instead.
import type { Determinism, Effects } from '@basalt/ir';

export type HazardKind =
  | 'clock'
  | 'random'
  | 'environment'
  | 'race'
  | 'timer'
  | 'network'
  | 'network write'
  | 'file read'
  | 'file write'
  | 'process'
  | 'console'
  | 'code';

/** The lowest ranks that a kind of hazard allows, and its replacement. */
export interface HazardRule {
  readonly effects: Effects;
  readonly determinism: Determinism;
  /** A hint that must be declared although the ranks allow the use. */
  readonly hint?: string;
  readonly help: string;
}

export const HAZARD_RULES: Readonly<Record<HazardKind, HazardRule>> = {
  clock: {
    effects: 'pure',
    determinism: 'best_effort',
    help: "Use ctx.clock.now() and declare uses: ['resource::clock'], or take the time from the input.",
  },
  random: {
    effects: 'pure',
    determinism: 'best_effort',
    help: "Use ctx.random and declare uses: ['resource::rng'], or take the number from the input.",
  },
  environment: {
    effects: 'read_only',
    determinism: 'stable',
    help: 'Make it a parameter of the node or of the flow, or a secret, and read ctx.params or ctx.secret().',
  },
  race: {
    effects: 'pure',
    determinism: 'best_effort',
    help: 'Use Promise.all, which keeps the order of its results, or declare the node best_effort.',
  },
  timer: {
    effects: 'pure',
    determinism: 'best_effort',
    help: 'Wait with ctx.clock.sleep(ms, ctx.signal), or set a timeout on the node or the edge.',
  },
  network: {
    effects: 'read_only',
    determinism: 'best_effort',
    hint: 'resource::http::read',
    help: "Use ctx.capabilities.httpRead and declare uses: ['resource::http::read'].",
  },
  'network write': {
    effects: 'effectful',
    determinism: 'best_effort',
    hint: 'resource::http::write',
    help: "Use ctx.capabilities.httpWrite and declare uses: ['resource::http::write'] and an idempotency key.",
  },
  'file read': {
    effects: 'read_only',
    determinism: 'best_effort',
    hint: 'resource::fs::read',
    help: "Use ctx.capabilities.fs and declare uses: ['resource::fs::read'].",
  },
  'file write': {
    effects: 'effectful',
    determinism: 'best_effort',
    hint: 'resource::fs::write',
    help: "Use ctx.capabilities.fs and declare uses: ['resource::fs::write'] and an idempotency key.",
  },
  process: {
    effects: 'effectful',
    determinism: 'best_effort',
    help: 'Move it behind a capability, or declare the node effectful and best_effort.',
  },
  console: {
    effects: 'read_only',
    determinism: 'strict',
    help: 'Use ctx.log, which carries the run and the node.',
  },
  code: {
    effects: 'effectful',
    determinism: 'best_effort',
    help: 'Import the code at the top of the module, where it can be scanned.',
  },
};

const list = (kind: HazardKind, names: string): [string, HazardKind][] =>
  names.split(' ').map((name) => [name, kind]);

/** Dotted path -> kind. A path matches with everything below it. */
const PATHS: ReadonlyMap<string, HazardKind> = new Map([
  ...list('clock', 'Date.now performance.now performance.timeOrigin performance.mark'),
  ...list('clock', 'performance.measure process.hrtime process.uptime Temporal.Now'),
  ...list('random', 'Math.random crypto.randomUUID crypto.getRandomValues'),
  ...list('random', 'crypto.subtle.generateKey WeakRef FinalizationRegistry'),
  ...list('random', 'module:crypto.randomBytes module:crypto.randomInt module:crypto.randomUUID'),
  ...list('random', 'module:crypto.randomFill module:crypto.randomFillSync'),
  ...list('random', 'module:crypto.generateKey module:crypto.generateKeySync'),
  ...list('random', 'module:crypto.generateKeyPair module:crypto.generateKeyPairSync'),
  ...list('random', 'module:crypto.getRandomValues module:crypto.pseudoRandomBytes'),
  ...list('random', 'module:uuid.v1 module:uuid.v4 module:uuid.v6 module:uuid.v7'),
  ...list('random', 'module:nanoid module:ulid module:@paralleldrive/cuid2'),
  ...list('environment', 'process.env process.argv process.pid process.ppid process.platform'),
  ...list('environment', 'process.arch process.cwd process.version process.versions'),
  ...list('environment', 'process.memoryUsage process.cpuUsage process.resourceUsage'),
  ...list('environment', 'process.execPath process.execArgv process.stdin process.title'),
  ...list('environment', 'navigator module:os module:dotenv'),
  ...list('race', 'Promise.race Promise.any'),
  ...list('timer', 'setTimeout setInterval setImmediate AbortSignal.timeout'),
  ...list('timer', 'module:timers/promises scheduler.wait'),
  ...list('network', 'fetch WebSocket EventSource XMLHttpRequest'),
  ...list('network', 'module:http module:https module:http2 module:net module:tls module:dgram'),
  ...list('network', 'module:dns module:dns/promises module:undici module:axios module:got'),
  ...list('network', 'module:node-fetch module:ky module:superagent module:ws module:ioredis'),
  ...list('network', 'module:redis module:pg module:mysql2 module:mongodb module:cross-fetch'),
  ...list('network write', 'navigator.sendBeacon module:nodemailer'),
  ...list('network write', 'module:axios.post module:axios.put module:axios.patch'),
  ...list('network write', 'module:axios.delete module:got.post module:got.put module:got.patch'),
  ...list('network write', 'module:got.delete module:ky.post module:ky.put module:ky.patch'),
  ...list('network write', 'module:ky.delete'),
  ...list('process', 'module:child_process module:cluster module:worker_threads Worker'),
  ...list('process', 'process.exit process.kill process.abort process.chdir process.on'),
  ...list('process', 'process.once process.emit process.emitWarning process.setuid process.umask'),
  ...list('process', 'localStorage sessionStorage indexedDB module:lmdb module:better-sqlite3'),
  ...list('console', 'console process.stdout process.stderr'),
  ...list('code', 'eval Function module:vm'),
]);

/** Parts of the listed modules that do nothing. */
const INNOCENT = new Set([
  'module:http.STATUS_CODES',
  'module:http.METHODS',
  'module:http2.constants',
  'module:net.isIP',
  'module:net.isIPv4',
  'module:net.isIPv6',
  'module:axios.isAxiosError',
  'module:axios.AxiosError',
  'module:undici.errors',
  'module:undici.Headers',
  'module:undici.FormData',
  'module:os.constants',
  'module:uuid.validate',
  'module:worker_threads.isMainThread',
]);

/** Modules that stand for a global. */
const GLOBAL_OF_MODULE: ReadonlyMap<string, readonly string[]> = new Map([
  ['module:process', ['process']],
  ['module:console', ['console']],
  ['module:timers', []],
  ['module:perf_hooks', []],
]);

const FILE_READS =
  /^(read|readv|stat|lstat|fstat|statfs|access|exists|opendir|realpath|watch|glob|create(Read)Stream)/;
const FILE_INNOCENT = new Set(['constants', 'Stats', 'Dirent']);
const NETWORK_READ_CALLS = new Set(['get', 'head', 'options', 'lookup', 'resolve']);

/** A use of something hazardous. */
export interface HazardMatch {
  readonly kind: HazardKind;
  /** The dotted name, as a person knows it. */
  readonly name: string;
  /** How many segments of the path make the name. */
  readonly length: number;
}

/** The hazard at a path; undefined for everything else. */
export function hazardAt(given: readonly string[]): HazardMatch | undefined {
  const path = canonicalPath(given);
  if (path.length === 0) return undefined;
  const file = fileHazard(path);
  if (file !== undefined) return file;
  for (let length = Math.min(path.length, 3); length > 0; length--) {
    const dotted = path.slice(0, length).join('.');
    if (INNOCENT.has(dotted)) return undefined;
    const kind = PATHS.get(dotted);
    if (kind !== undefined) return { kind, name: displayName(path), length };
  }
  return undefined;
}

function fileHazard(path: readonly string[]): HazardMatch | undefined {
  const [root, first, second] = path;
  if (root !== 'module:fs' && root !== 'module:fs/promises' && root !== 'module:fs-extra') {
    return undefined;
  }
  const name = first === 'promises' ? second : first;
  if (name === undefined || FILE_INNOCENT.has(name)) return undefined;
  const kind = FILE_READS.test(name) ? 'file read' : 'file write';
  return { kind, name: displayName(path), length: path.length };
}

/** True where a network call of this name only reads. */
export function readsByName(name: string): boolean {
  return NETWORK_READ_CALLS.has(name.split('.').at(-1)!);
}

function canonicalPath(path: readonly string[]): readonly string[] {
  const [root, ...rest] = path;
  if (root === undefined || !root.startsWith('module:')) return path;
  const module = `module:${packageOf(root.slice('module:'.length))}`;
  const members = rest[0] === 'default' ? rest.slice(1) : rest;
  const global = GLOBAL_OF_MODULE.get(module);
  if (global !== undefined) return [...global, ...members];
  if (module === 'module:crypto' && members[0] === 'webcrypto')
    return ['crypto', ...members.slice(1)];
  return [module, ...members];
}

/** "fs" for "node:fs"; the package name for the URL or path of an installed package. */
function packageOf(specifier: string): string {
  const installed = /\/node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*\/node_modules\/)/.exec(specifier);
  return installed?.[1] ?? specifier.replace(/^node:/, '');
}

function displayName(path: readonly string[]): string {
  return path
    .slice(0, 3)
    .join('.')
    .replace(/^module:/, '');
}
