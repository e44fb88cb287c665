import { plainEdge, plainFlow, plainNode } from '../../src/plain-flow.js';

const nodes = [plainNode('request', 'trigger'), plainNode('again', 'subflow', { subflow: 'self' })];
const edges = [plainEdge('request', 'again')];

export const document = plainFlow({ nodes, edges, subflows: { self: plainFlow() } });
