// Counts the requests of each client and refuses those beyond its rate, with the headers that tell a
// client how much is left.
import { isIPv6 } from 'node:net';
import { performance } from 'node:perf_hooks';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiter, type RateLimitOptions } from './rate-limiter.js';

/** An address as one client: an IPv6 customer has a whole /64, so its last half does not count. */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  // The parser of URLs writes every address in one form, with at most one "::".
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = tail === undefined ? left : [...left, ...zeros, ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** Takes one request of its client, or throws.
 * @throws DiagnosticError HTTP213 where an option is not usable. */
export function clientLimit(
  options: RateLimitOptions,
): (request: FastifyRequest, reply: FastifyReply) => void {
  const limiter = limiterOf(options);
  return (request, reply) => {
    const client = request.client || `address:${addressKey(request.clientAddress)}`;
    const verdict = limiter.take(client, performance.now());
    reply.header('ratelimit-limit', limiter.burst);
    reply.header('ratelimit-remaining', verdict.remaining);
    reply.header('ratelimit-reset', Math.ceil(verdict.resetMs / 1000));
    if (verdict.allowed) return;
    throw tooMany(limiter.perSecond, verdict.retryAfterMs);
  };
}

/** The refusal of a client that has to wait. */
export function tooMany(perSecond: number, waitMs: number): DiagnosticError {
  const retry_after_s = Math.max(1, Math.ceil(waitMs / 1000));
  const params = { limit: perSecond, retry_after_s };
  return new DiagnosticError([
    diagnostic.HTTP210(params, undefined, { details: { retry_after_s } }),
  ]);
}

function limiterOf(options: RateLimitOptions): RateLimiter {
  try {
    return new RateLimiter(options);
  } catch (error) {
    const problem = (error as Error).message;
    throw new DiagnosticError([diagnostic.HTTP213({ option: 'rateLimit', problem })]);
  }
}
