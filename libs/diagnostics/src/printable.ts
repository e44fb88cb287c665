// Text from a document as it may be shown on a terminal.

/** Controls that move the cursor or change colours, marks that turn the direction of writing, line
 * separators, byte-order marks and lone surrogates: a hostile document could use them to show
 * something else than what it says. */
const UNSAFE = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]|\\p{Surrogate}',
  'gu',
);

/** `text` on one line, with what is unsafe written as \n, \t or \uXXXX. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
