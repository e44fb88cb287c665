// What the viewer's API does, apart from HTTP: finds flows and runs that the caller may see, and starts
// and cancels runs for it.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { FlowIR, Value } from '@basalt/ir';
import type {
  FlowDetail,
  FlowEntry,
  NodeInspection,
  Permissions,
  RunCounts,
  RunDetail,
  RunPage,
  ShownJson,
} from '@basalt/run-viewer';
import { bytesPlaceOf } from '../bytes/bytes-place.js';
import { withBytes } from '../invocation/with-bytes.js';
import { checkPayload } from '../invocation/check-payload.js';
import type { CompiledFlow } from '../hosted-flow.js';
import type { RunHub } from '../run-hub.js';
import type { FlowAction } from '../security/scope.js';
import {
  payloadSchemas,
  triggerEntries,
  type FlowCatalogue,
  type KnownFlow,
} from './flow-catalogue.js';
import { payloadProblems } from './payload-problems.js';
import type { RecordedRun } from './recorded-run.js';
import { findRuns, type RunQuery, type RunTexts } from './run-query.js';
import type { RunStore } from './run-store.js';
import { RunPresenter } from './show-run.js';
import { withoutSecrets } from './value-sample.js';

/** Who asks, and what they may do. */
export interface Caller {
  readonly client: string;
  may(flow: string, action: FlowAction): boolean;
}

/** What a request to start a run says. */
export interface StartRequest {
  readonly trigger: string | undefined;
  readonly payload: Value;
}

const NOTHING: RunCounts = { running: 0, completed: 0, failed: 0, cancelled: 0 };
/** The label of a run that is another one's repetition. */
const AGAIN_OF = 'viewer.again_of';

export class ViewerService {
  readonly presenter: RunPresenter;

  constructor(
    readonly flows: FlowCatalogue,
    readonly store: RunStore,
    readonly hub: RunHub,
  ) {
    this.presenter = new RunPresenter(flows, store.redactor);
  }

  // Flows.

  listFlows(caller: Caller): readonly FlowEntry[] {
    return this.flows.hosted
      .filter((flow) => caller.may(flow.name, 'view'))
      .map((flow) => this.#entry(flow.ir, flow, caller));
  }

  /** @throws DiagnosticError VIEW001. */
  showFlow(id: string, caller: Caller): FlowDetail {
    const { ir, owner } = this.#flow(id, caller);
    return {
      flow: this.#entry(ir, owner, caller),
      graph: this.flows.graph(ir),
      findings: this.flows.findings(ir),
      payloads: payloadSchemas(ir),
      ir: withoutSecrets(ir as unknown as ShownJson) as ShownJson,
    };
  }

  // Runs.

  listRuns(query: RunQuery, caller: Caller): RunPage {
    const texts: RunTexts = {
      nameOf: (run) => this.flows.nameOf(run.flow),
      labelsOf: (run) => this.presenter.labels(run),
    };
    const visible = (flow: string) => this.#sees(flow, caller);
    const { runs, next } = findRuns(this.store, query, texts, visible);
    return {
      runs: runs.map((run) => this.presenter.entry(run)),
      next: next ?? null,
      total: this.store.size,
      not_kept: this.store.notKept(visible),
    };
  }

  /** @throws DiagnosticError VIEW002. */
  run(id: string, caller: Caller): RecordedRun {
    const run = this.store.get(id);
    if (run === undefined || !this.#sees(run.flow, caller)) throw refuse(notRemembered(id));
    return run;
  }

  /** @throws DiagnosticError VIEW002. */
  showRun(id: string, caller: Caller): RunDetail {
    const run = this.run(id, caller);
    const known = this.flows.find(run.flow)!;
    return {
      graph: this.flows.graph(known.ir),
      input: this.presenter.input(run),
      may: permissions(known.owner, caller),
      not_again: this.#whyNotAgain(run, known) ?? null,
      state: this.presenter.change(run, 0),
    };
  }

  /** @throws DiagnosticError VIEW002, VIEW010. */
  inspect(id: string, alias: string, caller: Caller): NodeInspection {
    const run = this.run(id, caller);
    const node = run.nodes.get(alias);
    if (node === undefined) throw refuse(diagnostic.VIEW010({ run: id, node: alias }));
    return this.presenter.inspect(run, node);
  }

  // Acting.

  /** Starts a run and gives its id. @throws DiagnosticError VIEW001, VIEW007, HTTP203, RUN116, and
   * what the hub refuses. */
  async start(id: string, request: StartRequest, caller: Caller): Promise<string> {
    const { owner, ir } = this.#flow(id, caller);
    if (ir !== owner.ir) throw refuse(diagnostic.VIEW001({ flow: id }));
    this.#require(owner, 'run', caller);
    return this.#start(owner, request, {}, caller);
  }

  /** @throws DiagnosticError VIEW002, VIEW006, HTTP203. */
  cancel(id: string, caller: Caller): void {
    const run = this.run(id, caller);
    this.#require(this.flows.find(run.flow)!.owner, 'cancel', caller);
    const active = this.hub.find(id);
    if (active === undefined || run.isEnded) throw refuse(diagnostic.VIEW006({ run: id }));
    void active.run.cancel('it was cancelled in the run viewer');
  }

  /** Runs a flow again with the input of a run. @throws DiagnosticError VIEW002, VIEW005, HTTP203. */
  async again(id: string, caller: Caller): Promise<string> {
    const run = this.run(id, caller);
    const known = this.flows.find(run.flow)!;
    this.#require(known.owner, 'run', caller);
    const reason = this.#whyNotAgain(run, known);
    if (reason !== undefined) throw refuse(diagnostic.VIEW005({ run: id, reason }));
    const request = { trigger: run.trigger, payload: run.payload! };
    return this.#start(known.owner, request, { [AGAIN_OF]: id }, caller);
  }

  async #start(
    flow: CompiledFlow,
    { trigger: alias, payload: given }: StartRequest,
    labels: Readonly<Record<string, string>>,
    caller: Caller,
  ): Promise<string> {
    const trigger = this.#trigger(flow, alias);
    const place = bytesPlaceOf(flow.ir, trigger.ir.in_schema);
    const payload = place === undefined ? given : withBytes(trigger, place, given, true);
    const finding = checkPayload(trigger, payload);
    if (finding !== undefined) {
      const schema = payloadSchemas(flow.ir)[trigger.alias];
      const problems = payloadProblems(trigger, schema, given);
      throw refuse({ ...finding, details: { ...finding.details, problems } });
    }
    const run = await this.hub.start(
      flow,
      { trigger: trigger.alias, payload, metadata: { labels } },
      { client: caller.client, source: 'viewer' },
    );
    return run.id;
  }

  #trigger(flow: CompiledFlow, alias: string | undefined) {
    const { triggers } = flow.plan;
    const names = triggers.map((node) => node.alias).join(', ');
    const unusable = (problem: string) => refuse(diagnostic.VIEW007({ flow: flow.name, problem }));
    if (alias === undefined) {
      if (triggers.length === 1) return triggers[0]!;
      throw unusable(`it does not say which trigger starts the run: ${names}`);
    }
    const found = triggers.find((node) => node.alias === alias);
    if (found === undefined) throw unusable(`${alias} is none of its triggers: ${names}`);
    return found;
  }

  #whyNotAgain(run: RecordedRun, { ir, owner }: KnownFlow): string | undefined {
    if (ir !== owner.ir) return 'it is a part of another run';
    if (run.input === undefined) return 'it was refused before it had an input';
    if (run.payload === undefined) return 'its input is too large to be kept';
    return undefined;
  }

  #entry(ir: FlowIR, owner: CompiledFlow, caller: Caller): FlowEntry {
    return {
      id: ir.id,
      name: ir.name,
      version: ir.version,
      summary: ir.summary ?? '',
      profile: ir.profile,
      node_count: ir.nodes.length,
      edge_count: ir.edges.length,
      triggers: triggerEntries(ir),
      counts: this.store.counts(ir.id) ?? NOTHING,
      may: ir === owner.ir ? permissions(owner, caller) : { run: false, cancel: false },
    };
  }

  #flow(id: string, caller: Caller): KnownFlow {
    const known = this.flows.find(id);
    if (known !== undefined && caller.may(known.owner.name, 'view')) return known;
    throw refuse(diagnostic.VIEW001({ flow: id }));
  }

  #sees(flow: string, caller: Caller): boolean {
    const owner = this.flows.find(flow)?.owner;
    return owner !== undefined && caller.may(owner.name, 'view');
  }

  #require(flow: CompiledFlow, action: FlowAction, caller: Caller): void {
    if (caller.may(flow.name, action)) return;
    const scope = `flow:${flow.name}:${action}`;
    throw refuse(diagnostic.HTTP203({ token: caller.client.replace(/^token:/, ''), scope }));
  }
}

function permissions(owner: CompiledFlow, caller: Caller): Permissions {
  return { run: caller.may(owner.name, 'run'), cancel: caller.may(owner.name, 'cancel') };
}

function notRemembered(run: string): Diagnostic {
  return diagnostic.VIEW002({ run: run.slice(0, 100) });
}

function refuse(finding: Diagnostic): DiagnosticError {
  return new DiagnosticError([finding]);
}
