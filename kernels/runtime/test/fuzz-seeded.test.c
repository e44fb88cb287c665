// A short run of every target of the fuzzer on seeded input. A demand that is not met aborts.
#include "../fuzz/targets.h"

typedef void (*target)(const uint8_t *data, size_t size);

/** Random bytes, of which many are those that mean something to the targets. */
static size_t make_input(uint64_t *seed, uint8_t *out) {
  static const uint8_t telling[] = {0,    1,    2,    255,  0x80, 0x81, 0xa1, 0x61, 0xc2, 0x49,
                                    0xf6, 0xf9, 0xfa, 0x18, 0x38, '-',  '.',  'e',  '1',  '0'};
  size_t size = tap_random(seed) % 120;
  for (size_t i = 0; i < size; i++) {
    uint64_t choice = tap_random(seed);
    out[i] = choice & 1 ? telling[choice / 2 % sizeof telling] : (uint8_t)(choice >> 8);
  }
  return size;
}

static bool holds(target run) {
  uint64_t seed = 5;
  uint8_t input[120];
  for (int i = 0; i < 300; i++)
    run(input, make_input(&seed, input));
  return true;
}

int main(void) {
  tap_ok(holds(fuzz_cbor), "codec");
  tap_ok(holds(fuzz_vector), "vector");
  tap_ok(holds(fuzz_map), "map");
  tap_ok(holds(fuzz_text), "text and floats");
  tap_ok(holds(fuzz_integer), "integers");
  return tap_done();
}
