// Ids of executions: version 4 UUIDs (RFC 9562, section 5.4) from the system's random source, made many
// at a time, for one at a time takes longer than a small flow.
import { randomFillSync } from 'node:crypto';

const BATCH = 128;
const ID_LENGTH = 36;
const DASH = 0x2d;
/** Bytes after which a dash stands. */
const DASH_AFTER: ReadonlySet<number> = new Set([3, 5, 7, 9]);
const HEX_DIGITS = Buffer.from('0123456789abcdef', 'latin1');

const random = new Uint8Array(BATCH * 16);
const text = Buffer.alloc(BATCH * ID_LENGTH);
let ids = '';
let next = BATCH;

/** An id for an execution that is yet to start. Nobody can guess it, whatever randomness is bound. */
export function newRunId(): string {
  if (next === BATCH) {
    fill();
    next = 0;
  }
  const start = next * ID_LENGTH;
  next += 1;
  return ids.slice(start, start + ID_LENGTH);
}

function fill(): void {
  randomFillSync(random);
  let at = 0;
  for (let i = 0; i < random.length; i += 1) {
    const place = i & 15;
    let byte = random[i]!;
    // The version and the variant.
    if (place === 6) byte = (byte & 0x0f) | 0x40;
    else if (place === 8) byte = (byte & 0x3f) | 0x80;
    text[at] = HEX_DIGITS[byte >> 4]!;
    text[at + 1] = HEX_DIGITS[byte & 15]!;
    at += 2;
    if (DASH_AFTER.has(place)) {
      text[at] = DASH;
      at += 1;
    }
  }
  ids = text.toString('latin1');
}
