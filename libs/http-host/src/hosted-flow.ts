// A flow behind a host: what its caller gives, and what the host makes of it once, at its start.
import { DiagnosticError, diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { CapabilitySet } from '@basalt/capabilities';
import { compileFlow, type ExecPlan, type FlowBundle, type NodePlan } from '@basalt/executor';
import type { FlowIR } from '@basalt/ir';
import { bytesPlaceOf, type BytesPlace } from './bytes/bytes-place.js';

/** A flow and what is bound for it. */
export interface HostedFlow {
  readonly bundle: FlowBundle;
  readonly capabilities: CapabilitySet;
}

export interface CompiledFlow extends HostedFlow {
  readonly id: string;
  readonly name: string;
  readonly ir: FlowIR;
  readonly plan: ExecPlan;
  /** Its HTTP triggers, in the order of the flow. */
  readonly routes: readonly HttpRoute[];
}

/** One HTTP trigger. */
export interface HttpRoute {
  readonly trigger: NodePlan;
  readonly method: string;
  /** The path, with parameters written as `:name`; `/` and the name of the flow where the trigger
   * says none. */
  readonly path: string;
  readonly respond: 'value' | 'stream' | 'accepted';
  /** Whether its payload may be bytes. */
  readonly takesBytes: boolean;
  /** Where base64 text in a JSON payload is bytes, and where bytes of an output are such text in JSON. */
  readonly bytesIn: BytesPlace | undefined;
  readonly bytesOut: BytesPlace | undefined;
}

/** Compiles every flow. @throws DiagnosticError with the findings of all of them: those of the
 * validator, two flows with one id (HTTP102) or one route (HTTP101), routes that the host uses itself
 * (HTTP103). @param reserved paths of the host; one that ends with "/" covers all below it. */
export function compileHostedFlows(
  flows: readonly HostedFlow[],
  reserved: readonly string[] = [],
): readonly CompiledFlow[] {
  const findings: Diagnostic[] = [];
  const compiled: CompiledFlow[] = [];
  for (const flow of flows) {
    try {
      compiled.push(compileOne(flow));
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      findings.push(...error.diagnostics);
    }
  }
  findings.push(...clashes(compiled), ...intrusions(compiled, reserved));
  const [first, ...rest] = findings;
  if (first !== undefined) throw new DiagnosticError([first, ...rest]);
  return compiled;
}

function compileOne(flow: HostedFlow): CompiledFlow {
  const { ir } = flow.bundle;
  const plan = compileFlow(flow.bundle);
  const routes = plan.triggers.flatMap((trigger): HttpRoute[] => {
    const spec = trigger.ir.trigger;
    if (spec?.kind !== 'http') return [];
    const path = (spec.route ?? `/${encodeURIComponent(ir.name)}`).replace(/\{([^{}/]+)\}/g, ':$1');
    const { method = 'POST', respond = 'value' } = spec;
    const takesBytes = trigger.checkInput?.(new Uint8Array(1)) === undefined;
    const bytesIn = bytesPlaceOf(ir, trigger.ir.in_schema);
    const [onlyLeaf, second] = plan.leaves;
    const capture =
      spec.capture === undefined ? (second ? undefined : onlyLeaf) : plan.byAlias.get(spec.capture);
    const bytesOut = capture === undefined ? undefined : bytesPlaceOf(ir, capture.ir.out_schema);
    return [{ trigger, method, path, respond, takesBytes, bytesIn, bytesOut }];
  });
  return { ...flow, id: ir.id, name: ir.name, ir, plan, routes };
}

function clashes(flows: readonly CompiledFlow[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const byId = new Map<string, CompiledFlow>();
  const byRoute = new Map<string, CompiledFlow>();
  for (const flow of flows) {
    const { name } = flow;
    const { version } = flow.ir;
    if (byId.has(flow.id)) found.push(diagnostic.HTTP102({ flow: name, version }));
    byId.set(flow.id, flow);
    for (const { method, path } of flow.routes) {
      const claim = `${method} ${path.replace(/:[^/]+/g, ':').replace(/(.)\/$/, '$1')}`;
      const first = byRoute.get(claim);
      if (first === undefined) byRoute.set(claim, flow);
      else if (first !== flow)
        found.push(diagnostic.HTTP101({ first: first.name, second: name, method, route: path }));
    }
  }
  return found;
}

function intrusions(flows: readonly CompiledFlow[], reserved: readonly string[]): Diagnostic[] {
  const covers = (claim: string, path: string) =>
    path === claim || (claim.endsWith('/') && `${path}/`.startsWith(claim));
  return flows.flatMap(({ name, routes }) =>
    routes
      .filter(({ path }) => reserved.some((claim) => covers(claim, path)))
      .map(({ method, path }) => {
        const problem = 'the host uses this path itself';
        return diagnostic.HTTP103({ flow: name, method, route: path, problem });
      }),
  );
}
