import { allCodes, explainCode, suggestCode } from './explain.js';

describe('explainCode', () => {
  test('gives the whole page', () => {
    expect(explainCode('DAG211')).toEqual({
      code: 'DAG211',
      area: 'graph',
      severity: 'error',
      subsystem: 'validation',
      summary: 'An edge is declared twice',
      template: 'The edge {from} -> {to} is declared more than once.',
      why: 'Every message would be delivered twice, and the two declarations may disagree on delivery, order and limits.',
      fix: 'Remove one of them.',
      example: '`edges` with two entries from `parse` to `store`.',
    });
  });

  test('ignores case and surrounding space', () => {
    expect(explainCode(' dag211\n')).toBe(explainCode('DAG211'));
  });

  test.each([[''], ['DAG'], ['DAG999'], ['__proto__'], ['constructor'], ['toString']])(
    'knows no %j',
    (code) => {
      expect(explainCode(code)).toBeUndefined();
    },
  );

  test('has a page for every code', () => {
    expect(allCodes().filter((code) => explainCode(code)?.code !== code)).toEqual([]);
  });
});

describe('suggestCode', () => {
  test.each([
    ['EXACT01', 'EXACT001'],
    ['effect210', 'EFFECT201'],
    ['SCHMEA101', 'SCHEMA101'],
  ])('%s is meant as %s', (input, expected) => {
    expect(suggestCode(input)).toBe(expected);
  });

  test('suggests nothing for what is no code', () => {
    expect(suggestCode('')).toBeUndefined();
    expect(suggestCode('something else')).toBeUndefined();
  });
});
