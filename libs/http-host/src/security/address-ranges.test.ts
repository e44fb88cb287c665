import { DiagnosticError } from '@basalt/diagnostics';
import { AddressRanges, isLoopback, plainAddress } from './address-ranges.js';

describe('AddressRanges', () => {
  it('holds addresses and ranges of both families', () => {
    const ranges = new AddressRanges(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32', '::1'], 'x');
    const inside = ['10.1.2.3', '192.0.2.7', '2001:db8:ffff::1', '::1', '::ffff:10.1.9.9'];
    const outside = [
      '10.2.0.0',
      '192.0.2.8',
      '2001:db9::',
      '::2',
      '',
      'localhost',
      '10.1.2',
      undefined,
    ];
    expect(inside.map((address) => ranges.has(address))).toEqual(inside.map(() => true));
    expect(outside.map((address) => ranges.has(address))).toEqual(outside.map(() => false));
  });

  it('is empty without ranges', () => {
    expect(new AddressRanges([], 'x').has('127.0.0.1')).toBe(false);
  });

  it.each([
    '10.0.0.0/40',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    'all',
    '',
    '10.0.0/8',
    'fe80::1%eth0',
    '1.2.3.4/-1',
    '1.2.3.4/ 8',
  ])('refuses %p', (range) => {
    const make = () => new AddressRanges([range], 'trustedProxies');
    expect(make).toThrow(DiagnosticError);
    expect(make).toThrow(
      `HTTP213: The option trustedProxies of the host is not usable: ${range} is no IP address or CIDR range.`,
    );
  });
});

describe('plainAddress', () => {
  it.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:1.2.3.4', '1.2.3.4'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['', ''],
  ])('%p is %p', (from, to) => expect(plainAddress(from)).toBe(to));
});

describe('isLoopback', () => {
  it('knows the addresses that others cannot reach', () => {
    const near = [
      '127.0.0.1',
      '127.9.9.9',
      '::1',
      '[::1]',
      'localhost',
      'LOCALHOST',
      '::ffff:127.0.0.1',
    ];
    const far = ['0.0.0.0', '::', '', '10.0.0.1', 'example.com', 'localhost.example.com', '[::]'];
    expect(near.filter((host) => !isLoopback(host))).toEqual([]);
    expect(far.filter((host) => isLoopback(host))).toEqual([]);
  });
});
