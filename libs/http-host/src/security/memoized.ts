// Remembers the results of a pure function of a short text, for requests that repeat the same few.

/** Longer texts are not remembered: callers choose them. */
const MAX_KEY = 256;
const MAX_KEYS = 1000;

/** The same function, which works once for each of a bounded number of texts. */
export function memoized<T extends string | boolean>(make: (text: string) => T) {
  const known = new Map<string, T>();
  return (text: string): T => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    if (text.length > MAX_KEY) return made;
    if (known.size >= MAX_KEYS) known.clear();
    known.set(text, made);
    return made;
  };
}
