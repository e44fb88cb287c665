// The block function of ChaCha20 (RFC 8439, section 2.3).
#include "random/generator.h"

enum { DOUBLE_ROUNDS = 10 };

static uint32_t rotate(uint32_t word, unsigned bits) {
  return word << bits | word >> (32 - bits);
}

static void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d) {
  *a += *b;
  *d = rotate(*d ^ *a, 16);
  *c += *d;
  *b = rotate(*b ^ *c, 12);
  *a += *b;
  *d = rotate(*d ^ *a, 8);
  *c += *d;
  *b = rotate(*b ^ *c, 7);
}

void chacha20_block(const uint32_t key[8], uint32_t counter, const uint32_t nonce[3],
                    uint32_t out[16]) {
  const uint32_t start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, key[0], key[1],
                              key[2],     key[3],     key[4],     key[5],     key[6], key[7],
                              counter,    nonce[0],   nonce[1],   nonce[2]};
  for (unsigned i = 0; i < 16; i++)
    out[i] = start[i];
  for (unsigned i = 0; i < DOUBLE_ROUNDS; i++) {
    for (unsigned j = 0; j < 4; j++)
      quarter_round(&out[j], &out[4 + j], &out[8 + j], &out[12 + j]);
    for (unsigned j = 0; j < 4; j++)
      quarter_round(&out[j], &out[4 + (j + 1) % 4], &out[8 + (j + 2) % 4], &out[12 + (j + 3) % 4]);
  }
  for (unsigned i = 0; i < 16; i++)
    out[i] += start[i];
}
