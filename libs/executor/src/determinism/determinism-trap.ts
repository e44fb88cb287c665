// In a deterministic execution a node may take time and randomness from its context only. While one
// is under way the functions of the platform that would break that are wrapped: called from handler
// code of a deterministic execution they throw, called from anywhere else they do what they always do.
//
// Handler code is told apart by its asynchronous context, so other executions, the host and the
// executor itself are not disturbed. What cannot be caught here (a reference taken before, an import
// of node:timers) is what the scan of bodies is for.
import { AsyncLocalStorage } from 'node:async_hooks';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';

/** The alias of the node whose handler is executing; undefined outside deterministic handlers. */
const trappedNode = new AsyncLocalStorage<string | undefined>();

interface Wrapped {
  readonly owner: object;
  readonly key: string;
  /** The owner's own property before; undefined where it was inherited. */
  readonly before: PropertyDescriptor | undefined;
  readonly wrapper: unknown;
}

let users = 0;
let wrapped: Wrapped[] = [];

/** Runs handler code of a deterministic execution, with everything that it starts or awaits. */
export function runTrapped<T>(alias: string, fn: () => T): T {
  return trappedNode.run(alias, fn);
}

/** Runs code of the executor or of a capability that a trapped handler calls. */
export function runUntrapped<T>(fn: () => T): T {
  return trappedNode.run(undefined, fn);
}

/** Wraps the functions on the first call; each call needs one releaseTrap. */
export function installTrap(): void {
  users += 1;
  if (users > 1) return;
  try {
    wrapAll();
  } catch (error) {
    // A hardened platform does not let its functions be replaced.
    releaseTrap();
    throw error;
  }
}

/** Restores the functions with the last call. @throws Error when there is nothing to release. */
export function releaseTrap(): void {
  if (users === 0) throw new Error('releaseTrap: called more often than installTrap');
  users -= 1;
  if (users > 0) return;
  for (const { owner, key, before, wrapper } of wrapped.reverse()) {
    // Where somebody has replaced it since, theirs stays; it leads to ours, which lets all through.
    if (Reflect.get(owner, key) !== wrapper) continue;
    if (before === undefined) Reflect.deleteProperty(owner, key);
    else Object.defineProperty(owner, key, before);
  }
  wrapped = [];
}

function wrapAll(): void {
  const now = 'ctx.clock.now()';
  const sleep = 'ctx.clock.sleep(ms)';
  // Before Date itself, so that this reaches the real constructor.
  wrapFunction(Date, 'now', 'Date.now()', now);
  wrapDate(now);
  wrapFunction(Math, 'random', 'Math.random()', 'ctx.random.next()');
  wrapFunction(performance, 'now', 'performance.now()', now);
  wrapFunction(crypto, 'randomUUID', 'crypto.randomUUID()', 'ctx.random.uuid()');
  wrapFunction(crypto, 'getRandomValues', 'crypto.getRandomValues()', 'ctx.random.bytes(length)');
  wrapFunction(process.hrtime, 'bigint', 'process.hrtime.bigint()', now);
  wrapFunction(process, 'hrtime', 'process.hrtime()', now);
  wrapFunction(globalThis, 'setTimeout', 'setTimeout()', sleep);
  wrapFunction(globalThis, 'setInterval', 'setInterval()', sleep);
  wrapFunction(globalThis, 'setImmediate', 'setImmediate()', 'ctx.clock.sleep(0)');
}

function wrapFunction(owner: object, key: string, api: string, replacement: string): void {
  const real = Reflect.get(owner, key) as () => unknown;
  // A proxy keeps what hangs on the function, such as hrtime.bigint.
  const wrapper = new Proxy(real, {
    apply(target, self, args: []) {
      refuseInHandler(api, replacement);
      return Reflect.apply(target, self, args);
    },
  });
  replace(owner, key, wrapper);
}

/** new Date(x) is a pure function of x; only the forms that read the clock are refused. */
function wrapDate(replacement: string): void {
  const real = Date;
  const wrapper: DateConstructor = new Proxy(real, {
    apply(target, self, args: []) {
      refuseInHandler('Date()', `new Date(${replacement})`);
      return Reflect.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      if (args.length === 0) refuseInHandler('new Date()', `new Date(${replacement})`);
      return Reflect.construct(target, args, newTarget === wrapper ? target : newTarget) as object;
    },
  });
  replace(globalThis, 'Date', wrapper);
}

function replace(owner: object, key: string, wrapper: unknown): void {
  const before = Object.getOwnPropertyDescriptor(owner, key);
  Object.defineProperty(owner, key, {
    value: wrapper,
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? true,
  });
  wrapped.push({ owner, key, before, wrapper });
}

function refuseInHandler(api: string, replacement: string): void {
  const node = trappedNode.getStore();
  if (node === undefined) return;
  throw new DiagnosticError([diagnostic.RUN310({ node, api, replacement })]);
}
