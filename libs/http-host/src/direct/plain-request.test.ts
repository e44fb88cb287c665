import type { IncomingMessage } from 'node:http';
import { plainRequest } from './plain-request.js';

const PLAIN = ['Host', 'a:1', 'Content-Type', 'application/json', 'Content-Length', '2'];

/** As the server reads them: lower case, and of some headers only the first one. */
function told(...rawHeaders: string[]) {
  const headers = Object.create(null) as Record<string, string>;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    headers[rawHeaders[i]!.toLowerCase()] ??= rawHeaders[i + 1]!;
  }
  return plainRequest({ headers, rawHeaders } as unknown as IncomingMessage);
}

test('a JSON body beside what every client sends is plain', () => {
  const plain = { host: 'a:1', length: 2 };
  expect(told(...PLAIN)).toEqual(plain);
  expect(told(...PLAIN, 'User-Agent', 'x', 'Accept', '*/*', 'X-Event-Id', '7')).toEqual(plain);
  const charset = PLAIN.with(3, 'application/json; charset=utf-8');
  expect(told(...charset, 'Accept', 'application/json, text/plain')).toEqual(plain);
});

test.each([
  ['Authorization', 'Bearer x'],
  ['Proxy-Authorization', 'Basic x'],
  ['Cookie', 'a=b'],
  ['Origin', 'https://a.example'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['X-Forwarded-For', '1.2.3.4'],
  ['X_Forwarded_Host', 'b'],
  ['Forwarded', 'for=b'],
  ['X-Real-IP', '1.2.3.4'],
  ['X-Auth-User', 'root'],
  ['Idempotency-Key', '1'],
  ['X-Idempotency-Key', '1'],
  ['Last-Event-ID', '1'],
  ['Accept', 'application/CBOR'],
  ['Upgrade', 'websocket'],
  ['Expect', '100-continue'],
  ['Transfer-Encoding', 'chunked'],
  ['Content-Encoding', 'gzip'],
  ['X-Hub-Signature-256', 'sha256=0'],
  ['Host', 'b'],
  ['Content-Type', 'application/json'],
  ['Content-Length', '2'],
  ['__proto__', 'x'],
])('%s: %s takes it the long way', (name, value) => {
  expect(told(...PLAIN, name, value)).toBeUndefined();
});

test.each([
  ['no host', PLAIN.slice(2)],
  ['no type', [...PLAIN.slice(0, 2), ...PLAIN.slice(4)]],
  ['no length', PLAIN.slice(0, 4)],
  ['another type', PLAIN.with(3, 'application/cbor')],
  ['another charset', PLAIN.with(3, 'application/json; charset=latin1')],
  ['no body', PLAIN.with(5, '0')],
  ['a signed length', PLAIN.with(5, '+2')],
  ['a fractional length', PLAIN.with(5, '2.5')],
  ['a whole length written as a fraction', PLAIN.with(5, '2.0')],
  ['a length with a sign of less', PLAIN.with(5, '-2')],
  ['a length beyond all numbers', PLAIN.with(5, '9'.repeat(400))],
])('%s takes it the long way', (_, headers) => {
  expect(told(...headers)).toBeUndefined();
});
