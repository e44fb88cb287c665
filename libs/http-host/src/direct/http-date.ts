// The header Date (RFC 9110, section 6.6.1), which is the same for a second.

let text: string | undefined;

/** The time now, as HTTP writes it. */
export function httpDate(): string {
  if (text !== undefined) return text;
  const now = new Date();
  setTimeout(() => (text = undefined), 1000 - now.getMilliseconds()).unref();
  return (text = now.toUTCString());
}
