import { decodeCanonical } from '@basalt/ir';

// The number 5 in one byte.
export const act = () => decodeCanonical(Uint8Array.of(0x05));
