// Text of programs.
#pragma once

#include "process.h"

/** A path of up to 255 bytes and its zero, copied. BS_INVALID where it may not be read, BS_CORRUPT
 * when it is no UTF-8 or has no end. */
bs_status user_path(const struct process *process, vaddr address, char out[256]);

/** Whether bytes that may be read are UTF-8. */
bool user_is_text(const struct process *process, vaddr address, uint64_t bytes);

/** Whether bytes are UTF-8 (RFC 3629: no surrogates, nothing overlong, nothing above U+10FFFF). */
bool is_utf8(const uint8_t *bytes, size_t count);
