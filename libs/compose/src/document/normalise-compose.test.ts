import { isError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import fc from 'fast-check';
import { normaliseCompose } from './normalise-compose.js';

function canonical(step: Value) {
  const { steps, diagnostics } = normaliseCompose({ compose: [step] });
  expect(diagnostics).toEqual([]);
  return steps[0];
}

test.each<[string, Value, unknown]>([
  ['in "="', { in: { k: '=' } }, { in: { k: '$.k' } }],
  ['out "="', { out: { k: '=' } }, { out: { k: 'k' } }],
  [
    'an optional input',
    { in: { 'k?': '$.v' } },
    { in: { k: { __lcod_optional__: true, value: '$.v' } } },
  ],
  [
    'an optional output',
    { out: { 'k?': '=' } },
    { out: { k: { __lcod_optional__: true, value: 'k' } } },
  ],
  ['a spread', { in: { '...': '$.a' } }, { in: { __lcod_spreads__: [{ source: '$.a' }] } }],
  [
    'spreads',
    { in: { '...': ['$.a', { path: '$.b', optional: true, pick: ['x'] }] } },
    {
      in: {
        __lcod_spreads__: [{ source: '$.a' }, { source: '$.b', optional: true, pick: ['x'] }],
      },
    },
  ],
  ['a named spread', { in: { '...a': '=' } }, { in: { __lcod_spreads__: [{ source: '$.a' }] } }],
  [
    'the state as a spread',
    { in: { '...': '=' } },
    { in: { __lcod_spreads__: [{ source: '__lcod_state__' }] } },
  ],
  [
    'the result as a spread',
    { out: { '...': '=', k: '$' } },
    { out: { __lcod_spreads__: [{ source: '__lcod_result__' }], k: '$' } },
  ],
  ['a slot list', { slots: [{ call: 'b' }] }, { slots: { body: [{ call: 'b' }] } }],
  ['children', { children: { then: [{ call: 'b' }] } }, { slots: { then: [{ call: 'b' }] } }],
  ['a slot of one step', { slots: { x: { call: 'b' } } }, { slots: { x: [{ call: 'b' }] } }],
  [
    'sugar in slots',
    { slots: [{ call: 'b', in: { k: '=' } }] },
    { slots: { body: [{ call: 'b', in: { k: '$.k' } }] } },
  ],
  ['nested sugar, which stays', { in: { a: { 'k?': '=' } } }, { in: { a: { 'k?': '=' } } }],
  ['null parts', { in: null, out: null, slots: null }, {}],
])('%s', (_name, step, expected) => {
  const form = canonical({ call: 'a', ...(step as object) });
  expect(form).toEqual({ call: 'a', ...(expected as object) });
});

test('a step may bind names and call nothing', () => {
  expect(canonical({ let: { a: '=', b: 1 } })).toEqual({ let: { a: '$.a', b: 1 } });
});

test.each<[Value, string, string]>([
  [3, 'COMP002', ''],
  [{ compose: 3 }, 'COMP002', ''],
  [{ compose: [3] }, 'COMP003', '/compose/0'],
  [{ compose: [{ in: {} }] }, 'COMP003', '/compose/0'],
  [{ compose: [{ call: '' }] }, 'COMP003', '/compose/0'],
  [{ compose: [{ call: 'a', in: [1] }] }, 'COMP004', '/compose/0/in'],
  [{ compose: [{ call: 'a', out: { x: 3 } }] }, 'COMP004', '/compose/0/out/x'],
  [{ compose: [{ call: 'a', slots: 'x' }] }, 'COMP004', '/compose/0/slots'],
  [{ compose: [{ call: 'a', slots: { x: 3 } }] }, 'COMP004', '/compose/0/slots/x'],
  [{ compose: [{ call: 'a', in: { '...': [3] } }] }, 'COMP004', '/compose/0/in/.../0'],
  [{ compose: [{ call: 'a', in: { '...': { pick: ['x'] } } }] }, 'COMP004', '/compose/0/in/...'],
  [{ compose: [{ call: 'a', collectPath: 1 }] }, 'COMP004', '/compose/0/collectPath'],
  [{ compose: [{ call: 'a', slot: [] }] }, 'COMP005', '/compose/0/slot'],
  [{ compose: [], composes: [] }, 'COMP005', '/composes'],
  [{ compose: [{ call: 'a', in: { x: [{ y: '$.a..b' }] } }] }, 'COMP008', '/compose/0/in/x/0/y'],
  [{ compose: [{ call: 'a', collectPath: '$.' }] }, 'COMP008', '/compose/0/collectPath'],
  [{ compose: [{ call: 'a', out: { '': '$' } }] }, 'COMP006', '/compose/0/out/'],
  [
    JSON.parse('{"compose":[{"call":"a","in":{"__proto__":1}}]}'),
    'COMP006',
    '/compose/0/in/__proto__',
  ],
  [
    { compose: [{ call: 'a', slots: [{ call: 'b' }], children: [{ call: 'c' }] }] },
    'COMP009',
    '/compose/0/children',
  ],
])('%j gives %s', (document, code, pointer) => {
  expect(normaliseCompose(document).diagnostics).toMatchObject([{ code, location: { pointer } }]);
});

test('slots without end are refused', () => {
  let steps: Value = [{ call: 'a' }];
  for (let i = 0; i < 100; i += 1) steps = [{ call: 'a', slots: steps }];
  expect(normaliseCompose(steps).diagnostics).toMatchObject([{ code: 'COMP007' }]);
});

test('a list inside a larger document keeps its place', () => {
  expect(normaliseCompose([3], ['compose', 0, 'in', 'compose']).diagnostics).toMatchObject([
    { location: { pointer: '/compose/0/in/compose/0' } },
  ]);
});

const key = fc.constantFrom('a', 'b?', '...', '...c', 'call', '', '__proto__');
const { value } = fc.letrec<{ value: Value; step: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Value>('=', '$', '$.a', null, 1, true, 'x'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    tie('step'),
  ),
  step: fc.record(
    {
      call: fc.constant<Value>('lcod://x@1'),
      in: tie('value'),
      out: tie('value'),
      slots: tie('value'),
      children: tie('value'),
      collectPath: tie('value'),
      extra: tie('value'),
    },
    { requiredKeys: ['call'] },
  ),
}));

test('what is canonical stays as it is, and any document gives steps or findings', () => {
  fc.assert(
    fc.property(
      fc.oneof(value, fc.array(value), fc.record({ compose: fc.array(value) })),
      (one) => {
        const { steps } = normaliseCompose(one);
        const again = normaliseCompose(steps as unknown as Value);
        expect(again.steps).toEqual(steps);
        expect(again.diagnostics.filter(isError)).toEqual([]);
      },
    ),
  );
});
