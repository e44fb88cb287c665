import { hostMatcher, isHostPattern } from './host-patterns.js';

describe('hostMatcher', () => {
  it.each([
    ['api.example.com', 'https://api.example.com/', true],
    ['api.example.com', 'https://API.EXAMPLE.COM./', true],
    ['API.example.com', 'http://api.example.com:8080/', true],
    ['api.example.com', 'https://api.example.com.evil.org/', false],
    ['api.example.com', 'https://xapi.example.com/', false],
    ['api.example.com:443', 'https://api.example.com/', true],
    ['api.example.com:443', 'http://api.example.com/', false],
    ['api.example.com:80', 'http://api.example.com/', true],
    ['api.example.com:8080', 'https://api.example.com:8080/', true],
    ['*.example.com', 'https://a.example.com/', true],
    ['*.example.com', 'https://a.b.example.com/', true],
    ['*.example.com', 'https://example.com/', false],
    ['*.example.com', 'https://badexample.com/', false],
    ['*', 'https://anything.org/', true],
    ['*:443', 'http://anything.org/', false],
    ['m\u00fcnchen.example', 'https://xn--mnchen-3ya.example/', true],
    ['127.0.0.1', 'http://0x7f.1/', true],
    ['[::1]:8080', 'http://[0:0:0:0:0:0:0:1]:8080/', true],
    ['*.*.com', 'https://a.b.com/', false],
  ])('%s and %s: %s', (pattern, url, expected) => {
    expect(hostMatcher([pattern])(new URL(url))).toBe(expected);
  });

  it('matches nothing without patterns', () => {
    expect(hostMatcher([])(new URL('https://example.com'))).toBe(false);
  });
});

describe('isHostPattern', () => {
  it.each(['', 'a b', 'http://x', 'x/y', 'a:b', 'x:0', 'x:99999', '*x', 'a*', 'u@h', '[zz]'])(
    'refuses %p',
    (text) => {
      expect(isHostPattern(text)).toBe(false);
    },
  );
});
