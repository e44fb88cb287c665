import { encodeCanonical, type Value } from '@basalt/ir';

export const act = () => encodeCanonical({ when: new Date(0) } as unknown as Value);
