import { decodeCanonical } from '@basalt/ir';

// The number 5 in two bytes.
export const act = () => decodeCanonical(Uint8Array.of(0x18, 0x05));
