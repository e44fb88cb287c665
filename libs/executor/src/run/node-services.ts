// What handlers ask their context for: metadata, capabilities, secrets, logs, randomness and keys.
// Made on first use and kept for the execution.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import {
  gateCapabilities,
  type CapabilityName,
  type CapabilitySet,
  type Log,
  type LogLevel,
  type Rng,
  type SecretStore,
} from '@basalt/capabilities';
import { encodeCanonical, type Value } from '@basalt/ir';
import { runUntrapped } from '../determinism/determinism-trap.js';
import type { NodePlan } from '../plan/exec-plan.js';
import type { FlowRun } from './flow-run.js';
import { idempotencyKeyFor } from './idempotency-key-for.js';
import type { Message } from './message.js';
import type { InvocationMetadata, NodeLog } from '../node-handler.js';

interface PerNode {
  capabilities?: CapabilitySet;
  log?: NodeLog;
  random?: Rng;
}

export class NodeServices {
  readonly #run: FlowRun;
  readonly #perNode: PerNode[] = [];

  constructor(run: FlowRun) {
    this.#run = run;
  }

  /** The labels of the invocation, and those that the executor fills in where they are absent. */
  metadata(): InvocationMetadata {
    const run = this.#run;
    const given = run.invoke.metadata;
    const capture = run.captureNode?.alias;
    return {
      labels: {
        'lf.run_id': run.id,
        'lf.flow_id': run.plan.ir.id,
        'lf.trigger_alias': run.trigger!.alias,
        ...(capture === undefined ? {} : { 'lf.capture_alias': capture }),
        ...given?.labels,
      },
      extensions: given?.extensions ?? {},
    };
  }

  /** @param random what the node draws from where that depends on the invocation */
  capabilitiesOf(plan: NodePlan, random?: Rng): CapabilitySet {
    const kept = this.#of(plan);
    if (random !== undefined) return this.#gated(plan, random);
    return (kept.capabilities ??= this.#gated(plan, this.randomOf(plan)));
  }

  #gated(plan: NodePlan, rng: Rng): CapabilitySet {
    const run = this.#run;
    const all = {
      ...run.host.capabilities,
      clock: run.clock,
      rng,
      log: this.#logStore(),
      secrets: this.#secretsOf(plan),
    };
    const allowed = plan.capabilities as ReadonlySet<CapabilityName>;
    const given = run.traps ? untrapped(all) : all;
    return gateCapabilities(given, allowed, plan.alias);
  }

  logOf(plan: NodePlan): NodeLog {
    const place = { run: this.#run.id, node: plan.alias };
    return (this.#of(plan).log ??= nodeLog(this.#logStore(), place));
  }

  /** In deterministic mode every node has a stream of its own, whatever the others draw. */
  randomOf(plan: NodePlan): Rng {
    const kept = this.#of(plan);
    return (kept.random ??= this.#run.childRng(plan.alias));
  }

  #logStore(): Log {
    const { host } = this.#run;
    return host.log ?? host.capabilities?.log ?? SILENT;
  }

  /** Only the secrets that the node declares. */
  #secretsOf(plan: NodePlan): SecretStore {
    return { get: (name) => this.secret(plan, name) };
  }

  async secret(plan: NodePlan, name: string): Promise<string> {
    if (!(plan.ir.secrets ?? []).includes(name)) {
      throw new DiagnosticError([diagnostic.SECR201({ node: plan.alias, secret: name })]);
    }
    const { host } = this.#run;
    const store = host.secrets ?? host.capabilities?.secrets;
    const secret = await store?.get(name);
    if (secret === undefined) {
      throw new DiagnosticError([diagnostic.SECR202({ node: plan.alias, secret: name })]);
    }
    return secret;
  }

  idempotencyKey(plan: NodePlan, input: Value, message: Message): string {
    return idempotencyKeyFor(this.#run.plan.ir, plan, input, message.edge);
  }

  checkOutputSize(plan: NodePlan, output: Value): void {
    const bytes = encodeCanonical(output).length;
    if (bytes <= plan.maxOutputBytes) return;
    const what = `An output of node ${plan.alias}`;
    throw new DiagnosticError([diagnostic.RUN050({ what, bytes, limit: plan.maxOutputBytes })]);
  }

  #of(plan: NodePlan): PerNode {
    return (this.#perNode[plan.index] ??= {});
  }
}

/** Providers may use the platform's clock and randomness, also when a trapped handler calls them. */
function untrapped(all: CapabilitySet): CapabilitySet {
  const providers = Object.entries(all).map(([name, provider]: [string, object | undefined]) => {
    return [name, provider === undefined ? undefined : new Proxy(provider, UNTRAPPED)];
  });
  return Object.fromEntries(providers) as CapabilitySet;
}

type Method = (...args: unknown[]) => unknown;

const UNTRAPPED: ProxyHandler<object> = {
  get(provider, name) {
    const member: unknown = Reflect.get(provider, name);
    if (typeof member !== 'function') return member;
    return (...args: unknown[]) => runUntrapped(() => (member as Method).apply(provider, args));
  },
};

const SILENT: Log = { write: () => undefined };

function nodeLog(log: Log, place: Readonly<Record<string, string>>): NodeLog {
  const at =
    (level: LogLevel) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void =>
      log.write(level, message, { ...place, ...fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
