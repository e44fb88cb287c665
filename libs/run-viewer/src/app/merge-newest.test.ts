import type { RunEntry, RunPage } from '../viewer-protocol.js';
import { mergeNewest } from './merge-newest.js';

const run = (id: string, status: RunEntry['status'] = 'completed'): RunEntry => ({
  id,
  flow: 'f',
  flow_name: 'flow',
  status,
  started_at: 0,
  duration_ms: null,
  trigger: null,
  labels: {},
  cause: null,
  parent: null,
});
const page = (runs: readonly RunEntry[], next: string | null): RunPage => ({
  runs,
  next,
  total: 9,
  not_kept: 0,
});

describe('mergeNewest', () => {
  it('puts new runs in front and takes what changed', () => {
    const shown = [run('c', 'running'), run('b'), run('a')];
    const merged = mergeNewest(shown, page([run('d'), run('c')], '3'));
    expect(merged).toEqual({ runs: [run('d'), run('c'), run('b'), run('a')], isWhole: false });
  });

  it('drops runs that do not fit the filter any more', () => {
    const shown = [run('c'), run('b'), run('a')];
    expect(mergeNewest(shown, page([run('d'), run('b')], '2'))).toEqual({
      runs: [run('d'), run('b'), run('a')],
      isWhole: false,
    });
  });

  it('begins anew where more came than fit on a page', () => {
    expect(mergeNewest([run('a')], page([run('z'), run('y')], '8'))).toEqual({
      runs: [run('z'), run('y')],
      isWhole: true,
    });
  });

  it('takes a page that ends the list as the whole of it', () => {
    expect(mergeNewest([run('b'), run('a')], page([run('c')], null))).toEqual({
      runs: [run('c')],
      isWhole: true,
    });
  });

  it('keeps what is shown where none of the newest fit', () => {
    const shown = [run('a')];
    expect(mergeNewest(shown, page([], '4'))).toEqual({ runs: shown, isWhole: false });
  });
});
