// An answer with a status, headers or a body of any type, for hosts that answer over HTTP.
import type { Value } from '@basalt/ir';

/** What an HTTP host sends in place of 200 and the value as JSON. */
export interface HttpAnswer {
  /** A whole number from 200 to 599; 200 when absent. */
  readonly status?: number;
  /** Names are case-insensitive; a list makes several headers of one name. Headers of the connection
   * and of the length of the body belong to the host. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text and bytes go out as they are, all else as JSON; no body when absent. */
  readonly body?: Value;
}

/** The envelope of an answer: a value as any other, so it may travel on edges, and hosts without HTTP
 * hand it on as it is. Return it from the node whose output answers; its schema is `t.Opaque()`. */
export function respondWith(answer: HttpAnswer): {
  readonly $http: { readonly [key: string]: Value };
} {
  const { status, headers, body } = answer;
  return {
    $http: {
      ...(status === undefined ? {} : { status }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
    },
  };
}
