// What a body becomes, by its content type: JSON and CBOR are read, anything else is bytes where the
// trigger takes bytes. An empty body is null.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { decodeCanonical, formatPointer, type Value } from '@basalt/ir';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpRoute } from '../hosted-flow.js';
import { readJsonBody } from './read-json-body.js';
import { withBytes } from './with-bytes.js';
import { reservedKeyIn } from './reserved-keys.js';

type Done = (error: Error | null, body?: Value) => void;
type Read = (body: Buffer, request: FastifyRequest) => Value;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The trigger behind this route. */
    readonly invoked?: HttpRoute;
  }
}

/** Replaces the parsers of the server. */
export function addBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const add = (type: string | RegExp, read: Read) =>
    app.addContentTypeParser(type, { parseAs: 'buffer' }, parser(read));
  add('application/json', readJson);
  add(/^application\/[^;\s]+\+json/i, readJson);
  add('application/cbor', readCborBody);
  add('*', readOtherBody);
}

function readJson(body: Buffer, request: FastifyRequest): Value {
  return readJsonPayload(body, request.routeOptions.config.invoked);
}

/** The payload of a JSON text; where there is a route, with the bytes that its trigger wants.
 * @throws DiagnosticError HTTP110, or RUN116 for text that is no base64. */
export function readJsonPayload(body: Buffer, route: HttpRoute | undefined): Value {
  const value = readJsonBody(body);
  return route?.bytesIn === undefined ? value : withBytes(route.trigger, route.bytesIn, value);
}

/** The value of canonical CBOR.
 * @throws DiagnosticError HTTP110 with `details` {offset} or {pointer}. */
export function readCborBody(body: Buffer): Value {
  let value: Value;
  try {
    value = decodeCanonical(body);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const { message } = error.diagnostic;
    const offset = /\bat byte (\d+)/.exec(message)?.[1];
    throw malformed(message, offset === undefined ? {} : { offset: Number(offset) });
  }
  const path = reservedKeyIn(value);
  if (path === undefined) return value;
  const details = { pointer: formatPointer(path) };
  throw malformed(`the key ${JSON.stringify(path.at(-1))} is reserved`, details);
}

function readOtherBody(body: Buffer, request: FastifyRequest): Value {
  const route = request.routeOptions.config.invoked;
  if (route === undefined || route.takesBytes) return new Uint8Array(body);
  const type = request.headers['content-type'] ?? 'none';
  const trigger = route.trigger.alias;
  throw new DiagnosticError([diagnostic.HTTP124({ trigger, type: JSON.stringify(type) })]);
}

function parser(read: Read) {
  return (request: FastifyRequest, body: Buffer, done: Done): void => {
    let value: Value;
    try {
      value = body.length === 0 ? null : read(body, request);
    } catch (error) {
      done(error as Error);
      return;
    }
    done(null, value);
  };
}

function malformed(problem: string, details: Readonly<Record<string, unknown>>): DiagnosticError {
  const params = { format: 'canonical CBOR', problem: problem.replace(/\.$/, '') };
  return new DiagnosticError([diagnostic.HTTP110(params, undefined, { details })]);
}
