import { encodeCanonical } from '@basalt/ir';

export const act = () => encodeCanonical({ when: new Date(0).toISOString() });
