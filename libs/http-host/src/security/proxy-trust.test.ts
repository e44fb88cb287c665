import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { ProxyTrust } from './proxy-trust.js';

const trust = new ProxyTrust(['10.0.0.0/8', '2001:db8::/32']);
const client = (remote: string | undefined, forwarded?: string) =>
  trust.clientAddress(remote, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded });

describe('clientAddress', () => {
  it('believes nobody but the proxies', () => {
    expect(client('203.0.113.9', '1.1.1.1')).toBe('203.0.113.9');
    expect(client('::ffff:203.0.113.9', '1.1.1.1')).toBe('203.0.113.9');
    expect(new ProxyTrust([]).clientAddress('10.0.0.1', { 'x-forwarded-for': '1.1.1.1' })).toBe(
      '10.0.0.1',
    );
    expect(client(undefined)).toBe('');
  });

  it('takes the nearest address that is no proxy, so that a forged one before it does not count', () => {
    expect(client('10.0.0.1', '9.9.9.9, 203.0.113.9, 10.0.0.2')).toBe('203.0.113.9');
    expect(client('10.0.0.1', '10.0.0.3,10.0.0.2')).toBe('10.0.0.3');
    expect(client('2001:db8::5', '[2001:db9::1]:443')).toBe('2001:db9::1');
    expect(client('10.0.0.1', '203.0.113.9:5555')).toBe('203.0.113.9');
    expect(client('10.0.0.1')).toBe('10.0.0.1');
  });

  it('stops at what is no address', () => {
    expect(client('10.0.0.1', '1.1.1.1, unknown')).toBe('10.0.0.1');
    expect(client('10.0.0.1', '1.1.1.1, <script>, 10.0.0.2')).toBe('10.0.0.2');
    expect(client('10.0.0.1', '')).toBe('10.0.0.1');
    expect(client('10.0.0.1', `${'1.1.1.1,'.repeat(100_000)}10.0.0.2`)).toBe('1.1.1.1');
  });
});

describe('dropForged', () => {
  const headers = [
    ['Host', 'h'],
    ['X-Auth-User', '{"sub":"root"}'],
    ['x-forwarded-for', '1.1.1.1'],
    ['X-Forwarded-Proto', 'https'],
    ['X_Forwarded_Host', 'evil'],
    ['x_auth-user', 'root'],
    ['Forwarded', 'for=1.1.1.1'],
    ['X-Real-IP', '1.1.1.1'],
    ['X-Request-Id', '7'],
  ] as const;

  function requestFrom(remoteAddress: string): IncomingMessage {
    const socket = new Socket();
    Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
    const request = new IncomingMessage(socket);
    request.rawHeaders = headers.flat();
    for (const [name, value] of headers) request.headers[name.toLowerCase()] = value;
    return request;
  }

  it('drops them from anybody', () => {
    const request = requestFrom('203.0.113.9');
    trust.dropForged(request);
    expect({ ...request.headers }).toEqual({ host: 'h', 'x-request-id': '7' });
    expect(request.rawHeaders).toEqual(['Host', 'h', 'X-Request-Id', '7']);
  });

  it('keeps them from a proxy', () => {
    const request = requestFrom('10.0.0.1');
    trust.dropForged(request);
    expect(Object.keys(request.headers)).toEqual(headers.map(([name]) => name.toLowerCase()));
    expect(request.rawHeaders).toEqual(headers.flat());
  });
});
