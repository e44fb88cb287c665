// Which web pages of other origins may use the host from a browser: none, unless they are listed.
// Credentials are never allowed, so a listed page has to hold a token of its own.
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';

export interface CorsOptions {
  /** Origins such as `https://app.example.com`; `*` for every one. */
  readonly origins: readonly string[];
  /** How long a browser may remember the answer to a preflight, in seconds; default 600. */
  readonly maxAgeS?: number;
}

const EXPOSED =
  'x-basalt-run-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset';
const TOKEN = /^[a-z0-9!#$%&'*+.^_`|~-]+$/i;
const DEFAULT_MAX_AGE_S = 600;
const MAX_REQUESTED_HEADERS = 50;

/** Whether `text` is an origin exactly as browsers write it. */
function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text;
  } catch {
    return false;
  }
}

export class CorsPolicy {
  readonly #origins: ReadonlySet<string>;
  readonly #any: boolean;
  readonly #maxAgeS: number;

  /** Without options no origin is allowed. @throws DiagnosticError HTTP213 where one is malformed. */
  constructor(options: CorsOptions = { origins: [] }) {
    const wrong = options.origins.find((origin) => origin !== '*' && !isOrigin(origin));
    if (wrong !== undefined) {
      const problem = `${printable(wrong.slice(0, 80))} is no origin (scheme, host and port)`;
      throw new DiagnosticError([diagnostic.HTTP213({ option: 'cors', problem })]);
    }
    this.#origins = new Set(options.origins);
    this.#any = this.#origins.has('*');
    this.#maxAgeS = options.maxAgeS ?? DEFAULT_MAX_AGE_S;
  }

  /** Whether answers depend on the origin, so that caches must keep them apart. */
  get varies(): boolean {
    return this.#origins.size > 0 && !this.#any;
  }

  allows(origin: string): boolean {
    return this.#any || this.#origins.has(origin);
  }

  /** The headers of an answer to an allowed origin. */
  answerHeaders(origin: string): Readonly<Record<string, string>> {
    return {
      'access-control-allow-origin': this.#any ? '*' : origin,
      'access-control-expose-headers': EXPOSED,
    };
  }

  /** The headers of the answer to a preflight of an allowed origin (Fetch standard, section 3.2).
   * @param methods The methods of the route. @param requested Access-Control-Request-Headers. */
  preflightHeaders(
    origin: string,
    methods: readonly string[],
    requested: string | undefined,
  ): Readonly<Record<string, string>> {
    const names = (requested ?? '').split(',').map((name) => name.trim().toLowerCase());
    const wanted = names.filter((name) => TOKEN.test(name)).slice(0, MAX_REQUESTED_HEADERS);
    return {
      'access-control-allow-origin': this.#any ? '*' : origin,
      'access-control-allow-methods': methods.join(', '),
      ...(wanted.length === 0 ? {} : { 'access-control-allow-headers': wanted.join(', ') }),
      'access-control-max-age': String(this.#maxAgeS),
    };
  }
}
