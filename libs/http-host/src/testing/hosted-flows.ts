// Small flows behind a real server, for tests of the parts of the host.
import type { CapabilitySet } from '@basalt/capabilities';
import type { FlowBundle, NodeHandler } from '@basalt/executor';
import { flowId, type FlowIR, type NodeIR, type TriggerSpec } from '@basalt/ir';
import { createHttpHost, type HttpHost } from '../create-http-host.js';
import type { HttpHostOptions } from '../host-options.js';
import type { HostedFlow } from '../hosted-flow.js';

export interface FlowGiven {
  readonly name: string;
  readonly trigger?: Partial<TriggerSpec>;
  /** What the second node does; it gives its input back when absent. */
  readonly run?: NodeHandler;
  readonly node?: Partial<NodeIR>;
  readonly triggerNode?: Partial<NodeIR>;
  readonly more?: Partial<FlowIR>;
  readonly capabilities?: CapabilitySet;
}

function nodeOf(flow: string, alias: string, more: Partial<NodeIR>): NodeIR {
  return {
    id: `${flowId(flow, '1.0.0')}::${alias}`,
    alias,
    identifier: alias,
    name: alias,
    kind: 'inline',
    in_schema: { kind: 'opaque' },
    out_schema: { kind: 'opaque' },
    effects: 'pure',
    determinism: 'strict',
    idempotency: {},
    determinismHints: [],
    effectHints: [],
    ...more,
  };
}

/** A flow of a trigger and one node, at POST /NAME unless the trigger says otherwise. */
export function hostedFlow(given: FlowGiven): HostedFlow {
  const { name, run = (input: unknown) => input as never, capabilities = {} } = given;
  const trigger: TriggerSpec = { kind: 'http', route: `/${name}`, ...given.trigger };
  const ir: FlowIR = {
    id: flowId(name, '1.0.0'),
    name,
    version: '1.0.0',
    profile: 'web',
    nodes: [
      nodeOf(name, 'trigger', { kind: 'trigger', trigger, ...given.triggerNode }),
      nodeOf(name, 'respond', { kind: 'activity', ...given.node }),
    ],
    edges: [
      {
        from: 'trigger',
        to: 'respond',
        delivery: 'at_least_once',
        ordering: 'ordered',
        buffer: {},
      },
    ],
    control_surfaces: [],
    checkpoints: [],
    policies: { lint: { require_control_hints: false } },
    metadata: { tags: [] },
    artifacts: [],
    ...given.more,
  };
  const handlers = new Map<string, NodeHandler>([
    ['trigger', (input: unknown) => input as never],
    ['respond', run],
  ]);
  const bundle: FlowBundle = { ir, handlers };
  return { bundle, capabilities };
}

export interface Served {
  readonly host: HttpHost;
  readonly url: string;
}

const open: HttpHost[] = [];

/** Starts a host on a free port; `closeServed` ends it. */
export async function serve(
  flows: readonly HostedFlow[],
  options: HttpHostOptions = {},
): Promise<Served> {
  // A busy machine is no fault of what is tested: load is shed only where a test asks for it.
  const operations = { maxEventLoopDelayMs: 0, ...options.operations };
  const host = await createHttpHost(flows, { drainMs: 0, ...options, operations });
  open.push(host);
  const { url } = await host.listen({ host: '127.0.0.1', port: 0 });
  return { host, url };
}

/** Ends every host that a test has started. */
export async function closeServed(): Promise<void> {
  await Promise.all(open.splice(0).map((host) => host.close()));
}
