// What the exit status of `flows` means; scripts rely on it.

/** done: it worked. failed: the thing asked about failed (findings, a failed run). usage: the words
 * of the command are off. environment: this machine lacks something, which was named. */
export const EXIT = { done: 0, failed: 1, usage: 2, environment: 3, cancelled: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
