import { lookupHint } from './hint-registry.js';
import { inferHints } from './infer-hints.js';

describe('inferHints', () => {
  const cases: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
    ['clock', 'SystemClock', [], ['resource::clock']],
    ['dice', 'Random', [], ['resource::rng']],
    ['api', 'HttpWrite', ['resource::http::write'], ['resource::http']],
    ['api', 'HttpRead', ['resource::http::read'], ['resource::http']],
    ['api', 'HttpClient', [], ['resource::http']],
    ['orders', 'Postgres', ['resource::db::write'], ['resource::db']],
    ['orders', 'SqlReader', ['resource::db::read'], ['resource::db']],
    ['session', 'KvStore', ['resource::kv::write'], ['resource::kv']],
    ['cache', 'ReadStore', ['resource::kv::read'], ['resource::kv']],
    ['jobs', 'QueueProducer', ['resource::queue::publish'], ['resource::queue']],
    ['jobs', 'QueueConsumer', ['resource::queue::consume'], ['resource::queue']],
    ['seen', 'IdemStore', ['resource::dedupe::write'], ['resource::dedupe']],
    ['files', 'ObjectStorage', ['resource::blob::write'], ['resource::blob']],
    ['thing', 'Widget', [], []],
  ];

  it.each(cases)('%s(%s)', (alias, type, effectHints, determinismHints) => {
    expect(inferHints(alias, type)).toEqual({ effectHints, determinismHints });
  });

  it('takes the first line that matches', () => {
    expect(inferHints('clock_db', 'Http')).toEqual({
      effectHints: [],
      determinismHints: ['resource::clock'],
    });
  });

  it('gives only hints that the registry knows', () => {
    for (const [alias, type] of cases) {
      const { effectHints, determinismHints } = inferHints(alias, type);
      for (const hint of [...effectHints, ...determinismHints]) {
        expect(lookupHint(hint)?.hint).toBe(hint);
      }
    }
  });
});
