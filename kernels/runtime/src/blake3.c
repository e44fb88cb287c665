// BLAKE3, portable: one compression function, chunks of 1024 bytes, and a stack of the roots of
// finished subtrees. Follows the BLAKE3 paper (O'Connor, Aumasson, Neves, Wilcox-O'Hearn).
#include <basalt/blake3.h>

enum {
  CHUNK_START = 1,
  CHUNK_END = 2,
  PARENT = 4,
  ROOT = 8,
  KEYED_HASH = 16,
  BLOCKS_A_CHUNK = BS_BLAKE3_CHUNK_BYTES / BS_BLAKE3_BLOCK_BYTES,
};

static const uint32_t initial_value[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint8_t permutation[16] = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

// The input of one compression, kept so that the root can be compressed again for more output.
typedef struct {
  uint32_t value[8];
  uint32_t words[16];
  uint64_t counter;
  uint32_t length;
  uint32_t flags;
} node;

static uint32_t rotate_right(uint32_t word, int bits) {
  return (word >> bits) | (word << (32 - bits));
}

static void mix(uint32_t *s, int a, int b, int c, int d, uint32_t x, uint32_t y) {
  s[a] += s[b] + x;
  s[d] = rotate_right(s[d] ^ s[a], 16);
  s[c] += s[d];
  s[b] = rotate_right(s[b] ^ s[c], 12);
  s[a] += s[b] + y;
  s[d] = rotate_right(s[d] ^ s[a], 8);
  s[c] += s[d];
  s[b] = rotate_right(s[b] ^ s[c], 7);
}

// Fills `state` with the 16 output words.
static void compress(const node *in, uint32_t state[16]) {
  uint32_t words[16];
  for (int i = 0; i < 16; i++)
    words[i] = in->words[i];
  for (int i = 0; i < 8; i++)
    state[i] = in->value[i];
  for (int i = 0; i < 4; i++)
    state[8 + i] = initial_value[i];
  state[12] = (uint32_t)in->counter;
  state[13] = (uint32_t)(in->counter >> 32);
  state[14] = in->length;
  state[15] = in->flags;
  for (int round = 0; round < 7; round++) {
    mix(state, 0, 4, 8, 12, words[0], words[1]);
    mix(state, 1, 5, 9, 13, words[2], words[3]);
    mix(state, 2, 6, 10, 14, words[4], words[5]);
    mix(state, 3, 7, 11, 15, words[6], words[7]);
    mix(state, 0, 5, 10, 15, words[8], words[9]);
    mix(state, 1, 6, 11, 12, words[10], words[11]);
    mix(state, 2, 7, 8, 13, words[12], words[13]);
    mix(state, 3, 4, 9, 14, words[14], words[15]);
    uint32_t permuted[16];
    for (int i = 0; i < 16; i++)
      permuted[i] = words[permutation[i]];
    for (int i = 0; i < 16; i++)
      words[i] = permuted[i];
  }
  for (int i = 0; i < 8; i++) {
    state[i] ^= state[8 + i];
    state[8 + i] ^= in->value[i];
  }
}

static uint32_t load_word(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
         (uint32_t)bytes[3] << 24;
}

static uint32_t start_flag(const bs_blake3 *hash) {
  return hash->blocks_done == 0 ? CHUNK_START : 0;
}

// The block of the current chunk that is being filled, padded with zeros.
static void current_node(const bs_blake3 *hash, uint32_t flags, node *out) {
  uint8_t padded[BS_BLAKE3_BLOCK_BYTES];
  for (uint32_t i = 0; i < BS_BLAKE3_BLOCK_BYTES; i++) {
    padded[i] = i < hash->block_length ? hash->block[i] : 0;
  }
  for (int i = 0; i < 8; i++)
    out->value[i] = hash->chunk_value[i];
  for (int i = 0; i < 16; i++)
    out->words[i] = load_word(padded + 4 * i);
  out->counter = hash->chunk_counter;
  out->length = hash->block_length;
  out->flags = hash->flags | start_flag(hash) | flags;
}

static void parent_node(const bs_blake3 *hash, const uint32_t left[8], const uint32_t right[8],
                        node *out) {
  for (int i = 0; i < 8; i++) {
    out->value[i] = hash->key[i];
    out->words[i] = left[i];
    out->words[8 + i] = right[i];
  }
  out->counter = 0;
  out->length = BS_BLAKE3_BLOCK_BYTES;
  out->flags = hash->flags | PARENT;
}

static void chaining_value(const node *in, uint32_t out[8]) {
  uint32_t state[16];
  compress(in, state);
  for (int i = 0; i < 8; i++)
    out[i] = state[i];
}

static void start_chunk(bs_blake3 *hash, uint64_t counter) {
  for (int i = 0; i < 8; i++)
    hash->chunk_value[i] = hash->key[i];
  hash->chunk_counter = counter;
  hash->block_length = 0;
  hash->blocks_done = 0;
}

static void start(bs_blake3 *hash, uint32_t flags) {
  hash->flags = flags;
  hash->depth = 0;
  start_chunk(hash, 0);
}

void bs_blake3_init(bs_blake3 *hash) {
  for (int i = 0; i < 8; i++)
    hash->key[i] = initial_value[i];
  start(hash, 0);
}

void bs_blake3_init_keyed(bs_blake3 *hash, const uint8_t key[BS_BLAKE3_KEY_BYTES]) {
  for (int i = 0; i < 8; i++)
    hash->key[i] = load_word(key + 4 * i);
  start(hash, KEYED_HASH);
}

// Ends the current chunk, of which more input follows, and merges the subtrees that are complete:
// as many as the number of chunks has trailing zero bits.
static void end_chunk(bs_blake3 *hash) {
  node last;
  uint32_t value[8];
  current_node(hash, CHUNK_END, &last);
  chaining_value(&last, value);
  uint64_t chunks = hash->chunk_counter + 1;
  for (uint64_t rest = chunks; (rest & 1) == 0; rest >>= 1) {
    node parent;
    parent_node(hash, hash->stack[--hash->depth], value, &parent);
    chaining_value(&parent, value);
  }
  for (int i = 0; i < 8; i++)
    hash->stack[hash->depth][i] = value[i];
  hash->depth++;
  start_chunk(hash, chunks);
}

// Makes room in a full block. Called only when more input is there, because the last block of all
// is compressed with other flags.
static void end_block(bs_blake3 *hash) {
  if (hash->blocks_done == BLOCKS_A_CHUNK - 1) {
    end_chunk(hash);
    return;
  }
  node block;
  current_node(hash, 0, &block);
  chaining_value(&block, hash->chunk_value);
  hash->blocks_done++;
  hash->block_length = 0;
}

void bs_blake3_update(bs_blake3 *hash, const void *input, size_t length) {
  const uint8_t *bytes = input;
  while (length > 0) {
    if (hash->block_length == BS_BLAKE3_BLOCK_BYTES) end_block(hash);
    size_t room = BS_BLAKE3_BLOCK_BYTES - hash->block_length;
    size_t taken = length < room ? length : room;
    for (size_t i = 0; i < taken; i++)
      hash->block[hash->block_length + i] = bytes[i];
    hash->block_length += (uint32_t)taken;
    bytes += taken;
    length -= taken;
  }
}

void bs_blake3_finish(const bs_blake3 *hash, uint8_t *out, size_t length) {
  node root;
  current_node(hash, CHUNK_END, &root);
  for (uint32_t i = hash->depth; i > 0; i--) {
    uint32_t value[8];
    chaining_value(&root, value);
    parent_node(hash, hash->stack[i - 1], value, &root);
  }
  root.flags |= ROOT;
  // The counter of the root's compression numbers the blocks of output.
  root.counter = 0;
  for (size_t done = 0; done < length; root.counter++) {
    uint32_t state[16];
    compress(&root, state);
    for (int i = 0; i < BS_BLAKE3_BLOCK_BYTES && done < length; i++) {
      out[done++] = (uint8_t)(state[i / 4] >> (8 * (i % 4)));
    }
  }
}
