import { CorsPolicy } from './cors-policy.js';

describe('CorsPolicy', () => {
  it('allows nobody by default', () => {
    const policy = new CorsPolicy();
    expect([policy.allows('https://a.example'), policy.allows('null'), policy.varies]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('allows exactly what is listed', () => {
    const policy = new CorsPolicy({ origins: ['https://a.example', 'http://localhost:3000'] });
    const origins = [
      'https://a.example',
      'http://localhost:3000',
      'http://a.example',
      'https://a.example.evil',
      'https://x.a.example',
      'https://a.example:444',
      'null',
      '',
    ];
    expect(origins.filter((origin) => policy.allows(origin))).toEqual(origins.slice(0, 2));
    expect(policy.varies).toBe(true);
    expect(policy.answerHeaders('https://a.example')['access-control-allow-origin']).toBe(
      'https://a.example',
    );
  });

  it('answers every origin alike where all are allowed', () => {
    const policy = new CorsPolicy({ origins: ['*'] });
    expect([policy.allows('null'), policy.varies]).toEqual([true, false]);
    expect(policy.answerHeaders('https://b.example')['access-control-allow-origin']).toBe('*');
  });

  it('answers a preflight with the methods of the route and the headers that are names', () => {
    const policy = new CorsPolicy({ origins: ['https://a.example'], maxAgeS: 5 });
    const asked = 'Content-Type, authorization,x y, evil\r\nset-cookie: a,';
    expect(policy.preflightHeaders('https://a.example', ['POST', 'PUT'], asked)).toEqual({
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-methods': 'POST, PUT',
      'access-control-allow-headers': 'content-type, authorization',
      'access-control-max-age': '5',
    });
    expect(Object.keys(policy.preflightHeaders('https://a.example', ['GET'], undefined))).toEqual([
      'access-control-allow-origin',
      'access-control-allow-methods',
      'access-control-max-age',
    ]);
  });

  it.each([
    'https://a.example/',
    'https://a.example/path',
    'a.example',
    'https://A.example',
    'null',
    '',
    'https://a.example:443',
    '*.example',
  ])('refuses %p as an origin', (origin) =>
    expect(() => new CorsPolicy({ origins: [origin] })).toThrow(/^HTTP213: The option cors/),
  );
});
