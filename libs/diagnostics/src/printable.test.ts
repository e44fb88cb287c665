import { printable } from './printable.js';

test('ordinary text of any script is kept', () => {
  expect(printable('caf\u00e9 \u6c34 \u{1f680}')).toBe('caf\u00e9 \u6c34 \u{1f680}');
});

test('what could forge output is written out', () => {
  expect(printable('a\u001bb\n\t\ud800\u202e\ufeff')).toBe('a\\u001bb\\n\\t\\ud800\\u202e\\ufeff');
});
