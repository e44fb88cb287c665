import { plainFlow, plainNode } from '../../src/plain-flow.js';

const params: Record<string, unknown> = { limit: 3 };
params['self'] = params;

export const document = plainFlow({
  nodes: [
    plainNode('request', 'trigger'),
    plainNode('parse', 'inline', { params, params_schema: { type: 'object' } }),
  ],
});
