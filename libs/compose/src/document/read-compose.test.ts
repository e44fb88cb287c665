import { readCompose } from './read-compose.js';

test('findings are placed by line', () => {
  const text = 'compose:\n  - call: a\n  - call: b\n    slot: []\n  - in: {}\n';
  expect(readCompose(text, 'c.yaml')).toMatchObject({
    compose: undefined,
    diagnostics: [
      { code: 'COMP005', location: { file: 'c.yaml', line: 4, column: 5 } },
      { code: 'COMP003', location: { file: 'c.yaml', line: 5, column: 5 } },
    ],
  });
});

test('a warning alone leaves the compose as it is', () => {
  const { compose, diagnostics } = readCompose('compose: [{call: a, note: x}]', 'c.yaml');
  expect(compose?.steps).toEqual([{ call: 'a' }]);
  expect(diagnostics).toMatchObject([{ code: 'COMP005', severity: 'warning' }]);
});

test.each([
  ['compose:\n\t- call: a\n', 2],
  ['compose:\n  - call: a\n    call: b\n', 3],
  ['compose: [\n', 2],
])('%j is broken in line %i', (text, line) => {
  expect(readCompose(text, 'c.yaml')).toMatchObject({
    compose: undefined,
    diagnostics: [{ code: 'COMP001', location: { file: 'c.yaml', line } }],
  });
});

test('a text that is too long, and aliases that blow up, are refused', () => {
  expect(readCompose(`#${'x'.repeat(4_000_001)}`, 'c.yaml').diagnostics).toMatchObject([
    { code: 'COMP001' },
  ]);
  const level = (i: number) =>
    `l${i}: &l${i} [${
      i === 0
        ? 'x'
        : Array<string>(9)
            .fill(`*l${i - 1}`)
            .join(', ')
    }]`;
  const bomb = Array.from({ length: 12 }, (_, i) => level(i)).join('\n');
  expect(readCompose(bomb, 'c.yaml').diagnostics).toMatchObject([{ code: 'COMP001' }]);
});

test('parts of the canonical form are placed where they are written', () => {
  const text = `compose:
  - call: a
    children:
      - call: b
      - call: c
  - call: d
    slots:
      then: {call: e}
`;
  const { locate } = readCompose(text, 'c.yaml');
  expect(locate('/compose/0/slots/body/1')).toMatchObject({ line: 5, column: 9 });
  expect(locate('/compose/1/slots/then/0')).toMatchObject({ line: 8 });
  expect(locate('/compose/0/slots/body/1/call')).toMatchObject({ line: 5, column: 9 });
});
