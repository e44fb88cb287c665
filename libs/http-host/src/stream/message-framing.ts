// Outputs as the messages of a WebSocket: {type: "item", run_id, seq, value}, then {type: "end", run_id}
// or {type: "error", run_id, error, code, details}; as text with JSON, or as binary CBOR.
import { encodeCanonical, valueFromJson, type Value } from '@basalt/ir';
import type { ErrorEnvelope } from '../failure-answer.js';
import { jsonText, type ValueMap } from '../value-answer.js';
import type { Frame, StreamFraming } from './stream-framing.js';

export const JSON_PROTOCOL = 'basalt.json.v1';
export const CBOR_PROTOCOL = 'basalt.cbor.v1';

export const JSON_MESSAGES: StreamFraming = messages(JSON_PROTOCOL, jsonText);
export const CBOR_MESSAGES: StreamFraming = messages(CBOR_PROTOCOL, encodeCanonical);

function messages(type: string, encode: (message: Value) => Frame): StreamFraming {
  return {
    type,
    carriesBytes: type === CBOR_PROTOCOL,
    item: ({ runId, seq }, value) => encode({ type: 'item', run_id: runId, seq, value }),
    end: ({ runId }) => encode({ type: 'end', run_id: runId }),
    failure: (_place, envelope) => encode({ type: 'error', ...plainMap(envelope) }),
  };
}

function plainMap(envelope: ErrorEnvelope): ValueMap {
  return valueFromJson(JSON.parse(JSON.stringify(envelope)) as unknown) as ValueMap;
}
