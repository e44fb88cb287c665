// Integers as text in base 2 to 36 and back, as many digits at a time as one limb holds.
#include <basalt/text.h>

#include "integer-parts.h"

/** The largest power of the base in one limb, and how many digits it stands for. */
static bs_limb limb_power(int base, int *digits) {
  bs_limb power = (bs_limb)base;
  *digits = 1;
  while ((uint64_t)power * (unsigned)base <= UINT32_MAX) {
    power *= (bs_limb)base;
    ++*digits;
  }
  return power;
}

static size_t put_digits(char *out, size_t at, bs_limb rest, int base, int digits, bool all) {
  for (int i = 0; i < digits && (all || rest > 0); i++) {
    out[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % (unsigned)base];
    rest /= (unsigned)base;
  }
  return at;
}

/** Writes the digits so that they end at `at`, dividing `limbs` down to zero; returns the start. */
static size_t write_digits(bs_limb *limbs, size_t count, int base, char *out, size_t at) {
  int digits;
  bs_limb power = limb_power(base, &digits);
  for (count = bs_natural_trim(limbs, count); count > 0;) {
    bs_limb rest = bs_natural_divide_small(limbs, count, power);
    count = bs_natural_trim(limbs, count);
    at = put_digits(out, at, rest, base, digits, count > 0);
  }
  return at;
}

bs_status bs_integer_format(bs_heap *heap, bs_value integer, int base, bs_value *text) {
  if (base < 2 || base > 36) return BS_RANGE;
  bs_integer_parts parts;
  bs_integer_open(integer, &parts);
  if (parts.count == 0) return bs_text_new(heap, "0", 1, text);
  // A digit holds floor(log2(base)) bits or more.
  unsigned bits_a_digit = 31 - (unsigned)__builtin_clz((unsigned)base);
  size_t room = (size_t)bs_natural_bits(parts.limbs, parts.count) / bits_a_digit + 2;
  bs_integer_cell *rest = bs_integer_reserve(heap, parts.count);
  if (rest == NULL) return BS_NOMEM;
  for (size_t i = 0; i < parts.count; i++)
    rest->limbs[i] = parts.limbs[i];
  bs_value scratch;
  bs_status status = bs_bytes_new(heap, NULL, room, &scratch);
  if (status == BS_OK) {
    char *out = (char *)((bs_bytes_cell *)bs_cell_of(scratch))->bytes;
    size_t at = write_digits(rest->limbs, parts.count, base, out, room);
    if (parts.negative) out[--at] = '-';
    status = bs_text_new(heap, out + at, room - at, text);
    bs_release(heap, scratch);
  }
  bs_release(heap, bs_from_cell(rest));
  return status;
}

/** The digit that a character stands for; 36 for none. */
static unsigned digit_of(char c) {
  if (c >= '0' && c <= '9') return (unsigned)(c - '0');
  if (c >= 'a' && c <= 'z') return (unsigned)(c - 'a') + 10;
  if (c >= 'A' && c <= 'Z') return (unsigned)(c - 'A') + 10;
  return 36;
}

static void read_digits(bs_integer_cell *out, const char *text, size_t length, int base) {
  int digits;
  limb_power(base, &digits);
  size_t used = 0;
  for (size_t at = 0; at < length;) {
    bs_limb power = 1;
    bs_limb part = 0;
    for (int i = 0; i < digits && at < length; i++, at++) {
      power *= (bs_limb)base;
      part = part * (bs_limb)base + digit_of(text[at]);
    }
    bs_limb carry = bs_natural_scale(out->limbs, used, power, part);
    if (carry != 0) out->limbs[used++] = carry;
  }
}

bs_status bs_integer_parse(bs_heap *heap, const char *text, size_t length, int base,
                           bs_value *out) {
  if (base < 2 || base > 36) return BS_RANGE;
  bool negative = length > 0 && text[0] == '-';
  if (length > 0 && (negative || text[0] == '+')) {
    text++;
    length--;
  }
  if (length == 0) return BS_INVALID;
  for (size_t i = 0; i < length; i++) {
    if (digit_of(text[i]) >= (unsigned)base) return BS_INVALID;
  }
  unsigned bits_a_digit = 32 - (unsigned)__builtin_clz((unsigned)base - 1);
  if (length > BS_HEAP_MAX_BYTES) return BS_NOMEM;
  bs_integer_cell *cell = bs_integer_reserve(heap, length * bits_a_digit / BS_LIMB_BITS + 1);
  if (cell == NULL) return BS_NOMEM;
  read_digits(cell, text, length, base);
  *out = bs_integer_close(heap, cell, negative);
  return BS_OK;
}
