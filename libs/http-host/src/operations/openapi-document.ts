// The OpenAPI 3.1 description of a host, made from its flows: routes, methods, schemas, answers,
// limits and who may call. https://spec.openapis.org/oas/v3.1.1
import type { JsonSchema } from '@basalt/ir';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import { ComponentSchemas } from './component-schemas.js';
import { RUN_SCHEMA, runPaths } from './run-operations.js';

export interface OpenApiOptions {
  readonly title?: string;
  readonly version?: string;
  /** Callers carry bearer tokens. */
  readonly bearer?: boolean;
  /** In place of the deadlines of the triggers, in milliseconds. */
  readonly deadlineMs?: number;
  /** The header that carries the signature of a route; undefined where requests are not signed. */
  readonly signatureHeader?: (route: HttpRoute) => string | undefined;
}

type JsonObject = { readonly [key: string]: unknown };

const ERROR_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['error', 'code', 'details', 'run_id'],
  properties: {
    error: { type: 'string', description: 'What went wrong' },
    code: { type: 'string', pattern: '^[A-Z]+[0-9]{3}$', description: 'The diagnostic code' },
    details: { type: 'object', description: 'Facts for machines' },
    run_id: { type: ['string', 'null'], description: 'The execution; null where none was started' },
  },
};

const RUN_ID = { description: 'The execution', schema: { type: 'string' } };
const RETRY_AFTER = { description: 'Seconds to wait', schema: { type: 'integer', minimum: 0 } };

/** Statuses of failures that every route may answer with, and when. */
const FAILURES: Readonly<Record<string, string>> = {
  '400': 'The request or its payload is malformed',
  '413': 'The payload is too large',
  '415': 'The content type is not understood',
  '429': 'The client sends too many requests',
  '500': 'The flow failed',
  '503': 'The host is overloaded or stopping',
  '504': 'The deadline of the flow is over',
};
const GUARDED: Readonly<Record<string, string>> = {
  '401': 'The caller is not known',
  '403': 'The caller may not do this',
};

/** The description of `flows`. */
export function openApiDocument(
  flows: readonly CompiledFlow[],
  options: OpenApiOptions = {},
): JsonObject {
  const schemas = new ComponentSchemas();
  const error = schemas.add('Error', ERROR_SCHEMA);
  const securitySchemes: Record<string, JsonObject> = {};
  if (options.bearer) securitySchemes['bearer'] = { type: 'http', scheme: 'bearer' };
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const flow of flows) {
    for (const route of flow.routes) {
      const security = securityOf(route, options, securitySchemes);
      const path = route.path.replace(/:([^/]+)/g, '{$1}');
      const statuses = security.length === 0 ? FAILURES : { ...FAILURES, ...GUARDED };
      const failures = failuresOf(statuses, error);
      const operation = operationOf(flow, route, schemas, failures, security);
      const deadline = options.deadlineMs ?? deadlineOf(flow, route);
      (paths[path] ??= {})[route.method.toLowerCase()] = {
        ...operation,
        ...(deadline === undefined ? {} : { 'x-basalt-deadline-ms': deadline }),
      };
    }
  }
  const run = schemas.add('Run', RUN_SCHEMA);
  const failures = (statuses: Readonly<Record<string, string>>) => failuresOf(statuses, error);
  return {
    openapi: '3.1.1',
    info: { title: options.title ?? 'Basalt flows', version: options.version ?? '0.1.0' },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    paths: { ...paths, ...runPaths(run, failures, options.bearer === true) },
    components: { schemas: schemas.all(), securitySchemes },
    tags: [
      ...flows.map(({ name, ir }) => ({ name, ...described(ir.summary) })),
      { name: 'runs', description: 'Runs by their id' },
    ],
  };
}

/** What a caller has to show: one requirement, or none. */
function securityOf(
  route: HttpRoute,
  { bearer, signatureHeader }: OpenApiOptions,
  schemes: Record<string, JsonObject>,
): readonly JsonObject[] {
  const header = signatureHeader?.(route);
  if (header === undefined) return bearer ? [{ bearer: [] }] : [];
  const name = `signature.${header}`;
  const description = 'HMAC-SHA-256 of the raw body';
  schemes[name] = { type: 'apiKey', in: 'header', name: header, description };
  return [{ [name]: [] }];
}

function described(summary: string | undefined): JsonObject {
  return summary === undefined ? {} : { description: summary };
}

function operationOf(
  flow: CompiledFlow,
  route: HttpRoute,
  schemas: ComponentSchemas,
  failures: JsonObject,
  security: readonly JsonObject[],
): JsonObject {
  const { trigger, path, method } = route;
  const names = [...path.matchAll(/:([^/]+)/g)].map((match) => match[1]!);
  const parameters = names.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    operationId: `${flow.name}.${trigger.alias}`,
    tags: [flow.name],
    summary: trigger.ir.name,
    ...described(trigger.ir.summary ?? flow.ir.summary),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBodyOf(flow, route, schemas, method),
    responses: { ...successOf(flow, route, schemas), ...failures },
    security,
  };
}

function deadlineOf({ ir }: CompiledFlow, { trigger }: HttpRoute): number | undefined {
  return trigger.ir.trigger?.deadline_ms ?? ir.deadline_ms;
}

function requestBodyOf(
  flow: CompiledFlow,
  route: HttpRoute,
  schemas: ComponentSchemas,
  method: string,
): JsonObject {
  if (method === 'GET' || method === 'HEAD') return {};
  const schema = schemas.refTo(flow.ir, route.trigger.ir.in_schema);
  const content = {
    'application/json': { schema },
    'application/cbor': { schema },
    ...(route.takesBytes ? { 'application/octet-stream': {} } : {}),
  };
  // An empty body is the payload null, which the schema may refuse.
  return { requestBody: { content, required: schema !== true } };
}

function successOf(flow: CompiledFlow, route: HttpRoute, schemas: ComponentSchemas): JsonObject {
  const headers = { 'x-basalt-run-id': RUN_ID };
  const alias = route.trigger.ir.trigger?.capture;
  const capture = flow.ir.nodes.find((node) => node.alias === alias) ?? onlyLeaf(flow);
  const schema = capture === undefined ? true : schemas.refTo(flow.ir, capture.out_schema);
  switch (route.respond) {
    case 'accepted':
      return { '202': { description: 'The execution was started', headers } };
    case 'stream': {
      const content = {
        'text/event-stream': { schema: { type: 'string' } },
        'application/x-ndjson': { schema: { type: 'string' } },
      };
      return { '200': { description: 'The outputs, as they come', headers, content } };
    }
    case 'value': {
      const content = { 'application/json': { schema }, 'application/cbor': { schema } };
      return { '200': { description: 'The output', headers, content } };
    }
  }
}

function onlyLeaf({ ir }: CompiledFlow): CompiledFlow['ir']['nodes'][number] | undefined {
  const senders = new Set(ir.edges.map(({ from }) => from));
  const leaves = ir.nodes.filter(({ alias }) => !senders.has(alias));
  return leaves.length === 1 ? leaves[0] : undefined;
}

function failuresOf(statuses: Readonly<Record<string, string>>, error: JsonSchema): JsonObject {
  const content = { 'application/json': { schema: error } };
  const entries = Object.entries(statuses).map(([status, description]) => {
    const waits = status === '429' || status === '503';
    const headers = waits ? { headers: { 'retry-after': RETRY_AFTER } } : {};
    return [status, { description, ...headers, content }];
  });
  return Object.fromEntries(entries) as JsonObject;
}
