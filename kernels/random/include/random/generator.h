// A generator of random bytes that nobody can tell from chance: ChaCha20 (RFC 8439), whose key is
// replaced with its own output after each use ("fast key erasure", Bernstein 2017), so that bytes
// given before cannot be computed from the state.
#pragma once

#include <stddef.h>
#include <stdint.h>

/** A generator. It has as much entropy as it was given. */
struct generator {
  uint32_t key[8];
};

/** Adds entropy, of any length, to what is there. */
void generator_add(struct generator *generator, const void *entropy, size_t bytes);

/** Fills memory. */
void generator_fill(struct generator *generator, void *out, size_t bytes);

/** One block of ChaCha20 (RFC 8439, section 2.3), for the generator and its tests. */
void chacha20_block(const uint32_t key[8], uint32_t counter, const uint32_t nonce[3],
                    uint32_t out[16]);
