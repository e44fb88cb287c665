import { decodeCanonical } from '@basalt/ir';

// A list of two items.
export const act = () => decodeCanonical(Uint8Array.of(0x82, 0x01, 0x02));
