// What whoever starts a host decides about who may use it.
import type { CorsOptions } from './cors-policy.js';
import type { RateLimitOptions } from './rate-limiter.js';
import type { WebhookSignatureOptions } from './webhook-signature.js';

/** A trigger whose requests are signed. */
export interface WebhookOptions extends WebhookSignatureOptions {
  /** Name of the flow. */
  readonly flow: string;
  /** Alias of the trigger; all HTTP triggers of the flow when absent. */
  readonly trigger?: string;
}

export interface SecurityOptions {
  /** Path of the token file. Without it nobody is asked who they are. */
  readonly tokenFile?: string;
  /** The token file is looked at every so many milliseconds, and read again when it has changed; 0:
   * never by itself. Default 1000. */
  readonly tokenFileCheckMs?: number;
  /** A host without tokens may listen on addresses that others can reach. Default false. */
  readonly allowUnauthenticated?: boolean;
  /** Addresses and CIDR ranges of the proxies whose X-Forwarded-* and X-Auth-User are believed. */
  readonly trustedProxies?: readonly string[];
  /** Names, without ports, to which the host answers. When absent: those of this machine for a host
   * that asks nobody who they are, else every name. */
  readonly allowedHosts?: readonly string[];
  /** Web pages of other origins that may use the host; none when absent. */
  readonly cors?: CorsOptions;
  /** Bound on the requests of each client (a token, else an address); none when absent. */
  readonly rateLimit?: RateLimitOptions;
  /** The host is reached over TLS only: answers carry Strict-Transport-Security. */
  readonly behindTls?: boolean;
  /** Triggers whose requests are signed, in place of carrying a token. */
  readonly webhooks?: readonly WebhookOptions[];
}
