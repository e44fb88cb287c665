import { decodeCanonical } from '@basalt/ir';

// Lists in lists, 100000 deep; the innermost is empty.
export const act = () => decodeCanonical(new Uint8Array(100000).fill(0x81).with(99999, 0x80));
