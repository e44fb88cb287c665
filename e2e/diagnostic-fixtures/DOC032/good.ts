import { decodeCanonical } from '@basalt/ir';

// null.
export const act = () => decodeCanonical(Uint8Array.of(0xf6));
