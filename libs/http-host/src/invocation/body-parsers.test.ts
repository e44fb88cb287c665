// Bodies as they come over the wire: in pieces, cut off, and made of any bytes.
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { decodeCanonical, encodeCanonical, type Value } from '@basalt/ir';
import fc from 'fast-check';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';

let url: string;
beforeEach(async () => {
  ({ url } = await serve([hostedFlow({ name: 'echo' })]));
});
afterEach(closeServed);

const CBOR = 'application/cbor';

/** Sends a body piece by piece, and gives the status and the body of the answer. */
async function sendPieces(type: string, pieces: readonly Uint8Array[]) {
  const headers = { 'content-type': type, accept: type, 'transfer-encoding': 'chunked' };
  const request = httpRequest(`${url}/echo`, { method: 'POST', headers, agent: false });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.setNoDelay(true);
  for (const piece of pieces) {
    if (piece.length > 0) await new Promise((resolve) => request.write(piece, resolve));
  }
  request.end();
  const [response] = await answered;
  const body = Buffer.concat((await response.toArray()) as Buffer[]);
  return { status: response.statusCode, body };
}

/** The body, cut at these places. */
function cutAt(body: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (body.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, i) => body.subarray(start, at[i] ?? body.length));
}

const codeOf = (body: Buffer) => (JSON.parse(String(body)) as { code: string }).code;
const cuts = fc.array(fc.nat(), { maxLength: 6 });
const isPlain = (key: string) => !['__proto__', '$http', 'constructor'].includes(key);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Value>(null, true, false, 1.5, -1),
    fc
      .bigInt()
      .map((n) => (BigInt(Number(n)) === n && Number.isSafeInteger(Number(n)) ? Number(n) : n)),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }).filter(isPlain), tie('value'), { maxKeys: 4 }),
  ) as fc.Arbitrary<Value>,
}));

describe('bodies', () => {
  it('of JSON are read whole, wherever they are cut on the wire', async () => {
    const plain = fc
      .jsonValue({ stringUnit: 'grapheme' })
      .filter((v) => !/"(__proto__|constructor)"/.test(JSON.stringify(v)));
    await fc.assert(
      fc.asyncProperty(plain, cuts, async (given, places) => {
        const body = new Uint8Array(Buffer.from(JSON.stringify(given), 'utf8'));
        const answer = await sendPieces('application/json', cutAt(body, places));
        expect([answer.status, JSON.parse(String(answer.body))]).toEqual([
          200,
          JSON.parse(JSON.stringify(given)),
        ]);
      }),
      { numRuns: 40 },
    );
  });

  it('of CBOR are read whole, wherever they are cut on the wire', async () => {
    await fc.assert(
      fc.asyncProperty(value, cuts, async (given, places) => {
        const body = encodeCanonical(given);
        const answer = await sendPieces(CBOR, cutAt(body, places));
        expect(answer.status).toBe(200);
        expect(new Uint8Array(answer.body)).toEqual(body);
        expect(decodeCanonical(new Uint8Array(answer.body))).toEqual(given);
      }),
      { numRuns: 40 },
    );
  });

  it('of CBOR that end too early are refused with the place', async () => {
    const given = {
      list: [1, -(5n ** 40n), 'text', new Uint8Array(30)],
      map: { a: 1.25, b: null },
    };
    const body = encodeCanonical(given);
    for (let end = 1; end < body.length; end += 1) {
      const { status, body: answer } = await sendPieces(CBOR, [body.subarray(0, end)]);
      const { code, details } = JSON.parse(String(answer)) as { code: string; details: object };
      expect([end, status, code]).toEqual([end, 400, 'HTTP110']);
      const { offset } = details as { offset: number };
      expect(offset).toBeLessThanOrEqual(end);
    }
  });

  it.each([CBOR, 'application/json'])(
    'of %s made of any bytes never break the host',
    async (type) => {
      const bytes = fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        // What was good, with one byte changed.
        fc.tuple(value, fc.nat(), fc.nat({ max: 255 })).map(([given, at, byte]) => {
          const body = new Uint8Array(encodeCanonical(given));
          body[at % body.length] = byte;
          return body;
        }),
        // Lengths and depths that no memory holds.
        fc.constantFrom(
          Uint8Array.from([0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
          Uint8Array.from([0x5b, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff]),
          Uint8Array.from([0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
          new Uint8Array(100_000).fill(0x81),
          new Uint8Array(100_000).fill(0xa1),
          new Uint8Array(100_000).fill(0xc1),
          new Uint8Array(100_000).fill(0x5b),
        ),
      );
      await fc.assert(
        fc.asyncProperty(bytes, async (body) => {
          const answer = await sendPieces(type, [body]);
          if (answer.status === 200) return;
          expect([answer.status, codeOf(answer.body)]).toEqual([400, 'HTTP110']);
        }),
        { numRuns: 150 },
      );
      const answer = await sendPieces('application/json', [Buffer.from('"still here"')]);
      expect(String(answer.body)).toBe('"still here"');
    },
  );
});
