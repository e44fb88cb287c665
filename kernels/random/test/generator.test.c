// The generator: the vectors of RFC 8439, and what depends on what.
#include <random/generator.h>

#include <test/tap.h>

static bool follows_vectors(void) {
  // RFC 8439, section 2.3.2, and appendix A.1, vectors 1 and 2.
  static const uint32_t counting[8] = {0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c,
                                       0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c};
  static const uint32_t nonce[3] = {0x09000000, 0x4a000000, 0};
  static const uint32_t expected[3][16] = {
      {0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3, 0xc7f4d1c7, 0x0368c033, 0x9aaa2204,
       0x4e6cd4c3, 0x466482d2, 0x09aa9f07, 0x05d7c214, 0xa2028bd9, 0xd19c12b5, 0xb94e16de,
       0xe883d0cb, 0x4e3c50a2},
      {0xade0b876, 0x903df1a0, 0xe56a5d40, 0x28bd8653, 0xb819d2bd, 0x1aed8da0, 0xccef36a8,
       0xc70d778b, 0x7c5941da, 0x8d485751, 0x3fe02477, 0x374ad8b8, 0xf4b8436a, 0x1ca11815,
       0x69b687c3, 0x8665eeb2},
      {0xbee7079f, 0x7a385155, 0x7c97ba98, 0x0d082d73, 0xa0290fcb, 0x6965e348, 0x3e53c612,
       0xed7aee32, 0x7621b729, 0x434ee69c, 0xb03371d5, 0xd539d874, 0x281fed31, 0x45fb0a51,
       0x1f0ae1ac, 0x6f4d794b},
  };
  static const uint32_t zero[8];
  uint32_t out[16];
  chacha20_block(counting, 1, nonce, out);
  tap_need(memcmp(out, expected[0], sizeof out) == 0);
  chacha20_block(zero, 0, zero, out);
  tap_need(memcmp(out, expected[1], sizeof out) == 0);
  chacha20_block(zero, 1, zero, out);
  return memcmp(out, expected[2], sizeof out) == 0;
}

static bool gives_second_halves(void) {
  struct generator generator = {{0}};
  static const uint32_t zero[3];
  uint32_t block[16], words[16];
  generator_fill(&generator, words, 64);
  chacha20_block((const uint32_t[8]){0}, 0, zero, block);
  tap_need(memcmp(words, block + 8, 32) == 0);
  uint32_t next[16];
  chacha20_block(block, 0, zero, next);
  return memcmp(words + 8, next + 8, 32) == 0 && memcmp(generator.key, next, 32) == 0;
}

static bool depends_on_entropy(void) {
  struct generator one = {{0}}, two = {{0}};
  uint8_t a[100], b[100], entropy[40] = {0};
  generator_add(&one, entropy, sizeof entropy);
  generator_fill(&one, a, sizeof a);
  for (size_t at = 0; at < sizeof entropy; at++) {
    two = (struct generator){{0}};
    entropy[at] = 1;
    generator_add(&two, entropy, sizeof entropy);
    entropy[at] = 0;
    generator_fill(&two, b, sizeof b);
    size_t same = 0;
    for (size_t i = 0; i < sizeof a; i++)
      same += a[i] == b[i];
    tap_need(same < 8);
  }
  two = (struct generator){{0}};
  generator_add(&two, entropy, sizeof entropy);
  generator_fill(&two, b, sizeof b);
  return memcmp(a, b, sizeof a) == 0;
}

static bool fills_exactly(void) {
  struct generator generator = {{7}};
  uint8_t bytes[130];
  for (size_t length = 0; length <= 128; length++) {
    memset(bytes, 0xee, sizeof bytes);
    struct generator before = generator;
    generator_fill(&generator, bytes + 1, length);
    tap_need(bytes[0] == 0xee && bytes[1 + length] == 0xee);
    tap_need((memcmp(&before, &generator, sizeof before) == 0) == (length == 0));
  }
  return true;
}

int main(void) {
  tap_ok(follows_vectors(), "blocks are those of RFC 8439");
  tap_ok(gives_second_halves(), "half of a block is given out, the other half is the next key");
  tap_ok(depends_on_entropy(),
         "every byte of entropy changes what is given, and nothing else does");
  tap_ok(fills_exactly(), "as many bytes are written as were asked for");
  return tap_done();
}
