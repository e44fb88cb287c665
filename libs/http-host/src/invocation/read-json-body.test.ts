import { isUtf8 } from 'node:buffer';
import { DiagnosticError } from '@basalt/diagnostics';
import { formatPointer, MAX_VALUE_DEPTH } from '@basalt/ir';
import fc from 'fast-check';
import { readJsonBody } from './read-json-body.js';

interface Refused {
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What is wrong with a body. Anything but a coded finding is a fault of the reader. */
function refusal(body: Buffer): Refused | undefined {
  try {
    readJsonBody(body);
    return undefined;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const { code, message, details = {} } = error.diagnostic;
    expect(code).toBe('HTTP110');
    return { message, details };
  }
}

/** Half of a surrogate pair, which UTF-8 cannot carry. */
const LONE = /\p{Surrogate}/u;
const isReserved = (key: string) => ['__proto__', '$http', 'constructor'].includes(key);
const key = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !isReserved(text));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -0, 1e21, 5e-324),
    fc.integer(),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.string({ unit: 'binary' }).filter((text) => !LONE.test(text)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}));
/** The text of a value, with space between its words. */
const text = fc
  .tuple(value, fc.constantFrom('', ' ', '\t', '\r\n  '))
  .map(([given, space]) => JSON.stringify(given, undefined, space));
const json = (given: string) => Buffer.from(given, 'utf8');

/** What JSON.parse makes of a text; undefined where it refuses it. */
function parsed(given: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(given) as unknown };
  } catch {
    return undefined;
  }
}

describe('readJsonBody', () => {
  it('reads what JSON.parse reads, with or without a byte order mark', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(readJsonBody(json(given))).toEqual(JSON.parse(given));
        expect(readJsonBody(json(`\ufeff${given}`))).toEqual(JSON.parse(given));
      }),
    );
  });

  it('refuses what JSON.parse refuses, and names the place', () => {
    const word = fc.constantFrom(
      ...['{', '}', '[', ']', '"', ':', ',', '\\', '\\u12', 'tru', 'true', 'nul', 'null', '-', '.'],
      ...['0', '1', 'e', '+', ' ', '\n', '\u0000', '\u2028', '"a"', '"a":', '/*', 'NaN', "'"],
    );
    const lines = (given: string) => given.split('\n').length;
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const given = words.join('');
        const refused = refusal(json(given));
        if (parsed(given) !== undefined) {
          // Of what JSON.parse takes, only a key that occurs twice is refused.
          if (refused !== undefined) expect(refused.message).toContain('occurs twice');
          return;
        }
        const { line, column } = refused!.details as { line: number; column: number };
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines(given));
        expect(column).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses every beginning of a text but those that are whole', () => {
    fc.assert(
      fc.property(text, (given) => {
        const body = json(given);
        for (let end = 0; end < body.length; end += 1) {
          const part = body.subarray(0, end);
          const whole = isUtf8(part) ? parsed(part.toString('utf8')) : undefined;
          if (whole === undefined) expect(refusal(part)).toBeDefined();
          else expect(readJsonBody(part)).toEqual(whole.value);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a key that occurs twice, wherever it is, also in other letters', () => {
    const path = fc.array(fc.oneof(key, fc.nat({ max: 3 })), { maxLength: 6 });
    const hex = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;
    const escaped = (name: string) =>
      `"${Array.from({ length: name.length }, (_, i) => hex(name.charCodeAt(i))).join('')}"`;
    fc.assert(
      fc.property(path, key, value, value, (at, name, first, second) => {
        const twice = `{${JSON.stringify(name)}:${JSON.stringify(first)},${escaped(name)}:${JSON.stringify(second)}}`;
        const given = at.reduceRight<string>(
          (inner, step) =>
            typeof step === 'number'
              ? `[${'0,'.repeat(step)}${inner}]`
              : `{${JSON.stringify(step)}:${inner}}`,
          twice,
        );
        expect(refusal(json(given))).toMatchObject({
          message: `The body is not JSON: the key ${JSON.stringify(name)} occurs twice in its object.`,
          details: { pointer: formatPointer([...at, name]) },
        });
      }),
    );
  });

  it('refuses reserved keys at every depth, however they are written', () => {
    const reserved = fc.constantFrom('"__proto__":1', '"\\u005f_proto__":{}', '"$http":{}');
    const pollution = '"constructor":{"prototype":{}}';
    fc.assert(
      fc.property(fc.nat({ max: 50 }), fc.oneof(reserved, fc.constant(pollution)), (depth, bad) => {
        const given = `${'{"a":['.repeat(depth)}{${bad}}${']}'.repeat(depth)}`;
        expect(refusal(json(given))!.message).toContain('is reserved');
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
    );
    expect(readJsonBody(json('{"constructor":{"name":"a"},"prototype":1}'))).toEqual({
      constructor: { name: 'a' },
      prototype: 1,
    });
  });

  it('refuses nesting beyond the bound, however deep, and takes what is at it', () => {
    const nested = (depth: number) => json(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(refusal(nested(MAX_VALUE_DEPTH))).toBeUndefined();
    for (const depth of [MAX_VALUE_DEPTH + 1, 100_000, 1_000_000]) {
      expect(refusal(nested(depth))!.message).toContain('nested more than');
      expect(refusal(json('[{"a":'.repeat(depth)))!.message).toContain('nested more than');
    }
    // Brackets in text are no nesting.
    const inText = JSON.stringify('['.repeat(100_000));
    expect(refusal(json(inText))).toBeUndefined();
  });

  it('refuses halves of surrogate pairs, and takes whole ones, however they are written', () => {
    const problem = (text: string) => refusal(Buffer.from(text));
    const half = 'text with half of a surrogate pair';
    expect(problem('{"a":["\\ud83d"]}')).toEqual({
      message: `The body is not JSON: it is ${half}.`,
      details: { pointer: '/a/0' },
    });
    expect(problem('{"\\uDE00":1}')?.message).toContain('half of a surrogate pair');
    expect(problem('["\\uDE00\\uD83D"]')?.details).toEqual({ pointer: '/0' });
    expect(readJsonBody(Buffer.from('["\\uD83D\\ude00","\\\\ud83d"]'))).toEqual([
      '\u{1f600}',
      '\\ud83d',
    ]);
  });

  it('refuses bytes that are not UTF-8, and says at which they begin', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      // Mostly UTF-8, with one byte changed.
      fc
        .tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.nat(), fc.nat({ max: 255 }))
        .map(([given, at, byte]) => {
          const body = Buffer.from(given, 'utf8');
          body[at % body.length] = byte;
          return new Uint8Array(body);
        }),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        const body = Buffer.from(given);
        const refused = refusal(body);
        if (isUtf8(body)) {
          expect(refused?.details['offset']).toBeUndefined();
          return;
        }
        let start = body.length - 1;
        while (!isBoundary(body, start)) start -= 1;
        expect(refused).toEqual({
          message: 'The body is not JSON: it is not valid UTF-8.',
          details: { offset: start },
        });
      }),
      { numRuns: 1000 },
    );
  });
});

/** Whether all before `at` is UTF-8 and the sequence at `at` is not. */
function isBoundary(body: Buffer, at: number): boolean {
  if (!isUtf8(body.subarray(0, at))) return false;
  return [1, 2, 3, 4].every(
    (size) => at + size > body.length || !isUtf8(body.subarray(at, at + size)),
  );
}
