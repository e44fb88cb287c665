import { secureHeaders } from './secure-headers.js';

describe('secureHeaders', () => {
  it('makes an answer harmless in a browser', () => {
    expect(secureHeaders('/orders')).toEqual({
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('lets the viewer load its own files and nothing else', () => {
    const policy = (path: string) => secureHeaders(path)['content-security-policy']!;
    expect(policy('/_flows/')).toContain("script-src 'self';");
    expect(policy('/_flows/')).not.toMatch(/script-src[^;]*(unsafe|https?:|\*)/);
    expect(policy('/_flows/')).toContain("frame-ancestors 'none'");
    expect(policy('/_flowsx')).toContain("default-src 'none'; frame-ancestors 'none'");
  });

  it('asks for TLS only where the host is behind TLS', () => {
    expect(secureHeaders('/', { behindTls: true })['strict-transport-security']).toBe(
      'max-age=31536000',
    );
    expect(secureHeaders('/')).not.toHaveProperty('strict-transport-security');
  });
});
