// Webhooks on routes: the body of a request to a signed trigger is read here, checked as it came, and
// only then handed on to be parsed.
import { Readable } from 'node:stream';
import type { SecretStore } from '@basalt/capabilities';
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HostContext } from '../host-part.js';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { WebhookOptions } from './security-options.js';
import { WebhookVerifier } from './webhook-signature.js';

export interface SignedRoutes {
  /** Whether the request has to be signed, in place of carrying a token. */
  covers(request: FastifyRequest): boolean;
  install(app: FastifyInstance): void;
}

/** Makes the verifier of each signed trigger.
 * @throws DiagnosticError HTTP213 where the flow or its trigger is not there, HTTP215 where the secret
 * is not. */
export async function signedRoutes(
  { flows }: HostContext,
  webhooks: readonly WebhookOptions[],
): Promise<SignedRoutes> {
  const verifiers = new Map<HttpRoute, Verified>();
  for (const webhook of webhooks) {
    const flow = flows.find(({ name }) => name === webhook.flow);
    if (flow === undefined) throw unusable(`there is no flow ${printable(webhook.flow)}`);
    const verifier = new WebhookVerifier(webhook, await secretOf(flow, webhook.secret));
    for (const route of routesOf(flow, webhook)) {
      verifiers.set(route, { verifier, flow: flow.name });
    }
  }
  const find = (request: FastifyRequest) => {
    if (verifiers.size === 0 || request.is404) return undefined;
    const { invoked } = request.routeOptions.config;
    return invoked && verifiers.get(invoked);
  };
  return {
    covers: (request) => find(request) !== undefined,
    install: (app) => verifiers.size > 0 && install(app, find),
  };
}

/** The verifier of a route and the flow behind it. */
interface Verified {
  readonly verifier: WebhookVerifier;
  readonly flow: string;
}

function unusable(problem: string): DiagnosticError {
  return new DiagnosticError([diagnostic.HTTP213({ option: 'webhooks', problem })]);
}

function routesOf(flow: CompiledFlow, webhook: WebhookOptions): readonly HttpRoute[] {
  const { trigger } = webhook;
  const routes = flow.routes.filter(
    (route) => (trigger ?? route.trigger.alias) === route.trigger.alias,
  );
  if (routes.length > 0) return routes;
  const named = trigger === undefined ? '' : ` named ${printable(trigger)}`;
  throw unusable(`flow ${printable(flow.name)} has no HTTP trigger${named}`);
}

async function secretOf(flow: CompiledFlow, secret: string): Promise<string> {
  const store: SecretStore | undefined = flow.capabilities.secrets;
  const missing = (problem: string) =>
    new DiagnosticError([
      diagnostic.HTTP215({ flow: flow.name, secret: printable(secret), problem }),
    ]);
  if (store === undefined) throw missing('no secrets are bound');
  let value: string | undefined;
  try {
    value = await store.get(secret);
  } catch (error) {
    throw missing(error instanceof DiagnosticError ? error.diagnostic.message : 'the store failed');
  }
  if (value === undefined) throw missing('it is not set');
  return value;
}

function install(
  app: FastifyInstance,
  find: (request: FastifyRequest) => Verified | undefined,
): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    const found = find(request);
    if (found === undefined) return payload;
    const body = await readWhole(payload, request.routeOptions.bodyLimit);
    const finding = found.verifier.verify(body, request.headers, Date.now());
    if (finding !== undefined) throw new DiagnosticError([finding]);
    request.client ||= `webhook:${found.flow}`;
    return Object.assign(Readable.from(body.length === 0 ? [] : [body]), {
      receivedEncodedLength: body.length,
    });
  });
}

/** The whole body. @throws DiagnosticError HTTP123 where it is larger than `limit` bytes. */
async function readWhole(payload: AsyncIterable<unknown>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > limit) throw new DiagnosticError([diagnostic.HTTP123({ limit })]);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
