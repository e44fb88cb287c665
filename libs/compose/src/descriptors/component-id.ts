// Ids of components: `lcod://`, a path of at least two segments, "@" and a version.

/** A whole version: MAJOR.MINOR.PATCH with -pre and +build. */
export const VERSION_PATTERN =
  '(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?';
/** What stands before "@". */
export const BASE_PATTERN = 'lcod://[a-z0-9_.-]+(?:/[a-z0-9_.-]+)+';

const SCHEME = 'lcod://';

export interface ComponentId {
  /** With the scheme, without the version. */
  readonly base: string;
  /** Segments of the path. */
  readonly segments: readonly string[];
  /** Undefined where there is no "@". */
  readonly version: string | undefined;
}

/** Splits an id; undefined for a text that is none. The version may be any text. */
export function parseComponentId(id: string): ComponentId | undefined {
  if (!id.startsWith(SCHEME)) return undefined;
  const [base, version] = splitVersion(id);
  const segments = base.slice(SCHEME.length).split('/');
  return { base, segments, version };
}

/** What stands before the last "@", and what follows it. */
export function splitVersion(id: string): readonly [base: string, version: string | undefined] {
  const at = id.lastIndexOf('@');
  return at < 0 ? [id, undefined] : [id.slice(0, at), id.slice(at + 1)];
}

/** Why the path of an id cannot be used, although its form is right; undefined where it can. */
export function segmentProblem(segments: readonly string[]): string | undefined {
  const bad = segments.find((segment) => /^\.*$/.test(segment));
  if (bad === undefined) return undefined;
  return bad === '' ? 'a segment of its path is empty' : `its path holds "${bad}"`;
}
