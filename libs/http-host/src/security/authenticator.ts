// Finds out who sends a request, by its bearer token (RFC 6750), and what that token may do.
import type { IncomingMessage } from 'node:http';
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { Principal, RouteAccess } from './route-access.js';
import { allowsFlow, allowsHost } from './scope.js';
import { readTokenFile } from './token-file.js';
import { MAX_TOKEN_LENGTH, TokenRegistry } from './token-registry.js';

/** A request that is refused, and the header that says what is asked for. */
export interface Refusal {
  readonly finding: Diagnostic;
  readonly wwwAuthenticate: string;
}

const REALM = 'Bearer realm="basalt"';
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

export class Authenticator {
  readonly #tokens: TokenRegistry;

  /** @throws DiagnosticError HTTP200 where the token file is not usable. */
  constructor(tokenFile: string) {
    this.#tokens = new TokenRegistry(readTokenFile(tokenFile));
  }

  /** Whose token the request carries. The token is taken out of the request: it is for the host, and
   * neither a flow nor a log may see it. */
  principalOf(request: IncomingMessage): Principal | Refusal {
    const header = request.headers.authorization;
    const invalid = `${REALM}, error="invalid_token"`;
    if (header === undefined) {
      return { finding: diagnostic.HTTP201({ what: 'none' }), wwwAuthenticate: REALM };
    }
    dropAuthorization(request);
    const token = header.length <= MAX_TOKEN_LENGTH ? BEARER.exec(header)?.[1] : undefined;
    if (token === undefined) {
      const what = 'an Authorization header of another form';
      return { finding: diagnostic.HTTP201({ what }), wwwAuthenticate: invalid };
    }
    const entry = this.#tokens.find(token);
    if (entry !== undefined) return { name: entry.name, scopes: entry.scopes };
    return { finding: diagnostic.HTTP202({}), wwwAuthenticate: invalid };
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

function dropAuthorization(request: IncomingMessage): void {
  delete request.headers.authorization;
  const raw = request.rawHeaders;
  for (let at = raw.length - 2; at >= 0; at -= 2) {
    if (raw[at]!.toLowerCase() === 'authorization') raw.splice(at, 2);
  }
}
