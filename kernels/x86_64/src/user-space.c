// Address spaces of user mode: roots of their own, whose lowest entry is the kernel's.
#include "cpu.h"
#include "kernel-memory.h"
#include "page-tables.h"

enum { TABLE_BITS = ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER };

static bool is_user_page(vaddr page) {
  return page % PAGE_BYTES == 0 && page >= arch_user_start && page < arch_user_end;
}

static bool is_allowed(unsigned access) {
  unsigned both = ACCESS_WRITE | ACCESS_EXECUTE;
  return (access & both) != both;
}

bs_status arch_space_create(arch_space *out) {
  paddr root;
  if (!frames_take(&root)) return BS_NOMEM;
  *(uint64_t *)arch_direct(root) = kernel_root_entry();
  *out = root;
  return BS_OK;
}

static void destroy_tables(paddr frame, unsigned level, unsigned first) {
  const uint64_t *table = arch_direct(frame);
  for (unsigned i = first; i < ENTRIES && level > LEVEL_PAGE; i++)
    if ((table[i] & ENTRY_PRESENT) != 0) destroy_tables(table[i] & ENTRY_FRAME, level - 9, 0);
  frames_give(frame);
}

void arch_space_destroy(arch_space space) {
  destroy_tables(space, LEVEL_ROOT, 1);
}

bs_status arch_space_map(arch_space space, vaddr page, paddr frame, unsigned access) {
  if (!is_user_page(page) || frame % PAGE_BYTES != 0 || !is_allowed(access) ||
      access == ACCESS_NONE)
    return BS_INVALID;
  uint64_t *entry = find_entry(arch_direct(space), page, LEVEL_PAGE, true, TABLE_BITS);
  if (entry == NULL) return BS_NOMEM;
  if ((*entry & ENTRY_PRESENT) != 0) return BS_INVALID;
  *entry = frame | entry_for(access) | ENTRY_USER;
  return BS_OK;
}

/** The entry of a page that is mapped, or NULL. */
static uint64_t *mapped_entry(arch_space space, vaddr page) {
  if (!is_user_page(page)) return NULL;
  uint64_t *entry = find_entry(arch_direct(space), page, LEVEL_PAGE, false, 0);
  return entry != NULL && (*entry & ENTRY_PRESENT) != 0 ? entry : NULL;
}

bs_status arch_space_protect(arch_space space, vaddr page, unsigned access) {
  if (!is_allowed(access)) return BS_INVALID;
  uint64_t *entry = mapped_entry(space, page);
  if (entry == NULL) return BS_NOENT;
  *entry = access == ACCESS_NONE ? 0 : (*entry & ENTRY_FRAME) | entry_for(access) | ENTRY_USER;
  forget_page(page);
  return BS_OK;
}

bs_status arch_space_find(arch_space space, vaddr page, paddr *frame, unsigned *access) {
  const uint64_t *entry = mapped_entry(space, page);
  if (entry == NULL) return BS_NOENT;
  *frame = *entry & ENTRY_FRAME;
  *access = entry_access(*entry);
  return BS_OK;
}

void arch_space_enter(arch_space space) {
  paddr root = space != 0 ? space : kernel_root_frame();
  if (read_cr3() != root) write_cr3(root);
}

void arch_space_forget(void) {
  write_cr3(read_cr3());
}
