// Text: well-formed UTF-8 of any length, U+0000 included, not normalised; and bytes.
#pragma once

#include <basalt/heap.h>

/** Whether the bytes are well-formed UTF-8 (RFC 3629); the number of code points through `points`,
 * which may be NULL. O(length). */
bool bs_utf8_check(const char *bytes, size_t length, size_t *points);

/** A text of a copy of the bytes. BS_CORRUPT where they are not UTF-8. */
bs_status bs_text_new(bs_heap *heap, const char *bytes, size_t length, bs_value *out);

/** The bytes of a text, borrowed, without a terminating zero. O(1). */
const char *bs_text_bytes(bs_value text);

/** Its length in bytes. O(1). */
size_t bs_text_length(bs_value text);

/** Its length in code points. O(1). */
size_t bs_text_points(bs_value text);

/** The SipHash-1-3 of the bytes under the key that a seed gives, 32 bits of it; equal on every
 * machine. The seed must be that of the text's heap. */
uint32_t bs_text_hash(bs_value text, uint64_t seed);

/** The same hash of bytes that are in no cell. */
uint32_t bs_text_hash_bytes(const char *bytes, size_t length, uint64_t seed);

/** Negative, zero or positive in the order of code points, which is that of the bytes. */
int bs_text_compare(bs_value a, bs_value b);

/** Negative, zero or positive in the order of keys of canonical CBOR: shorter first, then by bytes.
 */
int bs_text_compare_keys(bs_value a, bs_value b);

/** One text after the other. */
bs_status bs_text_concat(bs_heap *heap, bs_value a, bs_value b, bs_value *out);

/** The code points from `from` up to, but without, `to`. BS_RANGE unless from <= to <= points.
 * O(length). */
bs_status bs_text_slice(bs_heap *heap, bs_value text, size_t from, size_t to, bs_value *out);

/** What is not found. */
#define BS_NOT_FOUND SIZE_MAX

/** The first place at a code point or behind it where the needle begins, in code points, or
 * BS_NOT_FOUND; an empty needle is everywhere, also at the end. O(length), whatever the needle is.
 */
size_t bs_text_find(bs_value text, bs_value needle, size_t from);

/** Bytes: a copy. `bytes` may be NULL, then they are zero. */
bs_status bs_bytes_new(bs_heap *heap, const void *bytes, size_t length, bs_value *out);

/** The bytes, borrowed. O(1). */
const uint8_t *bs_bytes_data(bs_value bytes);

/** How many there are. O(1). */
size_t bs_bytes_length(bs_value bytes);

/** Negative, zero or positive in the order of the bytes. */
int bs_bytes_compare(bs_value a, bs_value b);

/** One after the other. */
bs_status bs_bytes_concat(bs_heap *heap, bs_value a, bs_value b, bs_value *out);

/** The bytes from `from` up to, but without, `to`. BS_RANGE unless from <= to <= length. */
bs_status bs_bytes_slice(bs_heap *heap, bs_value bytes, size_t from, size_t to, bs_value *out);

/** The first place from `from` on where the needle begins, or BS_NOT_FOUND, as of bs_text_find. */
size_t bs_bytes_find(bs_value bytes, bs_value needle, size_t from);
