// A flow whose handlers see a recorded world: the code is as it was, and every capability that reaches
// outside is replaced by one that says which invocation calls it.
import type { CapabilityName, CapabilitySet } from '@basalt/capabilities';
import type { FlowBundle, NodeContext, NodeHandler } from '@basalt/executor';
import { hashValue, type FlowIR, type Value } from '@basalt/ir';
import type { CallOrigin, WorldCall } from './effect-call.js';

/** Carries calls out, in this process or in another. */
export type CallWorld = (call: WorldCall) => Promise<unknown>;

/** What the world stands in for. Clock, randomness and log are the host's. */
const OUTSIDE = [
  'kv',
  'blob',
  'queue',
  'dedupe',
  'cache',
  'cacheDisk',
  'cacheRedis',
  'httpRead',
  'httpWrite',
  'secrets',
  'fs',
] as const satisfies readonly CapabilityName[];

const isOutside = (name: unknown): name is (typeof OUTSIDE)[number] =>
  (OUTSIDE as readonly unknown[]).includes(name);

/** Capabilities for the host: everything is bound, and nothing says who calls. */
export function worldCapabilities(call: CallWorld): CapabilitySet {
  return Object.fromEntries(
    OUTSIDE.map((name) => [name, providerOf(name, call, () => undefined)]),
  ) as CapabilitySet;
}

/** The flow with recorded handlers. */
export function recordedFlow({ ir, handlers }: FlowBundle, call: CallWorld): FlowBundle {
  const undoing = compensatorsOf(ir);
  const recorded = [...handlers].map(([identifier, handler]): [string, NodeHandler] => [
    identifier,
    recordedHandler(handler, call, undoing.has(identifier)),
  ]);
  return { ir, handlers: new Map(recorded) };
}

function compensatorsOf(flow: FlowIR): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = ({ nodes, subflows = {} }: FlowIR) => {
    for (const { compensation } of nodes) {
      if (compensation !== undefined) found.add(compensation.identifier);
    }
    for (const subflow of Object.values(subflows)) visit(subflow as FlowIR);
  };
  visit(flow);
  return found;
}

function recordedHandler(
  handler: NodeHandler,
  call: CallWorld,
  compensation: boolean,
): NodeHandler {
  return (input: Value, context) => {
    const state = { ended: false };
    const origin = () => originOf(input, context, compensation, state.ended);
    let given: unknown;
    try {
      given = handler(input, watchedContext(context, call, origin));
    } catch (error) {
      state.ended = true;
      throw error;
    }
    if (given instanceof Promise) {
      const over = () => void (state.ended = true);
      void given.then(over, over);
    } else if (!isStream(given)) {
      state.ended = true;
    } else {
      return endingStream(given, () => (state.ended = true));
    }
    return given as ReturnType<NodeHandler>;
  };
}

function isStream(given: unknown): given is AsyncIterable<Value> {
  return typeof given === 'object' && given !== null && Symbol.asyncIterator in given;
}

async function* endingStream(values: AsyncIterable<Value>, ended: () => void) {
  try {
    yield* values;
  } finally {
    ended();
  }
}

function originOf(
  input: Value,
  { runId, alias, idempotencyKey }: NodeContext,
  compensation: boolean,
  late: boolean,
): CallOrigin {
  return {
    run: runId,
    node: alias,
    compensation,
    key: idempotencyKey,
    input: hashValue(input),
    late,
  };
}

function watchedContext(
  context: NodeContext,
  call: CallWorld,
  origin: () => CallOrigin,
): NodeContext {
  return new Proxy(context, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name !== 'capabilities') return member;
      return watchedCapabilities(member as CapabilitySet, call, origin);
    },
  });
}

/** The gate still decides what the node may read. */
function watchedCapabilities(
  gated: CapabilitySet,
  call: CallWorld,
  origin: () => CallOrigin,
): CapabilitySet {
  return new Proxy({} as CapabilitySet, {
    get(_target, name) {
      const member: unknown = Reflect.get(gated, name, gated);
      return isOutside(name) && member !== undefined ? providerOf(name, call, origin) : member;
    },
  });
}

/** A provider each of whose methods is a call to the world. */
function providerOf(
  capability: (typeof OUTSIDE)[number],
  call: CallWorld,
  origin: () => CallOrigin | undefined,
): object {
  return new Proxy(
    {},
    {
      get(_target, operation) {
        // A provider is no promise.
        if (typeof operation !== 'string' || operation === 'then') return undefined;
        return (...args: unknown[]) =>
          call({ capability, operation, args: args.filter(isSendable), origin: origin() });
      },
    },
  );
}

/** Signals stay in their process. */
function isSendable(given: unknown): boolean {
  return !(given instanceof AbortSignal);
}
