// What a node sees of the capabilities: what it has declared, and a clear error for the rest.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { CapabilityName, CapabilitySet } from './capability-set.js';
import { hintsFor } from './capability-hints.js';

/** Getters on the prototype, so that one object with three fields is all a node costs. */
class GatedCapabilities implements CapabilitySet {
  readonly #set: CapabilitySet;
  readonly #allowed: ReadonlySet<CapabilityName>;
  readonly #node: string;

  constructor(set: CapabilitySet, allowed: ReadonlySet<CapabilityName>, node: string) {
    this.#set = set;
    this.#allowed = allowed;
    this.#node = node;
  }

  get kv() {
    return this.#take('kv');
  }
  get blob() {
    return this.#take('blob');
  }
  get queue() {
    return this.#take('queue');
  }
  get dedupe() {
    return this.#take('dedupe');
  }
  get cache() {
    return this.#take('cache');
  }
  get httpRead() {
    return this.#take('httpRead');
  }
  get httpWrite() {
    return this.#take('httpWrite');
  }
  get clock() {
    return this.#take('clock');
  }
  get rng() {
    return this.#take('rng');
  }
  get secrets() {
    return this.#take('secrets');
  }
  get fs() {
    return this.#take('fs');
  }
  get log() {
    return this.#take('log');
  }

  #take<N extends CapabilityName>(name: N): CapabilitySet[N] {
    const provider = this.#set[name];
    if (provider === undefined || this.#allowed.has(name)) return provider;
    throw new DiagnosticError([
      diagnostic.CAP102({ node: this.#node, capability: name, hint: hintsFor(name) }),
    ]);
  }
}

/** The capabilities of `set` as the node `nodeAlias` may use them. Reading one that is bound but not
 * in `allowed` throws CAP102; one that is not bound is undefined. */
export function gateCapabilities(
  set: CapabilitySet,
  allowed: ReadonlySet<CapabilityName>,
  nodeAlias: string,
): CapabilitySet {
  return Object.freeze(new GatedCapabilities(set, allowed, nodeAlias));
}
