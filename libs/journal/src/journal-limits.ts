// Bounds of what a store takes.

/** Bytes of the largest record, unless a store is told otherwise. */
export const MAX_RECORD_BYTES = 16 * 2 ** 20;
/** Bytes of the largest run that an import reads: it is held in memory. */
export const MAX_ARCHIVED_RUN_BYTES = 2 ** 29;
