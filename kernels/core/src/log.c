// Formats text straight onto the console, without a buffer: it works before there is memory and in
// a panic.
#include "kernel/log.h"

#include "kernel/arch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How a value is to be shown. */
struct shape {
  unsigned width;
  bool zeros;
};

static void put_text(const char *text) {
  for (; *text != 0; text++)
    arch_console_write((uint8_t)*text);
}

static void put_number(uint64_t value, unsigned base, bool negative, struct shape shape) {
  char digits[20];
  unsigned count = 0;
  do {
    digits[count++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  unsigned length = count + negative;
  if (negative && shape.zeros) arch_console_write('-');
  for (; length < shape.width; length++)
    arch_console_write(shape.zeros ? '0' : ' ');
  if (negative && !shape.zeros) arch_console_write('-');
  while (count > 0)
    arch_console_write((uint8_t)digits[--count]);
}

/** Reads a signed argument of the length that the format names: 0 int, else long or long long. */
#define SIGNED(arguments, wide) ((wide) ? va_arg(arguments, int64_t) : va_arg(arguments, int))
#define UNSIGNED(arguments, wide)                                                                  \
  ((wide) ? va_arg(arguments, uint64_t) : va_arg(arguments, unsigned))

/** Shows what follows a percent sign; returns where the format goes on. */
static const char *put_argument(const char *at, va_list *arguments) {
  struct shape shape = {.width = 0, .zeros = *at == '0'};
  for (; *at >= '0' && *at <= '9'; at++)
    shape.width = shape.width * 10 + (unsigned)(*at - '0');
  bool wide = false;
  for (; *at == 'l' || *at == 'z'; at++)
    wide = true;
  int64_t number;
  switch (*at) {
  case 's':
    put_text(va_arg(*arguments, const char *));
    break;
  case 'c':
    arch_console_write((uint8_t)va_arg(*arguments, int));
    break;
  case 'd':
    number = SIGNED(*arguments, wide);
    put_number(number < 0 ? -(uint64_t)number : (uint64_t)number, 10, number < 0, shape);
    break;
  case 'u':
    put_number(UNSIGNED(*arguments, wide), 10, false, shape);
    break;
  case 'x':
    put_number(UNSIGNED(*arguments, wide), 16, false, shape);
    break;
  case 'p':
    put_text("0x");
    put_number((uintptr_t)va_arg(*arguments, void *), 16, false, (struct shape){16, true});
    break;
  default:
    arch_console_write((uint8_t)*at);
  }
  return at + 1;
}

void log_arguments(const char *format, va_list arguments) {
  va_list copy;
  va_copy(copy, arguments);
  for (const char *at = format; *at != 0;) {
    if (*at == '%')
      at = put_argument(at + 1, &copy);
    else
      arch_console_write((uint8_t)*at++);
  }
  va_end(copy);
}

void log_text(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  log_arguments(format, arguments);
  va_end(arguments);
}

void log_stage(const char *name, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  log_text("stage %s: ", name);
  log_arguments(format, arguments);
  log_text("\n");
  va_end(arguments);
}
