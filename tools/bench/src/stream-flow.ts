// source -> double -> plus two, where the source streams `items` numbers.
import type { FlowBundle, NodeHandler } from '@basalt/executor';
import { flowId } from '@basalt/ir';
import { benchEdge, benchFlow, benchNode } from './chain-flow.js';

export function streamFlow(items: number): FlowBundle {
  const name = `stream_${items}`;
  const id = flowId(name, '1.0.0');
  const nodes = [
    benchNode(id, 'trigger', { kind: 'trigger' }),
    benchNode(id, 'source'),
    benchNode(id, 'double'),
    benchNode(id, 'plus'),
  ];
  const edges = [
    benchEdge('trigger', 'source'),
    benchEdge('source', 'double'),
    benchEdge('double', 'plus'),
  ];
  const handlers = new Map<string, NodeHandler>([
    ['trigger', (v) => v],
    [
      'source',
      async function* () {
        for (let i = 0; i < items; i += 1) yield i;
      },
    ],
    ['double', (n: number) => n * 2],
    ['plus', (n: number) => n + 2],
  ]);
  return { ir: benchFlow(name, nodes, edges), handlers };
}
