import { agoText, durationText } from './duration-text.js';

describe('durationText', () => {
  it('gives three digits in the unit that fits', () => {
    const times = [0, 0.0004, 0.061, 0.83, 1.234, 12.34, 123.4, 1234, 59_990, 125_000, 3_720_000];
    expect(times.map(durationText)).toEqual([
      '0 ms',
      '0 ms',
      '61 \u00b5s',
      '830 \u00b5s',
      '1.23 ms',
      '12.3 ms',
      '123 ms',
      '1.23 s',
      '59.99 s',
      '2 min 05 s',
      '1 h 02 min',
    ]);
  });
});

describe('agoText', () => {
  it('says how long ago something was', () => {
    const spans = [-5, 0, 12_000, 150_000, 7_200_000, 260_000_000];
    expect(spans.map(agoText)).toEqual([
      'just now',
      'just now',
      '12 s ago',
      '3 min ago',
      '2 h ago',
      '3 days ago',
    ]);
  });
});
