import { loadFlow, exportSvg } from '@basalt/ir';
import { plainEdge, plainFlow, plainNode } from '../../src/plain-flow.js';

const steps = Array.from({ length: 20 }, (_, n) => plainNode(`step${n}`, 'inline'));
const edges = steps.map((_, n) => plainEdge('request', `step${n}`));
const nodes = [plainNode('request', 'trigger'), ...steps];

export const act = () => exportSvg(loadFlow(plainFlow({ nodes, edges })).flow!);
