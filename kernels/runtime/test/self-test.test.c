// The self-test on this machine against the lines that every machine must print, which are in
// self-test.expected.
#include <basalt/self-test.h>
#include <stdlib.h>

#include <test/tap.h>

typedef struct {
  FILE *expected;
  bool same;
} comparison;

static void compare(void *context, const char *line, size_t length) {
  comparison *with = context;
  char expected[256] = "";
  if (with->expected == NULL || fgets(expected, sizeof expected, with->expected) == NULL)
    expected[0] = 0;
  bool same = strlen(expected) == length + 1 && memcmp(expected, line, length) == 0;
  if (!same) printf("# got %.*s, expected %s\n", (int)length, line, expected);
  with->same = with->same && same;
}

static void count(void *context, const char *line, size_t length) {
  (void)line;
  *(size_t *)context += length > 0;
}

int main(void) {
  void *arena = aligned_alloc(16, BS_SELFTEST_BYTES);
  comparison with = {.expected = fopen("kernels/runtime/test/self-test.expected", "r"),
                     .same = true};
  tap_ok(bs_selftest(arena, BS_SELFTEST_BYTES, compare, &with) == 0, "the self-test passes");
  tap_ok(with.same && with.expected != NULL && fgetc(with.expected) == EOF,
         "its lines are those of every machine");
  size_t lines = 0;
  size_t failures = bs_selftest(arena, BS_SELFTEST_BYTES - 16, count, &lines);
  tap_ok(failures == lines && lines > 0, "an arena that is too small fails every part");
  lines = 0;
  failures = bs_selftest((char *)arena + 8, BS_SELFTEST_BYTES, count, &lines);
  tap_ok(failures == lines && lines > 0, "and so does one that is not aligned");
  if (with.expected != NULL) fclose(with.expected);
  free(arena);
  return tap_done();
}
