// Reads the text of a lock file with what a file from outside needs: bounds on size and nesting, the
// place of a syntax error, and no key twice (JSON.parse would show a reviewer one thing and use
// another).
import { parse, printParseErrorCode, visit, type ParseError } from 'jsonc-parser';
import { DiagnosticError, diagnostic, type Location } from '@basalt/diagnostics';
import { formatPointer } from '@basalt/ir';

const MAX_TEXT = 4 * 2 ** 20;
const MAX_DEPTH = 32;

/** BIND010 at a place. */
export function malformedLock(reason: string, location?: Location): DiagnosticError {
  return new DiagnosticError([diagnostic.BIND010({ reason }, location)]);
}

/** Whether brackets outside of strings nest deeper than `MAX_DEPTH`; linear, without recursion. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

function syntaxError(text: string): DiagnosticError {
  const errors: ParseError[] = [];
  parse(text, errors, { allowTrailingComma: false, disallowComments: true });
  const [first] = errors;
  if (first === undefined) return malformedLock('it is no JSON');
  const word = printParseErrorCode(first.error).replace(/(?<=[a-z])[A-Z]/g, ' $&');
  return malformedLock(`it is no JSON: ${word.toLowerCase()}`, placeOf(text, first.offset));
}

function refuseDuplicates(text: string): void {
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (key, _offset, _length, line, character, path) => {
      if (open.at(-1)!.has(key)) {
        const pointer = formatPointer([...path(), key]);
        const place = { pointer, line: line + 1, column: character + 1 };
        throw malformedLock(`the key ${JSON.stringify(key)} occurs twice`, place);
      }
      open.at(-1)!.add(key);
    },
  });
}

/** The value of the text. BIND010 when it is no JSON, too large, too deep, or has a key twice. */
export function readLockText(text: string): unknown {
  if (text.length > MAX_TEXT) throw malformedLock(`it has more than ${MAX_TEXT} characters`);
  if (isTooDeep(text)) throw malformedLock(`it nests deeper than ${MAX_DEPTH} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw syntaxError(text);
  }
  refuseDuplicates(text);
  return value;
}
