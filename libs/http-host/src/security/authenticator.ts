// Finds out who sends a request, by its bearer token (RFC 6750), and what that token may do.
import type { IncomingMessage } from 'node:http';
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import { dropHeader, type BearerOffer } from './bearer-protocol.js';
import type { Principal, RouteAccess } from './route-access.js';
import { allowsFlow, allowsHost, type FlowAction } from './scope.js';
import { MAX_TOKEN_LENGTH } from './token-registry.js';
import { WatchedTokens } from './watched-tokens.js';

/** A request that is refused, and the header that says what is asked for. */
export interface Refusal {
  readonly finding: Diagnostic;
  readonly wwwAuthenticate: string;
}

const REALM = 'Bearer realm="basalt"';
const INVALID = `${REALM}, error="invalid_token"`;
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

export class Authenticator {
  readonly tokens: WatchedTokens;

  /** @throws DiagnosticError HTTP200 where the token file is not usable. */
  constructor(tokenFile: string) {
    this.tokens = new WatchedTokens(tokenFile);
  }

  /** Whose token the request carries. The token is taken out of the request: it is for the host, and
   * neither a flow nor a log may see it.
   * @param offer the token among the subprotocols of a WebSocket */
  principalOf(request: IncomingMessage, offer: BearerOffer | undefined): Principal | Refusal {
    const header = request.headers.authorization;
    if (header === undefined) {
      if (offer === undefined) {
        return { finding: diagnostic.HTTP201({ what: 'none' }), wwwAuthenticate: REALM };
      }
      if (offer.spoken) return this.#find(offer.token);
      const what = 'one as its only WebSocket subprotocol: offer basalt.json.v1 beside it';
      return { finding: diagnostic.HTTP201({ what }), wwwAuthenticate: INVALID };
    }
    dropHeader(request, 'authorization');
    const token = header.length <= MAX_TOKEN_LENGTH ? BEARER.exec(header)?.[1] : undefined;
    if (token !== undefined) return this.#find(token);
    const what = 'an Authorization header of another form';
    return { finding: diagnostic.HTTP201({ what }), wwwAuthenticate: INVALID };
  }

  /** Whether the principal may do this now: its token may have been withdrawn since. */
  allows(principal: Principal, flow: string, action: FlowAction): boolean {
    const entry = this.tokens.current(principal);
    return entry !== undefined && allowsFlow(entry.scopes, flow, action);
  }

  #find(token: string): Principal | Refusal {
    const entry = token.length <= MAX_TOKEN_LENGTH ? this.tokens.find(token) : undefined;
    return entry ?? { finding: diagnostic.HTTP202({}), wwwAuthenticate: INVALID };
  }

  /** Undefined where the principal may use the route. */
  refusalFor(principal: Principal, access: RouteAccess | undefined): Refusal | undefined {
    const scope = missingScope(principal, access);
    if (scope === undefined) return undefined;
    const quoted = scope.replace(/[^\x21\x23-\x5b\x5d-\x7e]/g, '_');
    return {
      finding: diagnostic.HTTP203({ token: principal.name, scope }),
      wwwAuthenticate: `${REALM}, error="insufficient_scope", scope="${quoted}"`,
    };
  }
}

/** The scope that the route asks for and the principal does not have. */
function missingScope(principal: Principal, access: RouteAccess | undefined): string | undefined {
  const { scopes } = principal;
  switch (access?.kind) {
    case 'public':
    case 'token':
    case 'nothing':
      return undefined;
    case 'flow': {
      const { flow, action } = access;
      return allowsFlow(scopes, flow, action) ? undefined : `flow:${flow}:${action}`;
    }
    case 'host':
      return allowsHost(scopes, access.action) ? undefined : `host:${access.action}`;
    case undefined:
      return scopes.some(({ on }) => on === 'everything') ? undefined : '*';
  }
}
