// Guesses a text that matches a simple regular expression: literals, classes, groups, alternatives and
// counted repeats. Used to make counterexamples, so a wrong guess costs nothing: it is checked.

const MAX_REPEAT = 40;

/** Texts that probably match: one with the fewest repeats, and one with one repeat more. */
export function samplePattern(pattern: string): readonly string[] {
  if (pattern.length > 500) return [];
  return [0, 1].flatMap((extra) => {
    const reader = { text: pattern, at: 0, extra, depth: 0 };
    const found = readAlternatives(reader);
    return found === undefined || reader.at < pattern.length ? [] : [found];
  });
}

interface Reader {
  readonly text: string;
  at: number;
  readonly extra: number;
  depth: number;
}

/** The first alternative; the others are read over. */
function readAlternatives(reader: Reader): string | undefined {
  let first: string | undefined;
  for (;;) {
    const sequence = readSequence(reader);
    if (sequence === undefined) return undefined;
    first ??= sequence;
    if (reader.text[reader.at] !== '|') return first;
    reader.at += 1;
  }
}

function readSequence(reader: Reader): string | undefined {
  let result = '';
  while (reader.at < reader.text.length && !'|)'.includes(reader.text[reader.at]!)) {
    const atom = readAtom(reader);
    if (atom === undefined) return undefined;
    const count = readCount(reader);
    if (count === undefined || count * atom.length > 5000) return undefined;
    result += atom.repeat(count);
  }
  return result;
}

function readAtom(reader: Reader): string | undefined {
  const char = reader.text[reader.at]!;
  reader.at += 1;
  if (char === '^' || char === '$') return '';
  if (char === '.') return 'a';
  if (char === '[') return readClass(reader);
  if (char === '\\') return escaped(reader.text[reader.at++] ?? '');
  if (char !== '(') return char;
  if (reader.depth > 10) return undefined;
  if (reader.text.startsWith('?:', reader.at)) reader.at += 2;
  else if (reader.text[reader.at] === '?') return undefined;
  reader.depth += 1;
  const inner = readAlternatives(reader);
  reader.depth -= 1;
  if (inner === undefined || reader.text[reader.at] !== ')') return undefined;
  reader.at += 1;
  return inner;
}

function escaped(char: string): string | undefined {
  if (char === 'd') return '0';
  if (char === 'w') return 'a';
  if (char === 's') return ' ';
  if (char === 'D' || char === 'S') return 'a';
  return /[a-zA-Z0-9]/.test(char) || char === '' ? undefined : char;
}

/** One character of a class. */
function readClass(reader: Reader): string | undefined {
  const rest = reader.text.slice(reader.at);
  const body = /^((?:\\.|[^\]\\])*)\]/.exec(rest);
  if (body === null) return undefined;
  reader.at += body[0].length;
  const expression = `[${body[1]}]`;
  try {
    const matcher = new RegExp(`^${expression}$`, 'u');
    return [...'aA0b1zZ9_- .:/@!'].find((char) => matcher.test(char));
  } catch {
    return undefined;
  }
}

function readCount(reader: Reader): number | undefined {
  const found = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(reader.text.slice(reader.at));
  if (found === null) return 1;
  reader.at += found[0].length;
  if (found[1] !== undefined) return (found[1] === '+' ? 1 : 0) + reader.extra;
  const least = Number(found[2]);
  const most = found[3] === undefined ? least : found[4] ? Number(found[4]) : Infinity;
  const count = Math.min(least + reader.extra, most);
  return count > MAX_REPEAT ? undefined : count;
}
