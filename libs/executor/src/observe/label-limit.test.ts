import { LabelLimit } from './label-limit.js';

describe('LabelLimit', () => {
  it('keeps the first values and counts the rest as other', () => {
    const limit = new LabelLimit(2);
    expect(['a', 'b', 'c', 'a', 'd', 'b', 'other'].map((value) => limit.of(value))).toEqual([
      'a',
      'b',
      'other',
      'a',
      'other',
      'b',
      'other',
    ]);
  });
});
