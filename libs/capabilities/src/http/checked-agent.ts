// Connections to addresses that were looked at. The check is on the address that the socket goes to,
// not on an earlier look-up, so a name that changes its address in between (DNS rebinding) gains
// nothing. Kept-alive sockets have passed it when they were opened.
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Agent } from 'undici';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { ResolveHost } from './http-options.js';
import { isPrivateAddress } from './private-address.js';

/** EGRESS103 for an address that is not public. */
export function privateAddressError(host: string, address: string): DiagnosticError {
  return new DiagnosticError([diagnostic.EGRESS103({ host, address })]);
}

const resolveBySystem: ResolveHost = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });

/** A look-up that gives public addresses only, and fails when a name has none. */
function publicLookup(resolve: ResolveHost, allowPrivate: boolean): LookupFunction {
  return (host, options, done) => {
    const answer = (addresses: readonly LookupAddress[]) => {
      const usable = allowPrivate
        ? addresses
        : addresses.filter(({ address }) => !isPrivateAddress(address));
      const [first] = usable;
      if (first === undefined) {
        const refused = addresses[0];
        const error: Error =
          refused === undefined
            ? new Error(`${host} has no address`)
            : privateAddressError(host, refused.address);
        done(error, '', 0);
      } else if (options.all) {
        done(null, [...usable]);
      } else {
        done(null, first.address, first.family);
      }
    };
    resolve(host).then(answer, (error: Error) => done(error, '', 0));
  };
}

/** An undici agent whose sockets go to public addresses only, unless `allowPrivate`. */
export async function checkedAgent(options: {
  readonly allowPrivate: boolean;
  readonly maxHeaderBytes: number;
  readonly resolve: ResolveHost | undefined;
}): Promise<Agent> {
  // Loaded with the first request: it is slow to start, and most flows make none.
  // Its one CommonJS export: bundlers know no names of it.
  const { default: undici } = await import('undici');
  const { Agent, buildConnector } = undici;
  const { allowPrivate } = options;
  const connect = buildConnector({
    lookup: publicLookup(options.resolve ?? resolveBySystem, allowPrivate),
  });
  return new Agent({
    maxHeaderSize: options.maxHeaderBytes,
    connect: (target, done) => {
      connect(target, (...[error, socket]) => {
        if (error) {
          done(error, null);
          return;
        }
        const address = socket.remoteAddress ?? '';
        if (!allowPrivate && isPrivateAddress(address)) {
          socket.destroy();
          done(privateAddressError(target.hostname, address), null);
          return;
        }
        done(null, socket);
      });
    },
  });
}
