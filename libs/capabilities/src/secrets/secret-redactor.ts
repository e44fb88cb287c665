// Takes secret values out of text that leaves the process.

/** Shorter values are too common to be taken out: they would blank every other word. */
const SHORTEST_SECRET = 4;
export const REDACTED = '[redacted]';

/** The secret values that were revealed so far, in the forms in which they tend to leak. */
export class SecretRedactor {
  #forms: readonly string[] = [];

  /** Length of the longest form. */
  get longest(): number {
    return this.#forms[0]?.length ?? 0;
  }

  /** From now on `value` is taken out, plain, percent-encoded and in base64. */
  add(value: string): void {
    if (value.length < SHORTEST_SECRET) return;
    const plain = Buffer.from(value, 'utf8');
    const forms = new Set([
      ...this.#forms,
      value,
      encodeURIComponent(plain.toString('utf8')),
      plain.toString('base64'),
      plain.toString('base64url'),
    ]);
    // The longest first: a form may be a part of another.
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    let clean = text;
    for (const form of this.#forms) clean = clean.replaceAll(form, REDACTED);
    return clean;
  }
}
