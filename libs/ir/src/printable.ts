// Text from a document on a terminal or in a one-line listing.

/** The text with control characters (escape sequences, newlines), bidirectional overrides, line
 * separators and lone surrogates written as \u escapes, so that a name cannot forge output. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

// The first range is C0 and C1 controls.
const UNSAFE = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]|\\p{Surrogate}',
  'gu',
);
