import { decodeCanonical } from '@basalt/ir';

// Lists in lists, 10 deep; the innermost is empty.
export const act = () => decodeCanonical(new Uint8Array(10).fill(0x81).with(9, 0x80));
