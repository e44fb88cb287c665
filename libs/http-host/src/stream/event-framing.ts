// Server-Sent Events (WHATWG HTML, section 9.2), with ids by which a reader can come back.
import { jsonText } from '../value-answer.js';
import type { StreamFraming } from './stream-framing.js';

export const EVENT_TYPE = 'text/event-stream';

/** @param retryMs What a reader that is cut off waits before it comes back. */
export function eventFraming(retryMs: number): StreamFraming {
  return {
    type: EVENT_TYPE,
    opening: `retry: ${retryMs}\n\n`,
    idle: ': keep-alive\n\n',
    item: ({ runId, seq }, value) => `id: ${runId}/${seq}\ndata: ${jsonText(value)}\n\n`,
    end: ({ runId, seq }) =>
      `id: ${runId}/${seq}\nevent: end\ndata: ${JSON.stringify({ run_id: runId })}\n\n`,
    failure: ({ runId, seq }, envelope) =>
      `id: ${runId}/${seq}\nevent: error\ndata: ${JSON.stringify(envelope)}\n\n`,
  };
}
