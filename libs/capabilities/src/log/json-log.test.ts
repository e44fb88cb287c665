import fc from 'fast-check';
import { VirtualClock } from '../clock/virtual-clock.js';
import { SecretRedactor } from '../secrets/secret-redactor.js';
import { jsonLog, type JsonLogOptions } from './json-log.js';

function recorded(options: Omit<JsonLogOptions, 'sink'> = {}) {
  const lines: string[] = [];
  const log = jsonLog({
    clock: new VirtualClock(),
    ...options,
    sink: (line) => void lines.push(line),
  });
  return {
    log,
    lines,
    parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('jsonLog', () => {
  it('writes one line of JSON, and nothing below its level', () => {
    const { log, lines } = recorded({ level: 'warn' });
    log.write('info', 'dropped');
    log.write('warn', 'two\nlines', { n: 1, nested: { list: [true, null] } });
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"warn","message":"two\\nlines",' +
        '"fields":{"n":1,"nested":{"list":[true,null]}}}\n',
    ]);
  });

  it('leaves out secret values in every form, and fields named like secrets', () => {
    const redactor = new SecretRedactor();
    redactor.add('p@ss/word 1');
    redactor.add('abc');
    const { log, parsed } = recorded({ redactor });
    log.write('info', 'got p@ss/word 1, abc', {
      url: `https://x/?k=${encodeURIComponent('p@ss/word 1')}`,
      basic: Buffer.from('p@ss/word 1').toString('base64'),
      apiKey: 'x',
      'set-cookie': 'y',
      nested: { Authorization: 'z', userPassword: 'z', tokens: 3, monkey: 'ok' },
      'p@ss/word 1': 1,
    });
    expect(parsed()[0]).toMatchObject({ message: 'got [redacted], abc' });
    expect(parsed()[0]!['fields']).toEqual({
      url: 'https://x/?k=[redacted]',
      basic: '[redacted]',
      apiKey: '[redacted]',
      'set-cookie': '[redacted]',
      nested: { Authorization: '[redacted]', userPassword: '[redacted]', tokens: 3, monkey: 'ok' },
      '[redacted]': 1,
    });
  });

  it('shows no part of a secret, wherever the text is cut', () => {
    const secret = 'S3CR3T-VALUE';
    const redactor = new SecretRedactor();
    redactor.add(secret);
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'bb', secret), { maxLength: 30 }), (parts) => {
        const { log, lines } = recorded({ redactor, maxText: 20 });
        log.write('info', parts.join(''));
        expect(lines[0]).not.toMatch(/S3C/);
      }),
    );
  });

  it('bounds texts, lists, depth and lines', () => {
    const { log, parsed } = recorded({ maxText: 10, maxLine: 2000 });
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    log.write('info', 'x'.repeat(50), { text: 'y'.repeat(11), cycle, list: Array(200).fill(1) });
    expect(parsed()[0]!['message']).toBe('xxxxxxxxxx... (50 characters)');
    const fields = parsed()[0]!['fields'] as Record<string, unknown>;
    expect(fields['text']).toBe('yyyyyyyyyy... (11 characters)');
    expect(JSON.stringify(fields['cycle'])).toContain('[deep]');
    expect((fields['list'] as unknown[]).slice(99)).toEqual([1, '... (200 items)']);
    log.write('info', 'm', { list: Array(100).fill(Array(100).fill(1)) });
    expect(parsed()[1]!['fields']).toMatch(/^\[\d+ characters\]$/);
  });

  it('shows what JSON cannot', () => {
    const { log, parsed } = recorded();
    const trap = {
      get bad() {
        throw new Error('no');
      },
    };
    log.write('error', 'm', {
      bytes: new Uint8Array(3),
      big: 2n ** 70n,
      nan: NaN,
      fn: () => 1,
      none: undefined,
      date: new Date(0),
      trap,
    });
    expect(parsed()[0]!['fields']).toEqual({
      bytes: '[3 bytes]',
      big: '1180591620717411303424',
      nan: 'NaN',
      fn: '[function]',
      none: '[undefined]',
      date: '1970-01-01T00:00:00.000Z',
      trap: { bad: '[unreadable]' },
    });
  });

  it('never throws, whatever it is given', () => {
    const { log, lines } = recorded();
    fc.assert(
      fc.property(fc.string(), fc.anything(), (message, value) => {
        log.write('info', message, { value });
        expect(() => JSON.parse(lines.pop()!) as unknown).not.toThrow();
      }),
    );
    const broken = jsonLog({
      sink: () => {
        throw new Error('closed');
      },
    });
    expect(() => broken.write('error', 'm')).not.toThrow();
    expect(() => recorded({ clock: new VirtualClock(1e300) }).log.write('info', 'm')).not.toThrow();
  });
});
