// The functions against plain loops, for all small sizes and offsets, with what lies around
// untouched.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// The compiler knows the names and what they do; the ones under test are reached under other names.
#define memcpy tested_memcpy
#define memmove tested_memmove
#define memset tested_memset
#define memcmp tested_memcmp
#include "../src/bytes.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp

enum { ROOM = 96, SIZES = 40, OFFSETS = 10 };

static unsigned count, failures;

static void result(int good, const char *name) {
  count++;
  failures += !good;
  printf("%sok %u - %s\n", good ? "" : "not ", count, name);
}

static void fill(uint8_t *bytes) {
  for (unsigned i = 0; i < ROOM; i++)
    bytes[i] = (uint8_t)(i * 37 + 11);
}

static int same(const uint8_t *a, const uint8_t *b) {
  for (unsigned i = 0; i < ROOM; i++)
    if (a[i] != b[i]) return 0;
  return 1;
}

typedef void operation(uint8_t *bytes, unsigned to, unsigned from, unsigned size);

static void move_plainly(uint8_t *bytes, unsigned to, unsigned from, unsigned size) {
  uint8_t copy[ROOM];
  for (unsigned i = 0; i < size; i++)
    copy[i] = bytes[from + i];
  for (unsigned i = 0; i < size; i++)
    bytes[to + i] = copy[i];
}

static void move(uint8_t *bytes, unsigned to, unsigned from, unsigned size) {
  if (tested_memmove(bytes + to, bytes + from, size) != bytes + to) abort();
}

static void copy_apart(uint8_t *bytes, unsigned to, unsigned from, unsigned size) {
  if (tested_memcpy(bytes + to + ROOM / 2, bytes + from, size) != bytes + to + ROOM / 2) abort();
}

static void copy_apart_plainly(uint8_t *bytes, unsigned to, unsigned from, unsigned size) {
  move_plainly(bytes, to + ROOM / 2, from, size);
}

static void set(uint8_t *bytes, unsigned to, unsigned from, unsigned size) {
  if (tested_memset(bytes + to, (int)(from + 250), size) != bytes + to) abort();
}

static void set_plainly(uint8_t *bytes, unsigned to, unsigned from, unsigned size) {
  for (unsigned i = 0; i < size; i++)
    bytes[to + i] = (uint8_t)(from + 250);
}

static int agree(operation *tested, operation *plain) {
  for (unsigned size = 0; size < SIZES - 4; size++)
    for (unsigned to = 0; to < OFFSETS; to++)
      for (unsigned from = 0; from < OFFSETS; from++) {
        uint8_t a[ROOM], b[ROOM];
        fill(a);
        fill(b);
        tested(a, to, from, size);
        plain(b, to, from, size);
        if (!same(a, b)) return 0;
      }
  return 1;
}

static int compares(void) {
  const uint8_t a[] = {1, 2, 3, 200}, b[] = {1, 2, 4, 100}, c[] = {1, 2, 3, 100};
  return tested_memcmp(a, b, 4) < 0 && tested_memcmp(b, a, 4) > 0 && tested_memcmp(a, c, 4) > 0 &&
         tested_memcmp(a, c, 3) == 0 && tested_memcmp(a, b, 0) == 0;
}

int main(void) {
  result(agree(move, move_plainly), "memmove moves, also onto itself");
  result(agree(copy_apart, copy_apart_plainly), "memcpy copies");
  result(agree(set, set_plainly), "memset fills with the low byte");
  result(compares(), "memcmp compares unsigned bytes in order");
  printf("1..%u\n", count);
  return failures != 0;
}
