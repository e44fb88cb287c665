// An address to listen on, as the command line gives it.
import { isIP } from 'node:net';
import { HostUsageError } from './host-outside.js';

/** Reads HOST:PORT; an IPv6 address stands in brackets. @throws HostUsageError */
export function addressOf(
  addr: string,
  option = '--addr',
): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(addr);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535 || (match?.[1] !== undefined && isIP(host) !== 6)) {
    throw new HostUsageError(`${option} takes HOST:PORT, such as 127.0.0.1:8080, not ${addr}.`);
  }
  return { host, port };
}
