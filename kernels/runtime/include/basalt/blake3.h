// BLAKE3 (the BLAKE3 paper, sections 2.1 to 2.6): hash and keyed hash with output of any length.
// The state is the caller's; nothing is allocated and nothing can fail.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BS_BLAKE3_BYTES 32
#define BS_BLAKE3_KEY_BYTES 32
#define BS_BLAKE3_BLOCK_BYTES 64
#define BS_BLAKE3_CHUNK_BYTES 1024
/** A tree over 2^64 bytes is 54 chunks high. */
#define BS_BLAKE3_MAX_DEPTH 54

/** A hash in progress. Initialise it before use; copying it forks the hash. */
typedef struct {
  uint32_t key[8];
  uint32_t flags;
  uint32_t chunk_value[8];
  uint64_t chunk_counter;
  uint8_t block[BS_BLAKE3_BLOCK_BYTES];
  uint32_t block_length;
  uint32_t blocks_done;
  uint32_t depth;
  uint32_t stack[BS_BLAKE3_MAX_DEPTH][8];
} bs_blake3;

/** Starts a plain hash. */
void bs_blake3_init(bs_blake3 *hash);

/** Starts a keyed hash. */
void bs_blake3_init_keyed(bs_blake3 *hash, const uint8_t key[BS_BLAKE3_KEY_BYTES]);

/** Appends input. O(length). */
void bs_blake3_update(bs_blake3 *hash, const void *input, size_t length);

/** Writes the first `length` bytes of the output; the hash may be updated further afterwards. */
void bs_blake3_finish(const bs_blake3 *hash, uint8_t *out, size_t length);
