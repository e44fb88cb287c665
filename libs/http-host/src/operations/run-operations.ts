// The part of the OpenAPI description that is about runs by their URL: how one stands, events for it, and
// its end. https://spec.openapis.org/oas/v3.1.1
import type { JsonSchema } from '@basalt/ir';

type JsonObject = { readonly [key: string]: unknown };

const RUN_STATUSES = [
  'queued',
  'running',
  'waiting',
  'interrupted',
  'retrying',
  'cancelling',
  'completed',
  'failed',
  'cancelled',
  'dead',
];

const TIME = { type: ['integer', 'null'], description: 'Milliseconds since the Unix epoch' };

/** What `GET /_runs/ID` answers with. */
export const RUN_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['run_id', 'flow', 'status', 'started_at', 'ended_at'],
  properties: {
    run_id: { type: 'string' },
    flow: { type: 'string', description: 'Name of the flow' },
    status: { enum: RUN_STATUSES },
    started_at: TIME,
    ended_at: { ...TIME, description: `${TIME.description}; null until nothing more is to come` },
    waits_for: {
      type: 'array',
      description: 'While waiting, the events that let it go on',
      items: {
        type: 'object',
        required: ['checkpoint', 'key'],
        properties: {
          checkpoint: { type: 'string' },
          key: { description: 'By which the run knows its event' },
          due: { type: 'integer', description: 'The end of the wait, as the times above' },
        },
      },
    },
    output: { description: 'What the flow gave; once completed' },
    error: {
      type: 'object',
      required: ['code', 'error'],
      properties: { code: { type: 'string' }, error: { type: 'string' } },
    },
  },
};

const EVENT_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['checkpoint', 'key'],
  additionalProperties: false,
  properties: {
    checkpoint: { type: 'string', minLength: 1, description: 'Id of the checkpoint' },
    key: { description: 'The value of the correlation key' },
    payload: { description: 'The event, as the checkpoint asks for it; null when absent' },
    id: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      description: 'Another event with it is not taken in; X-Event-Id or Idempotency-Key else',
    },
  },
};

const TAKEN_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['run_id', 'event_id', 'repeated', 'taken_up_by'],
  properties: {
    run_id: { type: 'string' },
    event_id: { type: 'string' },
    repeated: { type: 'boolean', description: 'An event with this id was taken in before' },
    taken_up_by: {
      enum: ['owner', 'worker', 'host', null],
      description: 'Who goes on with the run; null: nobody until it is taken up again',
    },
  },
};

const CANCEL_SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { reason: { type: 'string', minLength: 1, maxLength: 1024 } },
};

const CANCELLED_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['run_id', 'status'],
  properties: { run_id: { type: 'string' }, status: { enum: ['cancelled', 'cancelling'] } },
};

const PARAMETERS = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
const WAIT = {
  'retry-after': {
    description: 'Seconds until it is worth asking again; absent once it has ended',
    schema: { type: 'integer', minimum: 0 },
  },
};

/** How failures are described: of these statuses, with these words. */
export type Failures = (statuses: Readonly<Record<string, string>>) => JsonObject;

/** The paths below /_runs/. @param run refers to RUN_SCHEMA
 * @param guarded callers have to show a token */
export function runPaths(
  run: JsonSchema,
  failures: Failures,
  guarded: boolean,
): Record<string, Record<string, JsonObject>> {
  const security = guarded ? [{ bearer: [] }] : [];
  const unknown = {
    ...(guarded ? { '401': 'The caller is not known' } : {}),
    '404': 'There is no such run, or the caller may not see it',
  };
  const refused = {
    ...unknown,
    '400': 'The body is not usable',
    ...(guarded ? { '403': 'The caller may see the run, and may not do this with it' } : {}),
    '409': 'The run has ended, or is not as far',
  };
  const operation = (name: string, summary: string, rest: JsonObject) => ({
    operationId: `runs.${name}`,
    tags: ['runs'],
    summary,
    parameters: PARAMETERS,
    ...rest,
    security,
  });
  const shown = { description: 'How it stands', headers: WAIT, content: json(run) };
  const taken = { description: 'The event was taken in', content: json(TAKEN_SCHEMA) };
  const asked = (description: string) => ({ description, content: json(CANCELLED_SCHEMA) });
  return {
    '/_runs/{id}': {
      get: operation('show', 'How a run stands', {
        responses: { '200': shown, ...failures(unknown) },
      }),
    },
    '/_runs/{id}/events': {
      post: operation('event', 'Gives a run an event that it waits for', {
        requestBody: { required: true, content: json(EVENT_SCHEMA) },
        responses: { '202': taken, ...failures(refused) },
      }),
    },
    '/_runs/{id}/cancel': {
      post: operation('cancel', 'Ends a run', {
        requestBody: { required: false, content: json(CANCEL_SCHEMA) },
        responses: {
          '200': asked('It is cancelled'),
          '202': asked('Whoever executes it was asked to end it'),
          ...failures(refused),
        },
      }),
    },
  };
}

function json(schema: JsonSchema): JsonObject {
  return { 'application/json': { schema } };
}
