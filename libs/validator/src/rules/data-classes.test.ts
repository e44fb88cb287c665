import { buildFlow, node, trigger } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('data-classes', () => {
  it('follows the highest class through nodes that declare none', () => {
    const flow = buildFlow({
      nodes: [
        trigger('start', { data_class: 'internal' }),
        node('person', { data_class: 'personal' }),
        'pass',
        'pass2',
        node('page', { data_class: 'public' }),
      ],
      edges: [
        'start -> pass',
        'person -> pass -> pass2 -> page',
        'start -> person',
        'start -> page',
      ],
    });
    expectFindingsOf(['DATA101'], flow, [
      {
        code: 'DATA101',
        message:
          'Data of class personal goes from person to page, which is meant for public at most.',
        pointer: '/edges/3',
      },
      {
        code: 'DATA101',
        message:
          'Data of class internal goes from start to page, which is meant for public at most.',
        pointer: '/edges/5',
      },
    ]);
  });

  it('takes equal and rising classes, and a node between that lowers its own', () => {
    const flow = buildFlow({
      nodes: [
        trigger('start', { data_class: 'public' }),
        node('b', { data_class: 'confidential' }),
        node('c', { data_class: 'confidential' }),
        'd',
      ],
      edges: ['start -> b -> c -> d'],
    });
    expectFindingsOf(['DATA101'], flow, []);
  });
});
