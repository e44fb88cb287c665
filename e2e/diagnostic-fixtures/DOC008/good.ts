import { plainFlow, plainNode } from '../../src/plain-flow.js';

const params = { since: new Date(0).toISOString() };

export const document = plainFlow({
  nodes: [
    plainNode('request', 'trigger'),
    plainNode('parse', 'inline', { params, params_schema: { type: 'object' } }),
  ],
});
