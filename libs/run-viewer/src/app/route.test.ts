import fc from 'fast-check';
import { flowHref, NO_FILTER, parseRoute, runHref, runsHref } from './route.js';

describe('parseRoute', () => {
  it('finds every page', () => {
    expect(parseRoute('')).toEqual({ page: 'flows' });
    expect(parseRoute('#/')).toEqual({ page: 'flows' });
    expect(parseRoute('#/runs')).toEqual({ page: 'runs', filter: NO_FILTER });
    expect(parseRoute(runsHref({ flow: 'f', q: 'a b', status: '' }))).toEqual({
      page: 'runs',
      filter: { ...NO_FILTER, flow: 'f', q: 'a b' },
    });
  });

  it('refuses what is no page', () => {
    for (const hash of ['#/nothing', '#/flows', '#/runs/a/b', '#/runs/%E0%A4%A']) {
      expect(parseRoute(hash)).toEqual({ page: 'unknown' });
    }
  });

  it('reads back what the links say, whatever the names', () => {
    const name = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(name, name, (id, node) => {
        expect(parseRoute(flowHref(id, node))).toEqual({ page: 'flow', id, node });
        expect(parseRoute(runHref(id))).toEqual({ page: 'run', id, node: undefined });
      }),
      { numRuns: 100 },
    );
  });
});
