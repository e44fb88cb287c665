// Of each block the first half is the next key and the second half is given out.
#include "random/generator.h"

enum { KEY_WORDS = 8, HALF_BYTES = 32 };

/** The next block under the key, which is replaced; its second half is at `half`. */
static void step(struct generator *generator, uint32_t half[KEY_WORDS]) {
  static const uint32_t nonce[3];
  uint32_t block[16];
  chacha20_block(generator->key, 0, nonce, block);
  for (unsigned i = 0; i < KEY_WORDS; i++) {
    generator->key[i] = block[i];
    half[i] = block[KEY_WORDS + i];
  }
}

void generator_add(struct generator *generator, const void *entropy, size_t bytes) {
  const uint8_t *at = entropy;
  uint32_t unused[KEY_WORDS];
  for (size_t done = 0; done < bytes; done += HALF_BYTES) {
    for (size_t i = 0; i < HALF_BYTES && done + i < bytes; i++)
      generator->key[i / 4] ^= (uint32_t)at[done + i] << (i % 4 * 8);
    step(generator, unused);
  }
}

void generator_fill(struct generator *generator, void *out, size_t bytes) {
  uint8_t *to = out;
  for (size_t done = 0; done < bytes; done += HALF_BYTES) {
    uint32_t half[KEY_WORDS];
    step(generator, half);
    for (size_t i = 0; i < HALF_BYTES && done + i < bytes; i++)
      to[done + i] = (uint8_t)(half[i / 4] >> (i % 4 * 8));
  }
}
