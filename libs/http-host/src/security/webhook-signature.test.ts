import { createHmac } from 'node:crypto';
import { DiagnosticError } from '@basalt/diagnostics';
import { WebhookVerifier, type WebhookSignatureOptions } from './webhook-signature.js';

const secret = 'whsec_1234567890';
const body = Buffer.from('{"order":  1}');
const hmac = (text: string | Buffer, key = secret) => createHmac('sha256', key).update(text);
const github: WebhookSignatureOptions = {
  secret: 'S',
  header: 'X-Hub-Signature-256',
  prefix: 'sha256=',
};
const timed: WebhookSignatureOptions = { secret: 'S', header: 'x-sig', timestampHeader: 'X-Time' };
const nowMs = 1_700_000_000_000;

const signed = (at: number, text = body.toString()) => ({
  'x-sig': hmac(`${at}.${text}`).digest('hex'),
  'x-time': String(at),
});

describe('WebhookVerifier', () => {
  it('accepts the signature of the raw body', () => {
    const headers = { 'x-hub-signature-256': `sha256=${hmac(body).digest('hex')}` };
    const verify = (bytes: Buffer) =>
      new WebhookVerifier(github, secret).verify(bytes, headers, nowMs);
    expect(verify(body)).toBeUndefined();
    expect(verify(Buffer.from('{"order":1}'))?.code).toBe('HTTP206');
    expect(verify(Buffer.alloc(0))?.code).toBe('HTTP206');
  });

  it('accepts base64', () => {
    const verifier = new WebhookVerifier(
      { secret: 'S', header: 'x-sig', encoding: 'base64' },
      secret,
    );
    expect(verifier.verify(body, { 'x-sig': hmac(body).digest('base64') }, nowMs)).toBeUndefined();
    expect(verifier.verify(body, { 'x-sig': hmac(body, 'k').digest('base64') }, nowMs)?.code).toBe(
      'HTTP206',
    );
  });

  it.each<[string, Record<string, string | string[]>, string]>([
    ['no header', {}, 'the header x-hub-signature-256 is missing'],
    [
      'two headers',
      { 'x-hub-signature-256': ['a', 'b'] },
      'the header x-hub-signature-256 is missing',
    ],
    [
      'no prefix',
      { 'x-hub-signature-256': 'ab'.repeat(32) },
      'the header x-hub-signature-256 does not begin with sha256=',
    ],
    [
      'too short',
      { 'x-hub-signature-256': 'sha256=ab' },
      'the header x-hub-signature-256 is no SHA-256 in hex',
    ],
    [
      'too long',
      { 'x-hub-signature-256': `sha256=${'ab'.repeat(33)}` },
      'the header x-hub-signature-256 is no SHA-256 in hex',
    ],
    [
      'no hex',
      { 'x-hub-signature-256': `sha256=${'zz'.repeat(32)}` },
      'the header x-hub-signature-256 is no SHA-256 in hex',
    ],
  ])('refuses %s', (_, headers, problem) => {
    const found = new WebhookVerifier(github, secret).verify(body, headers, nowMs);
    expect([found?.code, found?.message]).toEqual([
      'HTTP205',
      `The signature of this webhook request cannot be checked: ${problem}.`,
    ]);
  });

  it('accepts the time of sending inside the window only', () => {
    const now = nowMs / 1000;
    const codes = [0, 300, -300, 301, -301, 86_400].map(
      (ago) => new WebhookVerifier(timed, secret).verify(body, signed(now - ago), nowMs)?.code,
    );
    expect(codes).toEqual([undefined, undefined, undefined, 'HTTP207', 'HTTP207', 'HTTP207']);
  });

  it('signs the time too', () => {
    const now = nowMs / 1000;
    const verifier = new WebhookVerifier(timed, secret);
    const moved = { ...signed(now - 1000), 'x-time': String(now) };
    expect(verifier.verify(body, moved, nowMs)?.code).toBe('HTTP206');
    const bare = { 'x-sig': hmac(body).digest('hex'), 'x-time': String(now) };
    expect(verifier.verify(body, bare, nowMs)?.code).toBe('HTTP206');
    for (const time of ['', 'now', '-1', '1e9', '1.5', ' 1', '9'.repeat(13)]) {
      expect(verifier.verify(body, { ...signed(now), 'x-time': time }, nowMs)?.code).toBe(
        'HTTP205',
      );
    }
  });

  it('refuses a replay for as long as the request is valid', () => {
    const verifier = new WebhookVerifier({ ...timed, toleranceS: 10 }, secret);
    const ahead = signed(nowMs / 1000 + 10);
    const codes = [0, 1, 10_000, 20_000, 20_001].map(
      (ms) => verifier.verify(body, ahead, nowMs + ms)?.code,
    );
    expect(codes).toEqual([undefined, 'HTTP208', 'HTTP208', 'HTTP208', 'HTTP207']);
  });

  it('remembers what is genuine only, and refuses where it can remember no more', () => {
    const verifier = new WebhookVerifier({ ...timed, maxNonces: 2 }, secret);
    const now = nowMs / 1000;
    const forged = { ...signed(now), 'x-sig': '00'.repeat(32) };
    for (let i = 0; i < 10; i += 1) verifier.verify(body, forged, nowMs);
    const codes = [1, 2, 3].map((ago) => verifier.verify(body, signed(now - ago), nowMs)?.code);
    expect(codes).toEqual([undefined, undefined, 'HTTP209']);
  });

  it.each<[string, object, string, string]>([
    ['an unknown algorithm', { algorithm: 'md5' }, secret, 'the algorithm md5 is not sha256'],
    [
      'an unknown encoding',
      { encoding: 'utf8' },
      secret,
      'the encoding utf8 is neither hex nor base64',
    ],
    ['an empty secret', {}, '', 'the secret S is empty'],
    ['a header that is none', { header: 'x sig' }, secret, 'x sig is no header name'],
    ['no header', { header: '' }, secret, 'an empty text is no header name'],
    [
      'a window of nothing',
      { toleranceS: 0 },
      secret,
      'toleranceS is 0, and a whole number above 0 is needed',
    ],
    [
      'an endless store',
      { maxNonces: Infinity },
      secret,
      'maxNonces is Infinity, and a whole number above 0 is needed',
    ],
  ])('does not begin with %s', (_, options, key, problem) => {
    const make = () => new WebhookVerifier({ ...timed, ...options }, key);
    expect(make).toThrow(DiagnosticError);
    expect(make).toThrow(`HTTP213: The option webhooks of the host is not usable: ${problem}.`);
  });
});
