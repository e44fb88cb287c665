// The world outside of one case: the stores and servers that effects reach. It lives in the certifying
// process, is never killed, and writes down every call that changes it. It is a world as it should be:
// a receiver that is given an idempotency key acts once for it.
import type { CapabilityName, HttpRequest, HttpResponse } from '@basalt/capabilities';
import { hashValue, type Value } from '@basalt/ir';
import { jobOfRun } from '../run/job-of-run.js';
import type { EffectCall, WorldCall } from './effect-call.js';
import { contentOf } from './effect-content.js';
import { effectKind } from './effect-kind.js';
import { cannedAnswer, type WorldState } from './world-state.js';

/** What is written into the ledger, and what its caller is answered. */
export interface Applied {
  readonly effect: EffectCall | undefined;
  readonly answer: unknown;
}

const encode = (text: string) => new TextEncoder().encode(text);
const bytesOf = (texts: Readonly<Record<string, string>> = {}) =>
  new Map(Object.entries(texts).map(([name, text]) => [name, encode(text)]));

type Method = (...args: never[]) => unknown;

export class EffectWorld {
  readonly effects: EffectCall[] = [];
  readonly #start: WorldState;
  readonly #providers: ReadonlyMap<CapabilityName, Readonly<Record<string, Method>>>;
  /** Key and target of what was done -> the answer to it. */
  readonly #known = new Map<string, unknown>();

  constructor(start: WorldState = {}) {
    this.#start = start;
    const cache = storeOf(new Map());
    this.#providers = new Map<CapabilityName, Readonly<Record<string, Method>>>([
      ['kv', storeOf(bytesOf(start.kv))],
      ['blob', storeOf(bytesOf(start.blob))],
      ['fs', filesOf(bytesOf(start.fs))],
      ['queue', queuesOf(new Map())],
      ['dedupe', seenKeys(new Set())],
      ['cache', cache],
      ['cacheDisk', storeOf(new Map())],
      ['cacheRedis', storeOf(new Map())],
      ['secrets', { get: (name: string) => start.secrets?.[name] ?? `secret of ${name}` }],
    ]);
  }

  /** Carries a call out. @throws Error for what the world refuses. */
  apply(call: WorldCall): Applied {
    const { capability, operation, args, origin } = call;
    const kind = effectKind(capability, operation, args);
    if (kind === undefined || origin === undefined) {
      return { effect: undefined, answer: this.#do(call) };
    }
    const { target, content, preview, carriesKey } = contentOf(call);
    const name = carriesKey ? hashValue([origin.key!, capability, operation, target]) : undefined;
    const isRepeat = name !== undefined && this.#known.has(name);
    const answer = isRepeat ? this.#known.get(name) : this.#do(call);
    if (name !== undefined) this.#known.set(name, answer);
    const effect: EffectCall = {
      ...origin,
      seq: this.effects.length + 1,
      job: jobOfRun(origin.run),
      capability,
      operation,
      kind,
      target,
      content,
      preview,
      carriesKey,
      acted: !isRepeat,
    };
    this.effects.push(effect);
    return { effect, answer };
  }

  #do({ capability, operation, args, origin }: WorldCall): unknown {
    if (capability === 'httpRead' || capability === 'httpWrite') {
      return this.#answerTo(args[0] as HttpRequest, origin?.key);
    }
    const method = this.#providers.get(capability)?.[operation];
    if (method === undefined) throw new Error(`the world has no ${capability}.${operation}`);
    return method(...(args as never[]));
  }

  /** An answer that depends on what was asked alone, so that a repeat is answered in the same way. */
  #answerTo(request: HttpRequest, key: string | undefined): HttpResponse {
    const canned = cannedAnswer(this.#start, request);
    if (canned !== undefined) return canned;
    const { method, url, body } = request;
    const receipt = hashValue([method, url, key ?? body ?? null] as Value).slice(0, 12);
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: encode(JSON.stringify({ receipt })),
    };
  }
}

function storeOf(values: Map<string, Uint8Array>) {
  const put = (name: string, value: Uint8Array) => void values.set(name, value);
  const remove = (name: string) => values.delete(name);
  const get = (name: string) => values.get(name);
  return { get, put, set: put, delete: remove, remove };
}

function filesOf(files: Map<string, Uint8Array>) {
  return {
    read: (path: string) => {
      const found = files.get(path);
      if (found === undefined) throw new Error(`there is no file ${path}`);
      return found;
    },
    write: (path: string, data: Uint8Array) => void files.set(path, data),
    list: (path: string) => [...files.keys()].filter((name) => name.startsWith(path)).sort(),
    remove: (path: string) => void files.delete(path),
  };
}

function queuesOf(queues: Map<string, Uint8Array[]>) {
  const of = (name: string) => {
    let queue = queues.get(name);
    if (queue === undefined) queues.set(name, (queue = []));
    return queue;
  };
  return {
    enqueue: (name: string, message: Uint8Array) => void of(name).push(message),
    dequeue: (name: string) => of(name).shift(),
    size: (name: string) => of(name).length,
  };
}

function seenKeys(keys: Set<string>) {
  return {
    putIfAbsent: (key: string) => {
      const isNew = !keys.has(key);
      keys.add(key);
      return isNew;
    },
    forget: (key: string) => void keys.delete(key),
  };
}
