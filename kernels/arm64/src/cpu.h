// Instructions of the processor that C has no words for (Arm ARM, chapters C6 and D17).
#pragma once

#include <stdint.h>

#define STRING_OF(text) #text

/** Reads or writes a system register; `name` may be a macro. */
#define READ_SYSTEM(name)                                                                          \
  ({                                                                                               \
    uint64_t value_;                                                                               \
    __asm__ volatile("mrs %0, " STRING_OF(name) : "=r"(value_) : : "memory");                      \
    value_;                                                                                        \
  })

#define WRITE_SYSTEM(name, value)                                                                  \
  __asm__ volatile("msr " STRING_OF(name) ", %0" : : "r"((uint64_t)(value)) : "memory")

/** What was written to system registers holds for the next instruction. */
static inline void synchronize(void) {
  __asm__ volatile("isb" : : : "memory");
}

/** All earlier accesses to memory are done, for every processor and every walk of the tables. */
static inline void finish_accesses(void) {
  __asm__ volatile("dsb ish" : : : "memory");
}

/** All earlier accesses, also to devices. */
static inline void finish_all_accesses(void) {
  __asm__ volatile("dsb sy" : : : "memory");
}

static inline void forget_translations(void) {
  __asm__ volatile("dsb ish; tlbi vmalle1is; dsb ish; isb" : : : "memory");
}

/** Forgets an upper address on all processors. */
static inline void forget_kernel_page(uint64_t address) {
  uint64_t page = address >> 12 & 0xfffffffffff;
  __asm__ volatile("dsb ish; tlbi vaae1is, %0; dsb ish; isb" : : "r"(page) : "memory");
}

/** Forgets a lower address of one address space on all processors. */
static inline void forget_user_page(uint64_t number, uint64_t address) {
  uint64_t page = number << 48 | (address >> 12 & 0xfffffffffff);
  __asm__ volatile("dsb ish; tlbi vae1is, %0; dsb ish; isb" : : "r"(page) : "memory");
}

/** Forgets all of an address space on all processors. */
static inline void forget_space(uint64_t number) {
  __asm__ volatile("dsb ish; tlbi aside1is, %0; dsb ish; isb" : : "r"(number << 48) : "memory");
}

/** Registers of a device. A plain access, so that a hypervisor can tell what it was. */
static inline uint32_t read_register(const volatile void *base, uint32_t offset) {
  uint32_t value;
  __asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"((uintptr_t)base + offset) : "memory");
  return value;
}

static inline void write_register(volatile void *base, uint32_t offset, uint32_t value) {
  __asm__ volatile("str %w0, [%1]" : : "r"(value), "r"((uintptr_t)base + offset) : "memory");
}

static inline uint64_t read_wide_register(const volatile void *base, uint32_t offset) {
  uint64_t value;
  __asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"((uintptr_t)base + offset) : "memory");
  return value;
}

static inline void write_wide_register(volatile void *base, uint32_t offset, uint64_t value) {
  __asm__ volatile("str %0, [%1]" : : "r"(value), "r"((uintptr_t)base + offset) : "memory");
}

static inline uint8_t read_byte_register(const volatile void *base, uint32_t offset) {
  uint32_t value;
  __asm__ volatile("ldrb %w0, [%1]" : "=r"(value) : "r"((uintptr_t)base + offset) : "memory");
  return (uint8_t)value;
}

static inline void write_byte_register(volatile void *base, uint32_t offset, uint8_t value) {
  __asm__ volatile("strb %w0, [%1]"
                   :
                   : "r"((uint32_t)value), "r"((uintptr_t)base + offset)
                   : "memory");
}
