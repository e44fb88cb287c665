import type { Value } from '@basalt/ir';
import fc from 'fast-check';
import { eventTimeMs } from './event-time.js';

describe('eventTimeMs', () => {
  // The date-times are the examples of RFC 3339 section 5.8 and their neighbours.
  it.each<[Value, number]>([
    [0, 0],
    [1500, 1500],
    [1500.9, 1500],
    [-1.5, -2],
    [12n, 12],
    [8.64e15, 8.64e15],
    ['1985-04-12T23:20:50.52Z', 482196050520],
    ['1996-12-19T16:39:57-08:00', 851042397000],
    ['1990-12-31T23:59:60Z', 662688000000],
    ['1990-12-31T15:59:60-08:00', 662688000000],
    ['1937-01-01T12:00:27.87+00:20', -1041337172130],
    ['2024-02-29t00:00:00z', 1709164800000],
    ['2024-02-29 00:00:00.123999Z', 1709164800123],
    ['1969-12-31T23:59:59.9994Z', -1],
    ['0001-01-01T00:00:00Z', -62135596800000],
  ])('reads %p', (value, expected) => {
    expect(eventTimeMs(value)).toBe(expected);
  });

  it('gives 0, never -0', () => {
    expect(Object.is(eventTimeMs(-0), 0)).toBe(true);
  });

  it.each<[Value | undefined]>([
    [undefined],
    [null],
    [true],
    [NaN],
    [Infinity],
    [8.64e15 + 1],
    [10n ** 30n],
    [''],
    ['2024-02-30T00:00:00Z'],
    ['2023-02-29T00:00:00Z'],
    ['1900-02-29T00:00:00Z'],
    ['2024-13-01T00:00:00Z'],
    ['2024-00-01T00:00:00Z'],
    ['2024-01-00T00:00:00Z'],
    ['2024-04-31T00:00:00Z'],
    ['2024-01-01T24:00:00Z'],
    ['2024-01-01T00:60:00Z'],
    ['2024-01-01T00:00:61Z'],
    ['2024-01-01T00:00:00'],
    ['2024-01-01T00:00:00.Z'],
    ['2024-01-01T00:00:00+24:00'],
    ['2024-01-01T00:00:00+0100'],
    ['2024-01-01'],
    [' 2024-01-01T00:00:00Z'],
    ['+02024-01-01T00:00:00Z'],
    [[1]],
    [{ ms: 1 }],
    [new Uint8Array([1])],
  ])('refuses %p', (value) => {
    expect(eventTimeMs(value)).toBe(undefined);
  });

  it('reads back what toISOString writes', () => {
    const years0To9999 = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(years0To9999, (date) => {
        expect(eventTimeMs(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(eventTimeMs(text)).toBe(undefined);
      }),
    );
  });
});
