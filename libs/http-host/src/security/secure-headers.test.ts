import { secureHeaders } from './secure-headers.js';

describe('secureHeaders', () => {
  const always = {
    'x-content-type-options': 'nosniff',
    'content-security-policy':
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  };

  it('make an answer harmless in a browser', () => {
    expect(secureHeaders()).toEqual(always);
  });

  it('ask for TLS only where the host is behind TLS', () => {
    const expected = { ...always, 'strict-transport-security': 'max-age=31536000' };
    expect(secureHeaders({ behindTls: true })).toEqual(expected);
    expect(secureHeaders({ behindTls: false })).toEqual(always);
  });
});
