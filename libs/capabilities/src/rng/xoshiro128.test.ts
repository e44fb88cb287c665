import { xoshiro128 } from './xoshiro128.js';

describe('xoshiro128', () => {
  it('gives the words of the reference implementation 1.1 from state 1, 2, 3, 4', () => {
    const word = xoshiro128([1, 2, 3, 4]);
    expect(Array.from({ length: 10 }, word)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  it('refuses the state that never moves', () => {
    expect(() => xoshiro128([0, 0, 0, 0])).toThrow(RangeError);
  });
});
