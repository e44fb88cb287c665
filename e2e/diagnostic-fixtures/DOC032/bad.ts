import { decodeCanonical } from '@basalt/ir';

// JavaScript's undefined.
export const act = () => decodeCanonical(Uint8Array.of(0xf7));
