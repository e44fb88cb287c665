import { checkValue } from '@basalt/ir';
import { respondWith } from './respond-with.js';

describe('respondWith', () => {
  it('makes an envelope of what is given', () => {
    const body = new Uint8Array([1]);
    const answer = respondWith({ status: 201, headers: { 'set-cookie': ['a=1', 'b=2'] }, body });
    expect(answer).toEqual({
      $http: { status: 201, headers: { 'set-cookie': ['a=1', 'b=2'] }, body },
    });
    expect(checkValue(answer)).toBeUndefined();
  });

  it('leaves out what is not given, and keeps null', () => {
    expect(respondWith({})).toEqual({ $http: {} });
    expect(respondWith({ body: null })).toEqual({ $http: { body: null } });
    expect(Object.keys(respondWith({ status: 204 }).$http)).toEqual(['status']);
  });
});
