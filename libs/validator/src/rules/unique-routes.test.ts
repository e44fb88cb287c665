import { buildFlow, trigger } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const policies = { lint: { require_control_hints: false, allow_multiple_triggers: true } };

function flowWith(first: string, second: string, method?: string) {
  const nodes = [
    trigger('t1', { trigger: { kind: 'http', route: first } }),
    trigger('t2', { trigger: { kind: 'http', route: second, ...(method ? { method } : {}) } }),
    'a',
  ];
  return buildFlow({ nodes, edges: ['t1 -> a', 't2 -> a'], policies });
}

describe('unique-routes', () => {
  test.each([
    ['/orders', '/orders'],
    ['/orders', '/orders/'],
    ['/orders/:id', '/orders/{order}'],
  ])('%s clashes with %s', (first, second) => {
    expectFindings(flowWith(first, second, 'POST'), [
      {
        code: 'DAG103',
        message: `Triggers t1 and t2 both claim POST ${second}.`,
        pointer: '/nodes/1/trigger/route',
      },
    ]);
  });

  test.each([
    ['/orders', '/orders', 'GET'],
    ['/orders/:id', '/orders/new', 'POST'],
    ['/orders', '/Orders', 'POST'],
    ['/', '/orders', 'POST'],
  ])('%s does not clash with %s (%s)', (first, second, method) => {
    expectFindings(flowWith(first, second, method), []);
  });
});
