import { loadFlow, type FlowIR } from '@basalt/ir';
import { validateFlow } from '@basalt/validator';
import { plainEdge, plainFlow, plainNode } from '../../src/plain-flow.js';

const nodes = [plainNode('request', 'trigger'), plainNode('again', 'subflow', { subflow: 'self' })];
const edges = [plainEdge('request', 'again')];
const subflows: Record<string, FlowIR> = {};
const flow: FlowIR = { ...loadFlow(plainFlow({ nodes, edges })).flow!, subflows };
subflows['self'] = flow;

export const findings = () => validateFlow(flow);
