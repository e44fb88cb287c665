// Copies between the kernel and programs, page by page.
#include "user-memory.h"

void *user_part(const struct process *process, vaddr address, uint64_t bytes, unsigned access,
                size_t *part) {
  size_t offset = address % PAGE_BYTES;
  paddr frame;
  unsigned allowed;
  if (arch_space_find(process->space, address - offset, &frame, &allowed) != BS_OK ||
      (allowed & access) != access)
    return NULL;
  *part = bytes < PAGE_BYTES - offset ? (size_t)bytes : PAGE_BYTES - offset;
  return (uint8_t *)arch_direct(frame) + offset;
}

bool user_may(const struct process *process, vaddr address, uint64_t bytes, unsigned access) {
  if (bytes == 0) return true;
  if (address < arch_user_start || address >= arch_user_end || bytes > arch_user_end - address)
    return false;
  size_t part;
  for (; bytes > 0; bytes -= part, address += part)
    if (user_part(process, address, bytes, access, &part) == NULL) return false;
  return true;
}

bs_status user_read(const struct process *process, void *to, vaddr from, size_t bytes) {
  uint8_t *target = to;
  size_t part;
  for (; bytes > 0; bytes -= part, from += part, target += part) {
    const void *source = user_part(process, from, bytes, ACCESS_READ, &part);
    if (source == NULL) return BS_INVALID;
    __builtin_memcpy(target, source, part);
  }
  return BS_OK;
}

bs_status user_write(const struct process *process, vaddr to, const void *from, size_t bytes) {
  const uint8_t *source = from;
  size_t part;
  for (; bytes > 0; bytes -= part, to += part, source += part) {
    void *target = user_part(process, to, bytes, ACCESS_WRITE, &part);
    if (target == NULL) return BS_INVALID;
    __builtin_memcpy(target, source, part);
  }
  return BS_OK;
}
