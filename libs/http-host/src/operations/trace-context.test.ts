import { readTraceparent, writeTraceparent } from './trace-context.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('traceparent', () => {
  it('is read and written', () => {
    const text = `00-${traceId}-${spanId}-01`;
    const context = readTraceparent(text, 'a=1,b=2')!;
    expect([context.traceId, context.spanId, context.traceFlags, context.isRemote]).toEqual([
      traceId,
      spanId,
      1,
      true,
    ]);
    expect(context.traceState?.serialize()).toBe('a=1,b=2');
    expect(writeTraceparent(context)).toBe(text);
    expect(readTraceparent(`00-${traceId}-${spanId}-00`, undefined)?.traceFlags).toBe(0);
  });

  it('of a later version is read as far as it is known', () => {
    expect(readTraceparent(`01-${traceId}-${spanId}-01-more`, undefined)?.spanId).toBe(spanId);
  });

  it.each([
    undefined,
    '',
    'x',
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}0-${spanId}-01`,
  ])('%p is none', (text) => expect(readTraceparent(text, undefined)).toBeUndefined());

  it('drops a tracestate that is too long', () => {
    const context = readTraceparent(`00-${traceId}-${spanId}-01`, `a=${'x'.repeat(600)}`);
    expect(context?.traceState).toBeUndefined();
  });
});
