// Text from a document as it may be shown on a terminal.

/** Controls that move the cursor or change colours, and marks that turn the direction of writing:
 * a hostile document could use them to show something else than what it says. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** `text` on one line, with control characters written as \n, \t or \uXXXX. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
