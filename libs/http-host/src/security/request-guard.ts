// The first part of the host: every request passes it before anything else sees it. In this order:
// forged headers are dropped, the name of the host and the page that asks are checked, the caller is
// recognised, counted against its limit, and held to its scopes.
import { performance } from 'node:perf_hooks';
import { DiagnosticError, diagnostic, printable, type Diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HostContext, HostPart } from '../host-part.js';
import { readJsonBody } from '../invocation/read-json-body.js';
import type { PlainGuard } from '../direct/direct-path.js';
import { Authenticator } from './authenticator.js';
import { CorsPolicy } from './cors-policy.js';
import { corsPreflight } from './cors-preflight.js';
import { hostNameCheck, namesTwoHosts } from './host-names.js';
import { foreignOrigin } from './origin-check.js';
import { ProxyTrust } from './proxy-trust.js';
import { addressKey, clientLimit, tooMany } from './client-limit.js';
import { RateLimiter } from './rate-limiter.js';
import { accessOfRoutes, type RouteAccess } from './route-access.js';
import { takeBearerProtocol, type BearerOffer } from './bearer-protocol.js';
import { followTokenFile } from './follow-token-file.js';
import type { FlowAction } from './scope.js';
import { secureHeaders } from './secure-headers.js';
import type { SecurityOptions } from './security-options.js';
import { signedRoutes, type SignedRoutes } from './signed-routes.js';

/** Wrong tokens that one address may try at once, and then in a second. */
const FAILED_LOGINS = { perSecond: 1, burst: 20 };

/** Everything that the guard needs to know, made once. */
class Guard {
  readonly auth: Authenticator | undefined;
  readonly cors: CorsPolicy;
  readonly trust: ProxyTrust;
  readonly headers: Readonly<Record<string, string>>;
  readonly answersTo: (host: string) => boolean;
  readonly #limit: ReturnType<typeof clientLimit> | undefined;
  /** Whether callers are recognised or counted at all. */
  readonly #recognises: boolean;
  readonly #accessOf: (request: FastifyRequest) => RouteAccess | undefined;
  readonly #signed: SignedRoutes;
  readonly #failures = new RateLimiter(FAILED_LOGINS);

  constructor(
    options: SecurityOptions,
    accessOf: (request: FastifyRequest) => RouteAccess | undefined,
    signed: SignedRoutes,
  ) {
    this.headers = secureHeaders(options);
    this.auth = options.tokenFile === undefined ? undefined : new Authenticator(options.tokenFile);
    this.cors = new CorsPolicy(options.cors);
    this.trust = new ProxyTrust(options.trustedProxies ?? []);
    const loopbackOnly = this.auth === undefined && !options.allowUnauthenticated;
    this.answersTo = hostNameCheck(options.allowedHosts, loopbackOnly);
    this.#limit = options.rateLimit === undefined ? undefined : clientLimit(options.rateLimit);
    this.#recognises = this.auth !== undefined || this.#limit !== undefined;
    this.#accessOf = accessOf;
    this.#signed = signed;
  }

  /** Lets the request pass. @throws DiagnosticError where it does not. */
  check(request: FastifyRequest, reply: FastifyReply): void {
    const { raw } = request;
    reply.headers(this.headers);
    if (namesTwoHosts(raw.rawHeaders)) {
      reply.header('connection', 'close');
      throw refuse(diagnostic.HTTP120({ problem: 'it names more than one host' }));
    }
    this.trust.dropForged(raw);
    this.#checkBrowser(request, reply);
    const offer = takeBearerProtocol(raw);
    if (this.#recognises) this.#recognise(request, reply, offer);
    const user = raw.headers['x-auth-user'];
    if (typeof user !== 'string' || user === '') return;
    request.extensions = { ...request.extensions, 'auth.user': proxyUser(user) };
    if (request.client === '') request.client = `user:${user}`;
  }

  #isPublic(request: FastifyRequest): boolean {
    return this.#accessOf(request)?.kind === 'public';
  }

  #checkBrowser(request: FastifyRequest, reply: FastifyReply): void {
    const { headers } = request.raw;
    const forwarded = headers['x-forwarded-host'];
    const host = typeof forwarded === 'string' ? forwarded : headers.host;
    if (host !== undefined && !this.answersTo(host)) {
      if (this.#isPublic(request)) return;
      throw refuse(diagnostic.HTTP217({ host: printable(host.slice(0, 100)) }));
    }
    if (this.cors.varies) reply.header('vary', 'origin');
    const foreign = foreignOrigin(headers, host);
    if (foreign === undefined || this.#isPublic(request)) return;
    if (!this.cors.allows(foreign)) {
      throw refuse(diagnostic.HTTP216({ origin: printable(foreign.slice(0, 100)) }));
    }
    reply.headers(this.cors.answerHeaders(foreign));
  }

  #recognise(request: FastifyRequest, reply: FastifyReply, offer: BearerOffer | undefined): void {
    const access = this.#accessOf(request);
    if (access?.kind === 'public') return;
    const asked = this.auth !== undefined && !this.#signed.covers(request);
    const found = asked ? this.auth.principalOf(request.raw, offer) : undefined;
    if (found !== undefined && 'name' in found) {
      request.principal = found;
      request.client = `token:${found.name}`;
      request.extensions = { 'auth.user': { token: found.name } };
    }
    this.#limit?.(request, reply);
    if (found === undefined) return;
    const refusal = 'name' in found ? this.auth!.refusalFor(found, access) : found;
    if (refusal === undefined) return;
    if (!('name' in found)) this.#countFailure(request);
    reply.header('www-authenticate', refusal.wwwAuthenticate);
    throw refuse(refusal.finding);
  }

  /** Whoever guesses tokens is slowed down. */
  #countFailure(request: FastifyRequest): void {
    const verdict = this.#failures.take(addressKey(request.clientAddress), performance.now());
    if (verdict.allowed) return;
    throw tooMany(FAILED_LOGINS.perSecond, verdict.retryAfterMs);
  }
}

function refuse(finding: Diagnostic): DiagnosticError {
  return new DiagnosticError([finding]);
}

/** The user whom a trusted proxy names: JSON where it is JSON, else text. From anybody else the header
 * was dropped. */
function proxyUser(text: string): Value {
  try {
    return readJsonBody(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

/** Whether nothing is checked of a request that has no other headers than every client sends. */
function looksAtNamesOnly(options: SecurityOptions): boolean {
  const { tokenFile, rateLimit, cors, trustedProxies = [], webhooks = [] } = options;
  const recognises = tokenFile !== undefined || rateLimit !== undefined;
  return !recognises && cors === undefined && trustedProxies.length + webhooks.length === 0;
}

function plainGuard({ headers, answersTo }: Guard): PlainGuard {
  return { headers: Object.entries(headers).flat(), answersTo };
}

/** The guard of all requests. */
export const requestGuard: HostPart = {
  name: 'request-guard',
  async install(context: HostContext) {
    const { app } = context;
    const options: SecurityOptions = context.options.security ?? {};
    const signed = await signedRoutes(context, options.webhooks ?? []);
    const guard = new Guard(options, accessOfRoutes(context.flows), signed);
    const { auth } = guard;
    if (auth !== undefined) followTokenFile(context, auth.tokens);
    app.decorateRequest('principal', null);
    app.decorateRequest('clientAddress', {
      getter(this: FastifyRequest) {
        return guard.trust.clientAddress(this.raw.socket.remoteAddress, this.raw.headers);
      },
    });
    app.decorateRequest(
      'may',
      function may(this: FastifyRequest, flow: string, action: FlowAction) {
        if (auth === undefined) return true;
        return this.principal !== null && auth.allows(this.principal, flow, action);
      },
    );
    corsPreflight(app, guard.cors, guard.headers);
    app.addHook('onRequest', (request, reply, done) => {
      guard.check(request, reply);
      done();
    });
    signed.install(app);
    if (looksAtNamesOnly(options)) context.direct.admit(plainGuard(guard));
  },
};
