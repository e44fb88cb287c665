// The runtime's test of itself: the same work on every machine, one line for each part of it. Every
// line ends with a digest of all that came out, so the lines of two machines are equal where, and
// only where, their runtimes do the same.
#pragma once

#include <stddef.h>

/** The smallest arena for it. */
#define BS_SELFTEST_BYTES ((size_t)1 << 20)

/** Takes one line, without its end: "NAME DIGEST", or "NAME failed: WHAT". */
typedef void (*bs_selftest_report)(void *context, const char *line, size_t length);

/** Runs all parts, each in a new heap in the arena, of which the first BS_SELFTEST_BYTES are used,
 * and returns how many failed; all of them where the arena is too small or not aligned to 16 bytes.
 * Takes about 8 KiB of stack. */
size_t bs_selftest(void *arena, size_t bytes, bs_selftest_report report, void *context);
