import { composeOf, testRegistry } from '../testing/run-text.js';
import { checkCompose } from './check-compose.js';

async function findings(text: string) {
  const found = await checkCompose(composeOf(`compose: [${text}]`), testRegistry());
  return found.map(({ code, location }) => [code, location?.pointer]);
}

test.each<[string, [string, string][]]>([
  ['{call: lcod://impl/set@1, slots: {any: []}}', []],
  ['{let: {a: 1}}', []],
  ['{call: lcod://impl/sett@1}', [['COMP101', '/compose/0/call']]],
  ['{call: lcod://contract/none@1}', [['COMP102', '/compose/0/call']]],
  ['{call: lcod://flow/if@1}', [['COMP103', '/compose/0']]],
  [
    '{call: lcod://flow/while@1, slots: {do: []}}',
    [
      ['COMP103', '/compose/0'],
      ['COMP103', '/compose/0'],
      ['COMP118', '/compose/0/slots/do'],
    ],
  ],
  ['{call: lcod://flow/throw@1, slots: []}', [['COMP118', '/compose/0/slots/body']]],
  ['{call: lcod://flow/break@1}', [['COMP111', '/compose/0']]],
  ['{call: lcod://flow/foreach@1, slots: [{call: lcod://flow/continue@1}]}', []],
  [
    '{call: lcod://flow/foreach@1, slots: [{call: lcod://impl/none@1}]}',
    [['COMP101', '/compose/0/slots/body/0/call']],
  ],
])('%s', async (text, expected) => {
  expect(await findings(text)).toEqual(expected);
});

test('the nearest id is suggested', async () => {
  const compose = composeOf('compose: [{call: lcod://flow/iff@1, slots: {then: []}}]');
  expect(await checkCompose(compose, testRegistry())).toMatchObject([
    { message: 'There is no component lcod://flow/iff@1.', help: 'Did you mean lcod://flow/if@1?' },
  ]);
});
