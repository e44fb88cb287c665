// Outputs as a sequence of items and nothing else: NDJSON, or a CBOR sequence (RFC 8742). What goes
// wrong stands in a last item {"$error": envelope}.
import { encodeCanonical, valueFromJson } from '@basalt/ir';
import { jsonText } from '../value-answer.js';
import type { StreamFraming } from './stream-framing.js';

export const NDJSON: StreamFraming = {
  type: 'application/x-ndjson; charset=utf-8',
  item: (_place, value) => `${jsonText(value)}\n`,
  end: () => undefined,
  failure: (_place, envelope) => `${JSON.stringify({ $error: envelope })}\n`,
};

export const CBOR_SEQUENCE: StreamFraming = {
  type: 'application/cbor-seq',
  carriesBytes: true,
  item: (_place, value) => encodeCanonical(value),
  end: () => undefined,
  failure: (_place, envelope) => {
    const plain: unknown = JSON.parse(JSON.stringify(envelope));
    return encodeCanonical({ $error: valueFromJson(plain) });
  },
};
