import { plainFlow } from '../../src/plain-flow.js';

export const document = plainFlow();
