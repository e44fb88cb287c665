// Gathers entropy once and stretches it: sources are slow, or give only so many bytes.
#include "random.h"

#include "kernel/devices.h"
#include "kernel/entry.h"
#include "kernel/log.h"

#include <random/generator.h>

/** Entropy that is enough: as much as the generator's key holds. */
enum { ENOUGH = 32 };

/** The host is asked for so long, and no machine stops because it does not answer. */
#define PATIENCE_NS UINT64_C(1000000000)

static struct generator generator;
static bool is_seeded;

static size_t add_words(void) {
  size_t bytes = 0;
  uint64_t word;
  for (; bytes < ENOUGH && arch_random(&word); bytes += sizeof(word))
    generator_add(&generator, &word, sizeof(word));
  return bytes;
}

static size_t add_device(void) {
  uint8_t entropy[ENOUGH];
  size_t bytes = 0, taken;
  struct entropy_device *device = device_entropy();
  uint64_t end = arch_clock() + PATIENCE_NS;
  while (device != NULL && bytes < ENOUGH && arch_clock() < end) {
    bs_status status = entropy_take(device, entropy, ENOUGH - bytes, &taken);
    if (status != BS_OK && status != BS_WOULD_BLOCK) break;
    generator_add(&generator, entropy, taken);
    bytes += taken;
  }
  return bytes;
}

void random_start(void) {
  size_t words = add_words(), device = add_device();
  uint64_t now = arch_clock();
  generator_add(&generator, &now, sizeof(now));
  is_seeded = words + device >= ENOUGH;
  log_stage("random", "%zu bytes of entropy by the processor or loader, %zu by the host", words,
            device);
}

bool random_is_seeded(void) {
  return is_seeded;
}

bool random_fill(void *out, size_t bytes) {
  if (is_seeded) generator_fill(&generator, out, bytes);
  return is_seeded;
}
