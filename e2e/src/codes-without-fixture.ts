// Codes that have no fixture, each with the reason. An entry goes when its fixture comes: the test
// fails for a code that is both here and covered.

const CLI =
  'Only the command line prints it, which this harness does not start; apps/cli has to try it.';

/** Code -> why it has no fixture here. */
export const CODES_WITHOUT_FIXTURE: Readonly<Record<string, string>> = {
  CAP109: 'It takes a failing disk; libs/capabilities tries it with error objects of the system.',
  CLI005: CLI,
  CLI006: CLI,
  CLI007: CLI,
  CLI008: CLI,
  CLI009: CLI,
  CLI010: CLI,
  CTRL901:
    'Nothing emits it yet: it is for hosts that lack a surface, and the in-process host has them all.',
  IDEM099: 'Nothing emits it yet: no host remembers the input of a key beside the key.',
  RUN030:
    'Nothing emits it yet: the executor ends a starved execution, but does not watch a slow one.',
  RUN040: 'Nothing emits it yet: a spilled message is told to observers, not as a finding.',
  RUN112: 'It names a standstill that no valid flow should reach; libs/executor guards against it.',
  RUN131: 'An execution that waits cannot be resumed yet: its message is held a second time.',
  RUN134: 'Nothing emits it: faults of the spill tier are RUN320 to RUN323.',
  RUN340: 'Traces are not part of the public API of libs/executor yet.',
};
