import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { DNS_NAMESPACE, FLOW_NAMESPACE, flowId, nodeId, surfaceId, uuid5 } from './ids.js';
import { isStrictSemver } from './semver.js';

const vectors = JSON.parse(
  readFileSync(new URL('../../../schemas/vectors/ids.json', import.meta.url), 'utf8'),
) as {
  uuid5: { namespace: string; name: string; id: string }[];
  flows: { name: string; version: string; id: string }[];
  nodes: { flow: string; alias: string; id: string }[];
};

describe('published vectors', () => {
  test.each(vectors.uuid5)('uuid5 of $name', ({ namespace, name, id }) => {
    expect(uuid5(namespace, name)).toBe(id);
  });
  test.each(vectors.flows)('flow $name', ({ name, version, id }) => {
    expect(flowId(name, version)).toBe(id);
  });
  test.each(vectors.nodes)('node $alias', ({ flow, alias, id }) => {
    expect(nodeId(flow, alias)).toBe(id);
  });
});

test('the flow namespace is derived from the domain namespace', () => {
  expect(uuid5(DNS_NAMESPACE, 'lattice.flow')).toBe(FLOW_NAMESPACE);
});

test('surface ids', () => {
  expect(surfaceId('switch', 'route', 1)).toBe('switch:route:1');
});

test('every id is a version 5 UUID, and names with different text differ', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(uuid5(DNS_NAMESPACE, a)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
      expect(uuid5(DNS_NAMESPACE, a) === uuid5(DNS_NAMESPACE, b)).toBe(a === b);
    }),
  );
});

test.each(['', 'x', '6ba7b810-9dad-11d1-80b4-00c04fd430c', '6ba7b810-9dad-11d1-80b4-00c04fd430cg'])(
  'namespace %j is refused',
  (namespace) => {
    expect(() => uuid5(namespace, 'a')).toThrow(RangeError);
  },
);

describe('isStrictSemver', () => {
  test.each([
    '0.0.0',
    '1.0.0',
    '10.20.30',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-0A.is.legal',
    '1.0.0+build.5',
    '1.0.0-rc.1+build.123',
    '1.0.0--',
    '999999999999999999.0.0',
  ])('%s is strict', (text) => {
    expect(isStrictSemver(text)).toBe(true);
  });
  test.each([
    '',
    '1',
    '1.0',
    'v1.0.0',
    '01.0.0',
    '1.0.0-01',
    '1.0.0-',
    '1.0.0+',
    '1.0.0-a..b',
    '1.0.0 ',
    '1.0.0\n',
    '1.0.0-a_b',
    '1.0.0-' + 'a'.repeat(300),
  ])('%j is not', (text) => {
    expect(isStrictSemver(text)).toBe(false);
  });
});
