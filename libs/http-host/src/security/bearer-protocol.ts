// Pages cannot set headers of a WebSocket, but they can name subprotocols. So a token may come as the
// subprotocol `basalt.bearer.` and the base64url of its UTF-8 bytes, beside the one that is spoken. It is
// a header like Authorization, in no address and no log, and pages of other origins cannot use it: they
// are refused by their Origin, and know no token.
import type { IncomingMessage } from 'node:http';

const NAME = 'sec-websocket-protocol';
const BEARER = /^basalt\.bearer\.([A-Za-z0-9_-]+)$/;
const PREFIX = 'basalt.bearer.';

/** What an upgrade offers as its token; `spoken` tells whether it offers another subprotocol, too. */
export interface BearerOffer {
  readonly token: string;
  readonly spoken: boolean;
}

/** Takes the token out of the subprotocols of a request, so that nothing else sees it. Undefined where
 * there is none. */
export function takeBearerProtocol(request: IncomingMessage): BearerOffer | undefined {
  const offered = request.headers[NAME];
  if (offered === undefined || !offered.includes(PREFIX)) return undefined;
  const names = offered.split(',').map((name) => name.trim());
  const rest = names.filter((name) => !name.startsWith(PREFIX));
  dropHeader(request, NAME);
  if (rest.length > 0) {
    request.headers[NAME] = rest.join(', ');
    request.rawHeaders.push('Sec-WebSocket-Protocol', rest.join(', '));
  }
  const found = names.filter((name) => name.startsWith(PREFIX));
  const encoded = found.length === 1 ? BEARER.exec(found[0]!)?.[1] : undefined;
  // No token is empty, so an offer that is not understood is one that is not known.
  const token = encoded === undefined ? '' : Buffer.from(encoded, 'base64url').toString('utf8');
  return { token, spoken: rest.length > 0 };
}

/** Takes a header out of a request in every form in which it is kept. */
export function dropHeader(request: IncomingMessage, name: string): void {
  delete request.headers[name];
  const raw = request.rawHeaders;
  for (let at = raw.length - 2; at >= 0; at -= 2) {
    if (raw[at]!.toLowerCase() === name) raw.splice(at, 2);
  }
}
