// The outputs of one execution as a sequence of items without frame: NDJSON, or a CBOR sequence
// (RFC 8742). What goes wrong stands in a last item {"$error": envelope}.
import type { Run, RunResult } from '@basalt/executor';
import { encodeCanonical, valueFromJson, type Value } from '@basalt/ir';
import type { Writable } from 'node:stream';
import type { ErrorEnvelope } from '../failure-answer.js';
import { jsonText } from '../value-answer.js';

export interface ItemFormat {
  readonly type: string;
  item(value: Value): string | Uint8Array;
  failure(envelope: ErrorEnvelope): string | Uint8Array;
}

export const NDJSON: ItemFormat = {
  type: 'application/x-ndjson; charset=utf-8',
  item: (value) => `${jsonText(value)}\n`,
  failure: (envelope) => `${JSON.stringify({ $error: envelope })}\n`,
};

export const CBOR_SEQUENCE: ItemFormat = {
  type: 'application/cbor-seq',
  item: (value) => encodeCanonical(value),
  failure: (envelope) => {
    const plain: unknown = JSON.parse(JSON.stringify(envelope));
    return encodeCanonical({ $error: valueFromJson(plain) });
  },
};

/** Writes every item, each when the reader has taken those before, and ends `out`. Leaves the outputs,
 * which cancels the execution, when `out` is closed before. */
export async function writeItems(
  run: Run,
  out: Writable,
  format: ItemFormat,
  envelopeOf: (result: RunResult) => ErrorEnvelope,
): Promise<void> {
  try {
    for await (const value of run.outputs()) {
      if (out.closed) return;
      if (!out.write(format.item(value))) await drained(out);
      if (out.closed) return;
    }
  } catch {
    // The result of the execution says it better.
  }
  const result = await run.result;
  if (out.closed) return;
  if (result.status !== 'completed') out.write(format.failure(envelopeOf(result)));
  out.end();
}

function drained(out: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      out.off('drain', done);
      out.off('close', done);
      resolve();
    };
    out.on('drain', done);
    out.on('close', done);
  });
}
