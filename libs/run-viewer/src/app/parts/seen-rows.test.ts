import { seenRows } from './seen-rows.js';

describe('seenRows', () => {
  it('draws the rows on the screen and some around them', () => {
    expect(seenRows(0, 900, 45, 10_000)).toEqual({ first: 0, last: 50 });
    expect(seenRows(45_000, 900, 45, 10_000)).toEqual({ first: 970, last: 1050 });
  });

  it('stays within the table', () => {
    expect(seenRows(0, 900, 45, 7)).toEqual({ first: 0, last: 7 });
    expect(seenRows(-500, 900, 45, 10_000)).toEqual({ first: 0, last: 40 });
    expect(seenRows(1e9, 900, 45, 100)).toEqual({ first: 100, last: 100 });
    expect(seenRows(0, 900, 45, 0)).toEqual({ first: 0, last: 0 });
  });
});
