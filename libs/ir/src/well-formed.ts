// Whether text is well-formed UTF-16. Node 20 has the method; the ES2023 library types lack it.

/** False for text with a lone surrogate, which has no UTF-8 encoding. */
export function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}
