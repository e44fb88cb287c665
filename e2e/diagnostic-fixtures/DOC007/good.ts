import { plainFlow, plainNode } from '../../src/plain-flow.js';

const params = { limit: 3, self: { limit: 3 } };

export const document = plainFlow({
  nodes: [
    plainNode('request', 'trigger'),
    plainNode('parse', 'inline', { params, params_schema: { type: 'object' } }),
  ],
});
