// Lines on the console: text with values, and the markers of the stages of the boot.
#pragma once

#include <stdarg.h>

/** Writes formatted text. Knows %s %c %d %u %x with the lengths l, ll and z, %p, widths, and zeros
 * or spaces in front. A newline goes out as it is. */
void log_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** The same with the arguments of a caller. */
void log_arguments(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/** Says that a stage of the boot is done, with what it found: `stage NAME: text`. */
void log_stage(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
