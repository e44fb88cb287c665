// Codes that have no fixture, each with the reason. An entry goes when its fixture comes: the test
// fails for a code that is both here and covered.

/** Areas whose findings only a running program gives: area -> the projects whose tests try each code
 * of it, below the workspace root. */
export const AREAS_TRIED_BY: Readonly<Record<string, readonly string[]>> = {
  certify: ['libs/certify', 'apps/cli'],
  cli: ['apps/cli'],
  compose: ['libs/compose', 'apps/cli'],
  durable: ['libs/executor'],
  http: ['libs/http-host', 'apps/cli'],
  journal: ['libs/journal'],
  viewer: ['libs/http-host'],
  queue: ['libs/queue'],
};

/** Code -> why it has no fixture here. */
export const CODES_WITHOUT_FIXTURE: Readonly<Record<string, string>> = {
  CAP109: 'It takes a failing disk; libs/capabilities tries it with error objects of the system.',
  CAP131: 'It takes a Redis server that fails; libs/capabilities tries it with a real one.',
  RUN112: 'It names a standstill that no valid flow should reach; libs/executor guards against it.',
};
