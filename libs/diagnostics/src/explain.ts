// The reference page of a code, for `graph explain` and for tools.
import { REGISTRY } from './generated/registry.js';
import type { CodeEntry } from './maker.js';
import { nearestWord } from './nearest-word.js';

/** Everything that the registry knows about one code. */
export type CodePage = CodeEntry;

/** All codes, in order. */
export function allCodes(): readonly string[] {
  return Object.keys(REGISTRY);
}

/** The page of a code, in any case of letters; nothing for an unknown code. */
export function explainCode(code: string): CodePage | undefined {
  const key = code.trim().toUpperCase();
  return Object.hasOwn(REGISTRY, key) ? REGISTRY[key as keyof typeof REGISTRY] : undefined;
}

/** The known code nearest to a mistyped one. */
export function suggestCode(input: string): string | undefined {
  return nearestWord(input.trim(), allCodes());
}
