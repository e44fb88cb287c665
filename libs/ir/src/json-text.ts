// What JSON.parse does not tell about JSON text: nesting before it is parsed, where a syntax error
// is, keys that occur twice, and where a value stands. The first is a cheap linear scan over every
// document; the rest walk the text once more, and only when there is something to report.
import { parse, printParseErrorCode, visit, type ParseError } from 'jsonc-parser';
import { formatPointer } from './pointer.js';

/** A place in text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts the members of all objects and the deepest nesting, without recursion. Also meaningful for
 * text that is not JSON: it may then miscount, but it ends and never throws. */
export function measureJson(text: string): { readonly members: number; readonly depth: number } {
  let members = 0;
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) {
      i = endOfString(text, i);
    } else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > deepest) deepest = depth;
    } else if (unit === 0x7d || unit === 0x5d) {
      depth--;
    } else if (unit === 0x3a) {
      members++;
    }
  }
  return { members, depth: deepest };
}

/** Index of the quote that closes the string opened at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** The place of a UTF-16 offset. */
export function placeOf(text: string, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', start)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

/** The first thing wrong with text that JSON.parse refused. Nesting must be bounded beforehand. */
export function firstSyntaxError(text: string): {
  readonly problem: string;
  /** In UTF-16 units. */
  readonly offset: number;
  readonly place: Place;
} {
  const start = { offset: 0, place: { line: 1, column: 1 } };
  if (text.trim() === '') return { problem: 'it is empty', ...start };
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first === undefined) return { problem: 'it cannot be parsed', ...start };
  const atEnd = first.offset + first.length >= text.length && first.length === 0;
  const word = printParseErrorCode(first.error);
  const problem = SYNTAX_PROBLEMS[word] ?? 'a character does not belong here';
  return {
    problem: atEnd ? `${problem}, where the text ends` : problem,
    offset: first.offset,
    place: placeOf(text, first.offset),
  };
}

const SYNTAX_PROBLEMS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word or character does not belong here',
  InvalidNumberFormat: 'a number is malformed',
  PropertyNameExpected: 'a key in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a closing brace is expected',
  CloseBracketExpected: 'a closing bracket is expected',
  EndOfFileExpected: 'the text goes on after the value',
  InvalidCommentToken: 'comments are not JSON',
  UnexpectedEndOfComment: 'comments are not JSON',
  UnexpectedEndOfString: 'text lacks its closing quote',
  UnexpectedEndOfNumber: 'a number is cut off',
  InvalidUnicode: 'a \\u escape is malformed',
  InvalidEscapeCharacter: 'an escape is unknown',
  InvalidCharacter: 'a control character stands unescaped in text',
};

/** Every key that occurs a second time in its object, in text that JSON.parse accepts. */
export function duplicateKeys(
  text: string,
): readonly { readonly key: string; readonly pointer: string; readonly place: Place }[] {
  const found: { key: string; pointer: string; place: Place }[] = [];
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (key, _offset, _length, line, character, path) => {
      const keys = open.at(-1)!;
      if (keys.has(key)) {
        const pointer = formatPointer([...path(), key]);
        found.push({ key, pointer, place: { line: line + 1, column: character + 1 } });
      }
      keys.add(key);
    },
  });
  return found;
}

/** The places of the values at the pointers, in text that JSON.parse accepts. */
export function locateValues(
  text: string,
  pointers: ReadonlySet<string>,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const note = (line: number, character: number, path: () => readonly (string | number)[]) => {
    const pointer = formatPointer(path());
    if (pointers.has(pointer)) places.set(pointer, { line: line + 1, column: character + 1 });
  };
  visit(text, {
    onObjectBegin: (_offset, _length, line, character, path) => note(line, character, path),
    onArrayBegin: (_offset, _length, line, character, path) => note(line, character, path),
    onLiteralValue: (_value, _offset, _length, line, character, path) =>
      note(line, character, path),
  });
  return places;
}
