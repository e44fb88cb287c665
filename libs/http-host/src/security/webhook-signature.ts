// Checks that a webhook request comes from who shares its secret, was sent just now, and was not
// received before. The HMAC is over the raw bytes of the body; where a time header is agreed, over the
// time, a full stop and the body, so that neither can be changed.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { diagnostic, DiagnosticError, printable, type Diagnostic } from '@basalt/diagnostics';
import { NonceStore } from './nonce-store.js';

/** How the requests of one trigger are signed. */
export interface WebhookSignatureOptions {
  /** Name of the secret in the secret store of the host. */
  readonly secret: string;
  /** The header that carries the signature, such as `x-hub-signature-256`. */
  readonly header: string;
  /** Default sha256, the only one. */
  readonly algorithm?: 'sha256';
  /** How the signature is written; default hex. */
  readonly encoding?: 'hex' | 'base64';
  /** Text before the signature, such as `sha256=`; none by default. */
  readonly prefix?: string;
  /** The header that carries the time of sending, in seconds since the epoch. Without it a request can
   * be replayed once the window is over. */
  readonly timestampHeader?: string;
  /** How far the time of sending may be from now, and how long a request is remembered at least, in
   * seconds; default 300. */
  readonly toleranceS?: number;
  /** Most requests that are remembered; default 100,000. */
  readonly maxNonces?: number;
}

const DEFAULT_TOLERANCE_S = 300;
const DEFAULT_MAX_NONCES = 100_000;
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;

function bad(problem: string): DiagnosticError {
  return new DiagnosticError([diagnostic.HTTP213({ option: 'webhooks', problem })]);
}

function headerName(name: string): string {
  const lower = name.toLowerCase();
  if (!HEADER_NAME.test(lower)) {
    throw bad(`${printable(name.slice(0, 60)) || 'an empty text'} is no header name`);
  }
  return lower;
}

function positiveWhole(value: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw bad(`${what} is ${value}, and a whole number above 0 is needed`);
  }
  return value;
}

export class WebhookVerifier {
  readonly #key: string;
  readonly #header: string;
  readonly #timestampHeader: string | undefined;
  readonly #prefix: string;
  readonly #encoding: 'hex' | 'base64';
  readonly #toleranceS: number;
  readonly #maxNonces: number;
  readonly #seen: NonceStore;

  /** @param secret The secret itself. @throws DiagnosticError HTTP213 where an option is not usable. */
  constructor(options: WebhookSignatureOptions, secret: string) {
    const { algorithm = 'sha256', encoding = 'hex' } = options;
    if (algorithm !== 'sha256') throw bad(`the algorithm ${String(algorithm)} is not sha256`);
    if (encoding !== 'hex' && encoding !== 'base64') {
      throw bad(`the encoding ${String(encoding)} is neither hex nor base64`);
    }
    if (secret === '') throw bad(`the secret ${options.secret} is empty`);
    this.#key = secret;
    this.#header = headerName(options.header);
    this.#timestampHeader =
      options.timestampHeader === undefined ? undefined : headerName(options.timestampHeader);
    this.#prefix = options.prefix ?? '';
    this.#encoding = encoding;
    this.#toleranceS = positiveWhole(options.toleranceS ?? DEFAULT_TOLERANCE_S, 'toleranceS');
    this.#maxNonces = positiveWhole(options.maxNonces ?? DEFAULT_MAX_NONCES, 'maxNonces');
    // A request from the far end of the window is valid up to and including twice the tolerance.
    this.#seen = new NonceStore(2 * this.#toleranceS * 1000 + 1, this.#maxNonces);
  }

  /** Undefined where the request is genuine, new and of now; else the finding that refuses it. */
  verify(body: Uint8Array, headers: IncomingHttpHeaders, nowMs: number): Diagnostic | undefined {
    const given = this.#givenSignature(headers);
    if (!Buffer.isBuffer(given)) return given;
    const sent = this.#sentAt(headers);
    if (typeof sent === 'object') return sent;
    const hmac = createHmac('sha256', this.#key);
    if (sent !== undefined) hmac.update(`${sent}.`);
    const expected = hmac.update(body).digest();
    if (!timingSafeEqual(given, expected)) return diagnostic.HTTP206({});
    // Only what is genuine may say how old it is, and takes a place among what is remembered.
    if (sent !== undefined) {
      const ageMs = Math.abs(nowMs - Number(sent) * 1000);
      if (ageMs > this.#toleranceS * 1000) {
        const age_s = Math.ceil(ageMs / 1000);
        return diagnostic.HTTP207({ age_s, tolerance_s: this.#toleranceS });
      }
    }
    const verdict = this.#seen.take(expected.toString('base64'), nowMs);
    if (verdict === 'seen') return diagnostic.HTTP208({});
    return verdict === 'full' ? diagnostic.HTTP209({ max: this.#maxNonces }) : undefined;
  }

  #givenSignature(headers: IncomingHttpHeaders): Buffer | Diagnostic {
    const text = headers[this.#header];
    const fail = (problem: string) => diagnostic.HTTP205({ problem });
    if (typeof text !== 'string') return fail(`the header ${this.#header} is missing`);
    if (!text.startsWith(this.#prefix)) {
      return fail(`the header ${this.#header} does not begin with ${printable(this.#prefix)}`);
    }
    const coded = text.slice(this.#prefix.length);
    const form = this.#encoding === 'hex' ? /^[0-9a-fA-F]{64}$/ : /^[A-Za-z0-9+/]{43}=$/;
    if (!form.test(coded)) {
      return fail(`the header ${this.#header} is no SHA-256 in ${this.#encoding}`);
    }
    return Buffer.from(coded, this.#encoding);
  }

  /** The time as it was sent; undefined where no header for it was agreed. */
  #sentAt(headers: IncomingHttpHeaders): string | undefined | Diagnostic {
    const name = this.#timestampHeader;
    if (name === undefined) return undefined;
    const text = headers[name];
    if (typeof text === 'string' && /^\d{1,12}$/.test(text)) return text;
    const problem = `the header ${name} is not the time of sending in whole seconds`;
    return diagnostic.HTTP205({ problem });
  }
}
