// User address spaces. An `arch_space` is the word for TTBR0_EL1: the physical address of the root,
// and above bit 48 the number by which the TLB tells this space from others.
#include "cpu.h"
#include "kernel-tables.h"
#include "memory-map.h"
#include "tables.h"

/** Every processor tells this many spaces apart (8 bits); number 0 is of the space without pages.
 */
enum { NUMBERS = 256, NUMBER_SHIFT = 48 };

static uint64_t numbers_taken[NUMBERS / 64] = {1};

static uint64_t number_of(arch_space space) {
  return space >> NUMBER_SHIFT;
}

static bool take_number(uint64_t *out) {
  for (unsigned word = 0; word < NUMBERS / 64; word++) {
    uint64_t taken = __atomic_load_n(&numbers_taken[word], __ATOMIC_RELAXED);
    while (taken != UINT64_MAX) {
      unsigned bit = (unsigned)__builtin_ctzll(~taken);
      if (__atomic_compare_exchange_n(&numbers_taken[word], &taken, taken | UINT64_C(1) << bit,
                                      false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        *out = word * 64 + bit;
        return true;
      }
    }
  }
  return false;
}

static void give_number(uint64_t number) {
  __atomic_fetch_and(&numbers_taken[number / 64], ~(UINT64_C(1) << number % 64), __ATOMIC_RELEASE);
}

static bool is_user_page(vaddr page) {
  return page % PAGE_BYTES == 0 && page >= arch_user_start && page < arch_user_end;
}

static bool is_allowed(unsigned access) {
  return (access & ACCESS_WRITE) == 0 || (access & ACCESS_EXECUTE) == 0;
}

/** What was written to a frame as data is what will be executed. */
static void make_executable(paddr frame) {
  // The smallest line that an implementation may have.
  enum { LINE_BYTES = 16 };
  uintptr_t start = (uintptr_t)arch_direct(frame);
  for (uintptr_t at = start; at < start + PAGE_BYTES; at += LINE_BYTES)
    __asm__ volatile("dc cvau, %0" : : "r"(at) : "memory");
  __asm__ volatile("dsb ish; ic ialluis; dsb ish; isb" : : : "memory");
}

bs_status arch_space_create(arch_space *out) {
  paddr root;
  uint64_t number;
  if (!take_number(&number)) return BS_NOMEM;
  if (!frames_take(&root)) {
    give_number(number);
    return BS_NOMEM;
  }
  *out = root | number << NUMBER_SHIFT;
  return BS_OK;
}

void arch_space_destroy(arch_space space) {
  forget_space(number_of(space));
  tables_destroy(entry_frame(space));
  give_number(number_of(space));
}

bs_status arch_space_map(arch_space space, vaddr page, paddr frame, unsigned access) {
  if (!is_user_page(page) || frame % PAGE_BYTES != 0 || !is_allowed(access)) return BS_INVALID;
  if ((access & ~(unsigned)ACCESS_DEVICE) == ACCESS_NONE) return BS_INVALID;
  if ((access & ACCESS_EXECUTE) != 0) make_executable(frame);
  return tables_map(entry_frame(space), page, frame, user_bits(access));
}

bs_status arch_space_protect(arch_space space, vaddr page, unsigned access) {
  if (!is_allowed(access)) return BS_INVALID;
  uint64_t *entry = is_user_page(page) ? tables_entry(entry_frame(space), page, false) : NULL;
  if (entry == NULL || *entry == 0) return BS_NOENT;
  paddr frame = entry_frame(*entry);
  if ((access & ACCESS_EXECUTE) != 0) make_executable(frame);
  uint64_t bits = access == ACCESS_NONE ? 0 : frame | user_bits(access);
  __atomic_store_n(entry, bits, __ATOMIC_RELEASE);
  forget_user_page(number_of(space), page);
  return BS_OK;
}

bs_status arch_space_find(arch_space space, vaddr page, paddr *frame, unsigned *access) {
  if (!is_user_page(page)) return BS_NOENT;
  const uint64_t *entry = tables_entry(entry_frame(space), page, false);
  if (entry == NULL || *entry == 0) return BS_NOENT;
  *frame = entry_frame(*entry);
  *access = ACCESS_READ;
  if ((*entry & ENTRY_READ_ONLY) == 0) *access |= ACCESS_WRITE;
  if ((*entry & ENTRY_NO_USER_EXECUTE) == 0) *access |= ACCESS_EXECUTE;
  if ((*entry & ENTRY_DEVICE) != 0) *access |= ACCESS_DEVICE;
  return BS_OK;
}

void arch_space_enter(arch_space space) {
  WRITE_SYSTEM(ttbr0_el1, space == 0 ? kernel_tables_nothing() : space);
  synchronize();
}

void arch_space_forget(void) {
  // TLBI of the inner shareable domain has reached every processor when a page was changed.
}
