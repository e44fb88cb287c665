// Names a value in the words of a message.

/** What a value is: "the text "x"", "a list", "an object of class Date", "undefined". */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'undefined';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name: unknown = (value.constructor as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' && name !== 'Object' && name !== ''
    ? `an object of class ${name}`
    : 'an object';
}
