import { plainEdge, plainFlow, plainNode } from '../../src/plain-flow.js';

function nested(levels: number): object {
  if (levels === 0) return plainFlow();
  return plainFlow({
    nodes: [plainNode('request', 'trigger'), plainNode('next', 'subflow', { subflow: 'next' })],
    edges: [plainEdge('request', 'next')],
    subflows: { next: nested(levels - 1) },
  });
}

export const document = nested(16);
