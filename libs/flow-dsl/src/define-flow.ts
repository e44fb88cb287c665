// From the author's function to a flow: declare, check, number, write the document.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { NodeHandler } from '@basalt/executor';
import {
  flowId,
  isStrictSemver,
  loadFlow,
  nodeId,
  type FlowIR,
  type NodeIR,
  type Profile,
} from '@basalt/ir';
import { locationIn } from './authored-location.js';
import { siteLocation, siteOfCaller, siteSpan, type DefinitionSite } from './definition-site.js';
import { brandFlow, type Flow } from './flow-brand.js';
import { FlowBuilder, type Captured } from './flow-builder.js';
import { FlowDraft, type DraftNode } from './flow-draft.js';
import { codeHash } from './code-hash.js';
import { checkName } from './node-definition.js';
import type { FlowParams, NoParams } from './node-options.js';
import { present } from './present.js';
import { plainJson, schemaDocument, type DocumentPlace } from './schema-document.js';
import { SchemaTable } from './schema-table.js';

/** What can be said about a flow as a whole. */
export interface FlowOptions<Params extends FlowParams> {
  /** Semantic version, such as "1.0.0". Name and version make the flow's id. */
  readonly version: string;
  /** Where the flow is meant to run; dev when absent. */
  readonly profile?: Profile;
  readonly summary?: string;
  /** Deadline of an execution, in milliseconds. */
  readonly deadlineMs?: number;
  readonly tags?: readonly string[];
  /** Parameters, which every handler finds in `context.params`. */
  readonly params?: Params;
  readonly policies?: {
    readonly requireControlHints?: boolean;
    readonly allowMultipleTriggers?: boolean;
  };
  /** Files that belong to the flow. */
  readonly artifacts?: FlowIR['artifacts'];
}

/** Builds a flow. Throws a DiagnosticError that carries every authoring fault, with its place.
 *
 * The function must declare everything before it returns; return `f.capture(...)` from it to give the
 * flow its types as a subflow. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function defineFlow<In = any, Out = any, Params extends FlowParams = NoParams>(
  name: string,
  options: FlowOptions<Params>,
  build: (f: FlowBuilder<Params>) => Captured<In, Out> | void,
): Flow<In, Out> {
  const draft = new FlowDraft(name);
  draft.enter(siteOfCaller(defineFlow));
  const site = draft.site;
  checkName(draft, 'flow', name);
  checkVersion(draft, options.version);
  if (typeof build === 'function') build(new FlowBuilder<Params>(draft));
  else {
    const problem = 'its third argument is not a function';
    draft.report(diagnostic.AUTH009({ owner: `Flow ${name}`, problem }, draft.location));
  }
  draft.seal();
  draft.site = site;
  const ir = flowDocument(draft, name, options);
  const sites = documentSites(draft);
  if (draft.problems.length === 0) draft.problems.push(...documentFindings(ir, sites));
  const [first, ...others] = draft.problems;
  if (first !== undefined) throw new DiagnosticError([first, ...others]);
  const brand = { handlers: draft.handlers, sites, ...ports(draft) };
  return brandFlow({ ir, handlers: handlerTable(draft) }, brand);
}

/** Pointer into the document -> where its author wrote that part. */
function documentSites(draft: FlowDraft): Map<string, DefinitionSite> {
  const lists = {
    nodes: [...draft.nodes.values()],
    edges: [...draft.edges.values()],
    control_surfaces: draft.surfaces,
  };
  const sites = new Map<string, DefinitionSite>();
  for (const [field, parts] of Object.entries(lists)) {
    parts.forEach(({ site }, index) => {
      if (site !== undefined) sites.set(`/${field}/${index}`, site);
    });
  }
  if (draft.site !== undefined) sites.set('', draft.site);
  return sites;
}

/** What the document's own schema says, such as a timeout that is not positive. */
function documentFindings(ir: FlowIR, sites: ReadonlyMap<string, DefinitionSite>): Diagnostic[] {
  return loadFlow(ir).diagnostics.map((found) => ({
    ...found,
    location: { ...found.location, ...locationIn(sites, found.location?.pointer ?? '') },
  }));
}

function checkVersion(draft: FlowDraft, version: unknown): void {
  if (typeof version === 'string' && isStrictSemver(version)) return;
  const shown = JSON.stringify(version) ?? 'undefined';
  const problem = 'it is not a semantic version such as 1.0.0';
  draft.report(diagnostic.AUTH001({ kind: 'version', name: shown, problem }, draft.location));
}

function flowDocument(draft: FlowDraft, name: string, options: FlowOptions<FlowParams>): FlowIR {
  const id = flowId(name, options.version);
  const nodes = [...draft.nodes.values()];
  const schemas = new SchemaTable();
  for (const node of nodes) {
    schemas.name(node.input, placeOf(draft, node, 'input schema'));
    schemas.name(node.output, placeOf(draft, node, 'output schema'));
  }
  const { summary, policies } = options;
  return {
    id,
    name,
    version: options.version,
    profile: options.profile ?? 'dev',
    ...present({ summary }),
    nodes: nodes.map((node) => nodeDocument(draft, node, id, schemas)),
    edges: [...draft.edges.values()].map(({ part }) => part),
    control_surfaces: draft.surfaces.map(({ part }) => part),
    checkpoints: [...draft.checkpoints.values()],
    policies: {
      lint: {
        require_control_hints: policies?.requireControlHints ?? false,
        ...present({ allow_multiple_triggers: policies?.allowMultipleTriggers }),
      },
    },
    metadata: { tags: options.tags ?? [] },
    artifacts: options.artifacts ?? [],
    ...present({
      schemas: schemas.documents(),
      params: options.params && flowParams(draft, options.params),
      deadline_ms: options.deadlineMs,
      subflows: draft.subflows.size === 0 ? undefined : Object.fromEntries(draft.subflows),
    }),
  };
}

function nodeDocument(
  draft: FlowDraft,
  node: DraftNode,
  flow: string,
  schemas: SchemaTable,
): NodeIR {
  const { alias, fields, input, output, params, site } = node;
  const title = pascalCase(String(alias));
  const { trigger } = fields;
  const capture = draft.captures.get(alias);
  const handler = draft.handlers.get(fields.identifier);
  return {
    id: nodeId(flow, alias),
    ...fields,
    in_schema: schemas.reference(input, `${title}Input`, placeOf(draft, node, 'input schema')),
    out_schema: schemas.reference(output, `${title}Output`, placeOf(draft, node, 'output schema')),
    ...present({
      trigger: trigger && { ...trigger, ...present({ capture }) },
      params: params && paramValues(draft, node, params.value),
      params_schema: params && schemaDocument(params.schema, placeOf(draft, node, 'params schema')),
      code_hash: handler?.site === undefined ? undefined : codeHash(handler.handler),
      source: site && siteSpan(site),
    }),
  };
}

function paramValues(draft: FlowDraft, node: DraftNode, value: unknown): Record<string, unknown> {
  const json = plainJson(value, placeOf(draft, node, 'params'));
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return json as Record<string, unknown>;
  }
  const owner = `Node ${node.alias}`;
  const problem = 'the value of params is not an object';
  draft.report(diagnostic.AUTH009({ owner, problem }, node.site && siteLocation(node.site)));
  return {};
}

function flowParams(draft: FlowDraft, params: FlowParams): FlowIR['params'] {
  return Object.fromEntries(
    Object.entries(params).map(([name, { schema, default: value }]) => {
      const place = (part: string): DocumentPlace => ({
        part,
        owner: `flow parameter ${name}`,
        location: () => draft.location,
        report: (problem: Diagnostic) => draft.report(problem),
      });
      const entry = { schema: schemaDocument(schema, place('schema')) };
      if (value === undefined) return [name, entry];
      return [name, { ...entry, default: plainJson(value, place('default')) }];
    }),
  );
}

function placeOf(draft: FlowDraft, node: DraftNode, part: string): DocumentPlace {
  return {
    part,
    owner: `node ${node.alias}`,
    location: () => node.site && siteLocation(node.site),
    report: (problem) => draft.report(problem),
  };
}

function handlerTable(draft: FlowDraft): ReadonlyMap<string, NodeHandler> {
  return new Map([...draft.handlers].map(([identifier, { handler }]) => [identifier, handler]));
}

/** The ports of the flow as a node: those of its only trigger and of what answers it. */
function ports(draft: FlowDraft): Pick<DraftNode, 'input' | 'output'> {
  const triggers = [...draft.nodes.values()].filter((node) => node.fields.kind === 'trigger');
  const [trigger] = triggers;
  if (trigger === undefined || triggers.length > 1) return { input: undefined, output: undefined };
  const capture = draft.captures.get(trigger.alias);
  const answer = capture === undefined ? undefined : draft.nodes.get(capture);
  return { input: trigger.input, output: answer?.output };
}

function pascalCase(alias: string): string {
  return alias.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) =>
    first.toUpperCase(),
  );
}
