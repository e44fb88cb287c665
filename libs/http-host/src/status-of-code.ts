// Which HTTP status a finding becomes. Codes that are not here are faults of the flow or the host: 500.

const STATUS: Readonly<Record<string, number>> = {
  // The request.
  HTTP110: 400,
  HTTP120: 400,
  HTTP121: 404,
  HTTP160: 404,
  HTTP122: 405,
  HTTP123: 413,
  HTTP124: 415,
  HTTP125: 408,
  HTTP126: 431,
  HTTP127: 426,
  HTTP130: 422,
  HTTP131: 400,
  HTTP132: 409,
  HTTP141: 410,
  HTTP142: 400,
  RUN116: 400,
  RUN117: 400,
  RUN131: 400,
  HTTP161: 400,
  HTTP162: 400,
  HTTP163: 409,
  JRNL002: 404,
  JRNL003: 409,
  // Who may use the host.
  HTTP201: 401,
  HTTP202: 401,
  HTTP203: 403,
  HTTP205: 401,
  HTTP206: 401,
  HTTP207: 401,
  HTTP208: 409,
  HTTP209: 503,
  HTTP210: 429,
  HTTP216: 403,
  HTTP217: 421,
  // The host.
  HTTP150: 503,
  HTTP151: 503,
  HTTP211: 503,
  // The execution.
  HTTP153: 499,
  DUR101: 503,
  DUR107: 503,
  CAP107: 503,
  QUE102: 413,
  QUE201: 503,
  QUE202: 503,
  RUN106: 503,
  TIME015: 504,
};

/** Codes of status 500 and up whose text says nothing that a caller may not know. */
const TELLING: ReadonlySet<string> = new Set([
  'CAP101',
  'CTRL110',
  'CTRL120',
  'CTRL901',
  'DUR107',
  'HTTP150',
  'HTTP151',
  'HTTP209',
  'HTTP211',
  'RUN106',
  'TIME015',
]);

export function statusOfCode(code: string): number {
  return STATUS[code] ?? 500;
}

/** Whether the message and the details of a finding may go to the caller. */
export function maySay(code: string, status: number): boolean {
  return status < 500 || TELLING.has(code);
}
