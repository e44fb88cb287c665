// Ids of executions: version 4 UUIDs (RFC 9562, section 5.4) from the system's random source, which is
// asked for many at a time, for one at a time takes longer than a small flow.
import { randomFillSync } from 'node:crypto';

const BATCH = 256;
const ID_BYTES = 16;

const random = Buffer.alloc(BATCH * ID_BYTES);
/** Those of the batch without dashes, one after the other. */
let digits = '';
let next = BATCH;

/** An id for an execution that is yet to start. Nobody can guess it, whatever randomness is bound. */
export function newRunId(): string {
  if (next === BATCH) {
    fill();
    next = 0;
  }
  const at = next * ID_BYTES * 2;
  next += 1;
  const part = (from: number, to: number) => digits.slice(at + from, at + to);
  // Pieces as short as these are copies: an id that is kept does not keep its batch.
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`;
}

function fill(): void {
  randomFillSync(random);
  for (let at = 0; at < random.length; at += ID_BYTES) {
    // The version and the variant.
    random[at + 6] = (random[at + 6]! & 0x0f) | 0x40;
    random[at + 8] = (random[at + 8]! & 0x3f) | 0x80;
  }
  digits = random.toString('hex');
}
