// From bindings to capabilities: opens what is bound, once an instance, and closes all of it.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { capabilitiesOfHint } from '../capability-hints.js';
import type { CapabilityName, CapabilitySet, Clock, Rng } from '../capability-set.js';
import { systemClock } from '../clock/system-clock.js';
import { systemRng } from '../rng/system-rng.js';
import { SecretRedactor } from '../secrets/secret-redactor.js';
import type { BindingsLock } from './bindings-lock.js';
import { bindingsByCapability } from './choose-bindings.js';
import { OPENERS, type OpenProvider, type ProviderHost } from './open-provider.js';
import { parseBind, type Binding } from './parse-bind.js';
import { providerKind, settingsProblem, type ProviderSettings } from './provider-kinds.js';

export interface OpenCapabilitiesOptions {
  /** Replaces the system clock, for times to live too. */
  readonly clock?: Clock;
  /** Replaces the system's randomness. */
  readonly rng?: Rng;
  /** Where secrets.env looks; the environment of the process by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Gets the lines of log.stderr; the standard error of the process by default. */
  readonly logSink?: (line: string) => void;
  /** What relative folders are below; the working folder by default. */
  readonly baseFolder?: string;
}

/** Open capabilities. `close` waits for what providers have begun; call it when no execution runs. */
export interface OpenedCapabilities {
  readonly capabilities: CapabilitySet;
  close(): Promise<void>;
}

interface Wanted extends ProviderSettings {
  readonly kind: string;
}

function isLock(source: BindingsLock | readonly (Binding | string)[]): source is BindingsLock {
  return !Array.isArray(source);
}

function wantedByLock(lock: BindingsLock, flowId: string): ReadonlyMap<CapabilityName, Wanted> {
  if (!Object.hasOwn(lock.flows, flowId)) {
    throw new DiagnosticError([diagnostic.BIND014({ flow: flowId })]);
  }
  // One object an instance, so that hints that share one share the provider.
  const instances = new Map(
    Object.entries(lock.instances).map(([name, instance]) => [
      name,
      {
        kind: instance.provider_kind,
        connect: instance.connect ?? {},
        config: instance.config ?? {},
      },
    ]),
  );
  const wanted = new Map<CapabilityName, Wanted>(bindingsByCapability([]));
  for (const [hint, name] of Object.entries(lock.flows[flowId]!.use)) {
    const instance = instances.get(name);
    if (instance === undefined) {
      const params = { flow: flowId, hint, instance: name, reason: 'is not defined' };
      throw new DiagnosticError([diagnostic.BIND016(params)]);
    }
    for (const capability of capabilitiesOfHint(hint)) wanted.set(capability, instance);
  }
  return wanted;
}

function wantedByBinds(binds: readonly (Binding | string)[]): ReadonlyMap<CapabilityName, Wanted> {
  return bindingsByCapability(
    binds.map((bind) => (typeof bind === 'string' ? parseBind(bind) : bind)),
  );
}

async function openOne(wanted: Wanted, host: ProviderHost): Promise<OpenProvider> {
  const { kind } = providerKind(wanted.kind);
  const reason = settingsProblem(providerKind(kind), wanted);
  if (reason !== undefined) throw new DiagnosticError([diagnostic.BIND005({ kind, reason })]);
  return OPENERS[kind]!(wanted, host);
}

async function closeAll(opened: Iterable<OpenProvider>): Promise<void> {
  const results = await Promise.allSettled([...opened].map((provider) => provider.close?.()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Opens the capabilities of a flow, from a verified lock or from bindings (or their texts). Clock,
 * randomness and log are there without being bound. When one provider cannot be opened, those that
 * were are closed again. */
export async function openCapabilities(
  source: BindingsLock | readonly (Binding | string)[],
  flowId: string,
  options: OpenCapabilitiesOptions = {},
): Promise<OpenedCapabilities> {
  const wanted = isLock(source) ? wantedByLock(source, flowId) : wantedByBinds(source);
  const host: ProviderHost = {
    clock: options.clock ?? systemClock(),
    rng: options.rng ?? systemRng(),
    environment: options.environment ?? process.env,
    logSink: options.logSink ?? ((line) => void process.stderr.write(line)),
    baseFolder: options.baseFolder ?? process.cwd(),
    redactor: new SecretRedactor(),
  };
  const opened = new Map<Wanted, OpenProvider>();
  const capabilities: { -readonly [N in CapabilityName]?: CapabilitySet[N] } = {};
  const give = <N extends CapabilityName>(name: N, provider: OpenProvider) => {
    capabilities[name] = provider.capabilities[name];
  };
  try {
    for (const [capability, instance] of wanted) {
      const provider = opened.get(instance) ?? (await openOne(instance, host));
      opened.set(instance, provider);
      give(capability, provider);
    }
  } catch (error) {
    await closeAll(opened.values());
    throw error;
  }
  return { capabilities: Object.freeze(capabilities), close: () => closeAll(opened.values()) };
}
