import { codeParts } from './code-parts.js';

describe('codeParts', () => {
  it.each([
    ['', []],
    ['plain', ['plain']],
    ['say `retry` or `if`', ['say ', '<retry>', ' or ', '<if>']],
    ['`a``b`', ['<a>', '<b>']],
    ['an odd ` one', ['an odd ` one']],
    ['`` and `', ['`', '< and >']],
    ['`a` and ` <b>', ['<a>', ' and ` <b>']],
  ])('finds the code in %j', (text, wanted) => {
    const shown = codeParts(text).map(({ text: part, isCode }) => (isCode ? `<${part}>` : part));
    expect(shown).toEqual(wanted);
  });
});
