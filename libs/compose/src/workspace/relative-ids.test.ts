import fc from 'fast-check';
import { composeOf } from '../testing/run-text.js';
import { resolveSteps, wholeId, type IdContext } from './relative-ids.js';

const context: IdContext = {
  base: 'lcod://acme/shop',
  version: '2.1.0',
  aliases: { core: 'base/core', http: 'net' },
};

test.each([
  ['lcod://x/y@1', 'lcod://x/y@1'],
  ['./add', 'lcod://acme/shop/add@2.1.0'],
  ['././add', 'lcod://acme/shop/add@2.1.0'],
  ['cart/add', 'lcod://acme/shop/cart/add@2.1.0'],
  ['cart/add@1', 'lcod://acme/shop/cart/add@1'],
  ['core/hash', 'lcod://acme/shop/base/core/hash@2.1.0'],
  ['./http/get', 'lcod://acme/shop/net/get@2.1.0'],
  ['cart/http', 'lcod://acme/shop/cart/http@2.1.0'],
])('%s is %s', (id, expected) => {
  expect(wholeId(id, context)).toEqual({ id: expected });
});

test('without a version it is 0.0.0', () => {
  expect(wholeId('a', { ...context, version: undefined })).toEqual({
    id: 'lcod://acme/shop/a@0.0.0',
  });
});

test.each([
  ['../secret', 'COMP204'],
  ['a/../../b', 'COMP204'],
  ['a//b', 'COMP204'],
  ['./', 'COMP204'],
  ['A/b', 'COMP204'],
  ['a b', 'COMP204'],
  ['file:///etc/passwd', 'COMP204'],
  ['__proto__/constructor', undefined],
])('%s gives %s', (id, code) => {
  const found = wholeId(id, context);
  expect('problem' in found ? found.problem.code : undefined).toBe(code);
});

test('without a package a relative id is refused', () => {
  const found = wholeId('./a', undefined);
  expect('problem' in found ? found.problem.code : undefined).toBe('COMP213');
});

const segment = fc.stringMatching(/^[a-z0-9_-]{1,8}$/);

test('an id that is made whole stays inside its package, and stays as it is', () => {
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (segments) => {
      const found = wholeId(segments.join('/'), context);
      if ('problem' in found) throw new Error(found.problem.message);
      expect(found.id).toMatch(/^lcod:\/\/acme\/shop(\/[a-z0-9_.-]+)+@2\.1\.0$/);
      expect(wholeId(found.id, context)).toEqual(found);
      expect(wholeId(`./${segments.join('/')}`, context)).toEqual(found);
    }),
  );
});

test('any text is a whole id or a problem', () => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      const found = wholeId(id, context);
      if ('id' in found && found.id !== id) {
        expect(found.id.split('@')[0]!.split('/')).not.toContain('..');
      }
    }),
  );
});

test('calls, slots, children, in, out and bindings are resolved', () => {
  const compose = composeOf(`
compose:
  - call: ./a
    in:
      steps: [{call: b, in: {steps: [{call: c}]}, children: [{call: d}]}]
      person: {call: later, name: x}
      bindings: {contract/x: impl/x, value: {path: $.call}}
    slots:
      then:
        - call: e
          children:
            - call: lcod://tooling/registry/scope@1
              in: {bindings: [{contract: contract/y@1, implementation: ./y}]}
`);
  const { steps, diagnostics } = resolveSteps(compose.steps, context);
  const id = (name: string) => `lcod://acme/shop/${name}@2.1.0`;
  expect(diagnostics).toEqual([]);
  expect(steps).toEqual([
    {
      call: id('a'),
      in: {
        steps: [
          { call: id('b'), in: { steps: [{ call: id('c') }] }, children: [{ call: id('d') }] },
        ],
        person: { call: 'later', name: 'x' },
        bindings: { [id('contract/x')]: id('impl/x'), value: { path: '$.call' } },
      },
      slots: {
        then: [
          {
            call: id('e'),
            slots: {
              body: [
                {
                  call: 'lcod://tooling/registry/scope@1',
                  in: {
                    bindings: [
                      { contract: 'lcod://acme/shop/contract/y@1', implementation: id('y') },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ]);
});

test('a problem has the pointer of its id', () => {
  const compose = composeOf('compose: [{call: x, slots: [{call: ../y}]}]');
  const { diagnostics } = resolveSteps(compose.steps, context);
  expect(diagnostics.map(({ code, location }) => [code, location])).toEqual([
    ['COMP204', { pointer: '/compose/0/slots/body/0/call' }],
  ]);
});
