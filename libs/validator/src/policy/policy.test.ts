import fc from 'fast-check';
import { covers, hostAllowed, hostOf } from './host-pattern.js';
import { allows, globCovers } from './policy.js';

describe('allows', () => {
  it('lets a denial win, and allows all without a list', () => {
    expect(allows({ deny: [] }, 'resource::kv::read', globCovers)).toBe(true);
    expect(allows({ deny: ['*'] }, 'resource::kv::read', globCovers)).toBe(false);
    expect(allows({ allow: [], deny: [] }, 'resource::kv::read', globCovers)).toBe(false);
    const list = { allow: ['resource::kv::*'], deny: ['*::write'] };
    expect(allows(list, 'resource::kv::read', globCovers)).toBe(true);
    expect(allows(list, 'resource::kv::write', globCovers)).toBe(false);
    expect(allows(list, 'resource::db::read', globCovers)).toBe(false);
  });
});

describe('globCovers', () => {
  it('agrees with a regular expression', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*'), maxLength: 8 });
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 10 });
    fc.assert(
      fc.property(word, plain, (glob, text) => {
        const expression = new RegExp(`^${glob.replaceAll('*', '.*')}$`);
        expect(globCovers(glob, text)).toBe(expression.test(text));
      }),
    );
  });

  it('is quick on hostile globs', () => {
    expect(globCovers('*a'.repeat(100), 'b'.repeat(10_000))).toBe(false);
  });
});

describe('hosts', () => {
  it('are read from addresses', () => {
    expect(hostOf('https://API.Example.com:443/x')).toBe('api.example.com');
    expect(hostOf('ftp://example.com')).toBeUndefined();
    expect(hostOf('https://')).toBeUndefined();
  });

  it('are covered by exact names and by stars', () => {
    expect(hostAllowed('API.example.com', ['api.EXAMPLE.com'])).toBe(true);
    expect(hostAllowed('a.b.example.com', ['*.example.com'])).toBe(true);
    expect(hostAllowed('example.com', ['*.example.com'])).toBe(false);
    expect(hostAllowed('badexample.com', ['*.example.com'])).toBe(false);
    expect(covers('*', 'anything.example')).toBe(true);
    expect(covers('*.example.com', '*.eu.example.com')).toBe(true);
  });
});
