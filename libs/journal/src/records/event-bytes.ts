// Events from outside as bytes: what is delivered is checked to be a value, and is a copy.
import { decodeCanonical, encodeCanonical } from '@basalt/ir';
import type { DeliveredEvent } from '../journal-store.js';

/** Canonical bytes. @throws DOC034 where a part is not a value. */
export function encodeEvent({
  id,
  checkpoint,
  correlation,
  event,
  at,
}: DeliveredEvent): Uint8Array {
  return encodeCanonical({ id, checkpoint, correlation, event, at });
}

/** The event of bytes that `encodeEvent` wrote. */
export function decodeEvent(bytes: Uint8Array): DeliveredEvent {
  return decodeCanonical(bytes) as unknown as DeliveredEvent;
}
