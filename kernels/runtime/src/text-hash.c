// SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
#include <basalt/text.h>

typedef struct {
  uint64_t v0, v1, v2, v3;
} sip;

static uint64_t rotate(uint64_t word, int bits) {
  return word << bits | word >> (64 - bits);
}

static void sip_round(sip *s) {
  s->v0 += s->v1;
  s->v1 = rotate(s->v1, 13) ^ s->v0;
  s->v0 = rotate(s->v0, 32);
  s->v2 += s->v3;
  s->v3 = rotate(s->v3, 16) ^ s->v2;
  s->v0 += s->v3;
  s->v3 = rotate(s->v3, 21) ^ s->v0;
  s->v2 += s->v1;
  s->v1 = rotate(s->v1, 17) ^ s->v2;
  s->v2 = rotate(s->v2, 32);
}

static uint64_t load(const uint8_t *bytes, size_t count) {
  uint64_t word = 0;
  for (size_t i = 0; i < count; i++)
    word |= (uint64_t)bytes[i] << (8 * i);
  return word;
}

static void absorb(sip *s, uint64_t word) {
  s->v3 ^= word;
  sip_round(s);
  s->v0 ^= word;
}

uint32_t bs_text_hash_bytes(const char *bytes, size_t length, uint64_t seed) {
  // Both halves of the key come of the seed; an odd factor loses nothing.
  uint64_t other = seed * 0x9e3779b97f4a7c15;
  sip s = {0x736f6d6570736575 ^ seed, 0x646f72616e646f6d ^ other, 0x6c7967656e657261 ^ seed,
           0x7465646279746573 ^ other};
  const uint8_t *at = (const uint8_t *)bytes;
  size_t left = length;
  for (; left >= 8; left -= 8, at += 8)
    absorb(&s, load(at, 8));
  absorb(&s, load(at, left) | (uint64_t)length << 56);
  s.v2 ^= 0xff;
  for (int i = 0; i < 3; i++)
    sip_round(&s);
  return (uint32_t)(s.v0 ^ s.v1 ^ s.v2 ^ s.v3);
}
