// Which version a range means: the highest one that fits.
import { maxSatisfying, rcompare, valid, validRange } from 'semver';

/** The range as the package semver reads it; undefined for what is no range. `latest` is any release, and a
 * bare major or minor version all of its releases. */
export function rangeOf(text: string): string | undefined {
  const trimmed = text.trim();
  const range = trimmed === 'latest' ? '*' : trimmed;
  return validRange(range) === null ? undefined : range;
}

/** The highest version that fits a range; undefined where none does. A version before a release fits only a
 * range that names one of the same release. */
export function highestOf(versions: readonly string[], range: string): string | undefined {
  const read = rangeOf(range);
  if (read === undefined) return undefined;
  // The package ignores build metadata, and so would give any of several builds.
  const ordered = versions.filter((version) => valid(version) !== null).sort(byPrecedence);
  return maxSatisfying(ordered, read) ?? undefined;
}

/** Versions from the highest to the lowest; builds of one version by their text. */
export function byPrecedence(a: string, b: string): number {
  return rcompare(a, b) || (a < b ? 1 : a > b ? -1 : 0);
}
