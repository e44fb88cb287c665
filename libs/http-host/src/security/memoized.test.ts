import { memoized } from './memoized.js';

describe('memoized', () => {
  function counted() {
    const made: string[] = [];
    const upper = memoized((text) => {
      made.push(text);
      return text.toUpperCase();
    });
    return { made, upper };
  }

  it('works once for each text', () => {
    const { made, upper } = counted();
    expect([upper('a'), upper('b'), upper('a'), upper('')]).toEqual(['A', 'B', 'A', '']);
    upper('');
    expect(made).toEqual(['a', 'b', '']);
  });

  it('remembers a bounded number of short texts', () => {
    const { made, upper } = counted();
    const long = 'x'.repeat(257);
    expect([upper(long), upper(long)]).toEqual([long.toUpperCase(), long.toUpperCase()]);
    expect(made).toHaveLength(2);
    for (let i = 0; i < 1001; i += 1) upper(String(i));
    upper('0');
    expect(made).toHaveLength(2 + 1001 + 1);
  });

  it('remembers what is false', () => {
    let calls = 0;
    const no = memoized(() => {
      calls += 1;
      return false;
    });
    expect([no('a'), no('a'), calls]).toEqual([false, false, 1]);
  });
});
