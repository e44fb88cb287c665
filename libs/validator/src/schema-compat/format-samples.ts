// One or two strings of each format of JSON Schema 2020-12, valid under every reading of the format.

/** Format name -> strings that are certainly of that format. */
export const FORMAT_SAMPLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['date-time', ['2020-01-02T03:04:05Z', '1999-12-31T23:59:59.5+01:00']],
  ['date', ['2020-01-02', '1999-12-31']],
  ['time', ['03:04:05Z', '23:59:59+01:00']],
  ['duration', ['PT1S', 'P1DT2H']],
  ['email', ['a@example.com', 'b.c@example.org']],
  ['hostname', ['example.com', 'a.example.org']],
  ['ipv4', ['192.0.2.1', '198.51.100.2']],
  ['ipv6', ['2001:db8::1', '::1']],
  ['uri', ['https://example.com/a', 'urn:example:b']],
  ['uri-reference', ['/a', 'https://example.com/a']],
  ['uuid', ['2c5ea4c0-4067-41e9-8bad-9b1deb4d3b7d', '00000000-0000-4000-8000-000000000000']],
  ['json-pointer', ['', '/a/0']],
  ['regex', ['a', '^b$']],
]);
