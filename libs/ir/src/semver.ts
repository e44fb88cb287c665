// Strict semantic versions (semver.org 2.0.0), as the `version` of a flow demands.

/** What `isStrictSemver` matches; also the pattern of `version` in the schema. No alternative starts
 * with the same text as another, so a match takes linear time. */
export const STRICT_SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Longest version that is accepted, in characters. */
const MAX_LENGTH = 256;

/** True for a version that semver.org 2.0.0 allows: no leading "v", no leading zeros, three numbers. */
export function isStrictSemver(text: string): boolean {
  return text.length <= MAX_LENGTH && STRICT_SEMVER.test(text);
}
