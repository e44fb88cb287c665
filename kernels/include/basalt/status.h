// What an operation of the kernels says about how it went. The codes up to BS_CLOSED are those of
// the kernel's ABI and never change; results travel through out-parameters.
#pragma once

/** How an operation went. */
typedef enum bs_status {
  BS_OK = 0,
  /** An argument is outside of what the operation takes. */
  BS_INVALID = 1,
  /** What was named is not there. */
  BS_NOENT = 2,
  /** There is no memory left; nothing was changed. */
  BS_NOMEM = 3,
  /** Somebody else has it. */
  BS_BUSY = 4,
  /** The time that was given has passed. */
  BS_TIMEOUT = 5,
  /** A device failed. */
  BS_IO = 6,
  /** This build or machine cannot do it. */
  BS_UNSUPPORTED = 7,
  /** The capability that it takes is not held. */
  BS_PERMISSION = 8,
  /** It would have to wait, and was told not to. */
  BS_WOULD_BLOCK = 9,
  /** The other end is gone. */
  BS_CLOSED = 10,
  /** Data that was read or found in memory breaks the rules of its format. */
  BS_CORRUPT = 11,
  /** A result or a position is outside of its range. */
  BS_RANGE = 12,
  /** Somebody asked for its end before it was through. */
  BS_CANCELLED = 13,
} bs_status;
