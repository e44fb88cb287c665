import { plainEdge, plainFlow } from '../../src/plain-flow.js';

const { ordering: _ordering, ...edge } = plainEdge('request', 'parse') as Record<string, unknown>;

export const document = plainFlow({ edges: Array(200).fill(edge) });
