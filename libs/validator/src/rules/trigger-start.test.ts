import type { TriggerSpec } from '@basalt/ir';
import { buildFlow, trigger } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const flowWith = (spec: TriggerSpec) =>
  buildFlow({ nodes: [trigger('start', { trigger: spec }), 'a'], edges: ['start -> a'] });

describe('trigger-start', () => {
  test.each<[TriggerSpec, string, string]>([
    [{ kind: 'cron' }, 'the kind cron needs schedule', 'schedule'],
    [
      { kind: 'cron', schedule: '* * * *' },
      'schedule * * * * does not have five fields',
      'schedule',
    ],
    [{ kind: 'cron', schedule: '60 * * * *' }, '60 is no minute (0 to 59)', 'schedule'],
    [{ kind: 'cron', schedule: '0 5-3 * * *' }, '5-3 is no hour (0 to 23)', 'schedule'],
    [{ kind: 'cron', schedule: '0 */0 * * *' }, '*/0 is no hour (0 to 23)', 'schedule'],
    [{ kind: 'queue', queue: '' }, 'the kind queue needs queue', 'queue'],
    [{ kind: 'event' }, 'the kind event needs event', 'event'],
    [{ kind: 'http', method: 'post' }, 'method post is not in upper case', 'method'],
    [{ kind: 'http', route: 'orders' }, 'route orders is not a path', 'route'],
    [{ kind: 'http', route: '//evil.example' }, 'route //evil.example is not a path', 'route'],
    [{ kind: 'manual', route: '/x' }, 'route has no meaning for the kind manual', 'route'],
  ])('%j', (spec, problem, key) => {
    const message = `Trigger start cannot be started: ${problem}.`;
    const pointer = `/nodes/0/trigger/${key}`;
    expectFindings(flowWith(spec), [{ code: 'DAG105', message, pointer }]);
  });

  test.each<[TriggerSpec]>([
    [{ kind: 'cron', schedule: '*/15 9-17 1,15 JAN-mar 7' }],
    [{ kind: 'http', method: 'GET', route: '/orders/{id}/lines/:line' }],
    [{ kind: 'http' }],
    [{ kind: 'queue', queue: 'work' }],
    [{ kind: 'event', event: 'paid' }],
    [{ kind: 'manual' }],
  ])('accepts %j', (spec) => expectFindings(flowWith(spec), []));
});
