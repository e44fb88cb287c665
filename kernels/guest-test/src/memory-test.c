// Page tables: what the kernel itself may do, and what user spaces allow and refuse.
#include "check.h"
#include "kernel/frames.h"
#include "kernel/self-test.h"
#include "subjects.h"

static const uint64_t constant = 7;
static uint64_t variable = 7;

static unsigned access_at(const void *pointer) {
  return arch_kernel_access((uintptr_t)pointer);
}

static void test_kernel(void) {
  test_begin("the kernel's text, constants and variables are protected, page 0 is absent");
  check(access_at((const void *)(uintptr_t)kernel_self_test) == (ACCESS_READ | ACCESS_EXECUTE));
  check(access_at(&constant) == ACCESS_READ);
  check(access_at(&variable) == (ACCESS_READ | ACCESS_WRITE));
  check(access_at(&(uint64_t){0}) == (ACCESS_READ | ACCESS_WRITE));
  check(arch_kernel_access(0) == ACCESS_NONE);
  check(arch_kernel_access(arch_user_start) == ACCESS_NONE);
}

/** Pages that are executed, and such that are written too. */
struct counts {
  size_t executed, both;
};

static struct counts count_pages(vaddr start, uint64_t bytes) {
  struct counts counts = {0, 0};
  for (vaddr at = start; at - start < bytes; at += PAGE_BYTES) {
    unsigned access = arch_kernel_access(at);
    counts.both += (access & ACCESS_WRITE) != 0 && (access & ACCESS_EXECUTE) != 0;
    counts.executed += (access & ACCESS_EXECUTE) != 0;
  }
  return counts;
}

static void test_every_page(void) {
  test_begin("no page of the kernel is both written and executed");
  struct counts direct = count_pages((uintptr_t)arch_direct(0), arch_direct_limit);
  check(direct.both == 0 && direct.executed < 128);
  // The image lies there or, on architectures that link it elsewhere, around its text.
  enum { AROUND = 2 << 20 };
  vaddr text = (uintptr_t)kernel_self_test & ~(vaddr)(PAGE_BYTES - 1);
  vaddr start = text > AROUND ? text - AROUND : 0;
  struct counts image = count_pages(start, 2 * AROUND);
  check(image.both == 0 && image.executed > 0 && image.executed < 128);
}

static void test_guard(void) {
  test_begin("a page of the kernel becomes a guard, and memory again");
  paddr run;
  check(frames_take_run(3, &run));
  uint8_t *pages = arch_direct(run);
  check(arch_kernel_protect(pages + PAGE_BYTES, PAGE_BYTES, ACCESS_NONE) == BS_OK);
  check(access_at(pages) == (ACCESS_READ | ACCESS_WRITE));
  check(access_at(pages + PAGE_BYTES) == ACCESS_NONE);
  check(access_at(pages + 2 * PAGE_BYTES) == (ACCESS_READ | ACCESS_WRITE));
  check(arch_kernel_protect(pages + 1, PAGE_BYTES, ACCESS_NONE) == BS_INVALID);
  check(arch_kernel_protect(pages, PAGE_BYTES, ACCESS_WRITE | ACCESS_EXECUTE) == BS_INVALID);
  check(arch_kernel_protect(pages + PAGE_BYTES, PAGE_BYTES, ACCESS_READ | ACCESS_WRITE) == BS_OK);
  pages[PAGE_BYTES] = 1;
  frames_give_run(run, 3);
}

static void test_space(void) {
  test_begin("a user space maps, protects and refuses");
  size_t before = frames_free();
  arch_space space;
  paddr frame, found;
  unsigned access;
  vaddr page = arch_user_start + 5 * PAGE_BYTES;
  check(frames_take(&frame));
  check(arch_space_create(&space) == BS_OK);
  check(arch_space_map(space, page, frame, ACCESS_READ | ACCESS_WRITE) == BS_OK);
  check(arch_space_map(space, page, frame, ACCESS_READ) == BS_INVALID);
  check(arch_space_find(space, page, &found, &access) == BS_OK);
  check(found == frame && access == (ACCESS_READ | ACCESS_WRITE));
  check(arch_space_protect(space, page, ACCESS_READ | ACCESS_EXECUTE) == BS_OK);
  check(arch_space_find(space, page, &found, &access) == BS_OK);
  check(found == frame && access == (ACCESS_READ | ACCESS_EXECUTE));
  check(arch_space_protect(space, page, ACCESS_WRITE | ACCESS_EXECUTE) == BS_INVALID);
  check(arch_space_protect(space, page, ACCESS_NONE) == BS_OK);
  check(arch_space_find(space, page, &found, &access) == BS_NOENT);
  check(arch_space_protect(space, page, ACCESS_READ) == BS_NOENT);
  arch_space_destroy(space);
  frames_give(frame);
  check(frames_free() == before);
}

static void test_addresses(void) {
  test_begin("a user space takes aligned user addresses alone");
  size_t before = frames_free();
  arch_space space;
  paddr frame;
  check(frames_take(&frame));
  check(arch_space_create(&space) == BS_OK);
  const vaddr wrong[] = {0,
                         arch_user_start - PAGE_BYTES,
                         arch_user_start + 1,
                         arch_user_end,
                         UINT64_MAX - PAGE_BYTES + 1,
                         (uintptr_t)arch_direct(frame)};
  for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
    check(arch_space_map(space, wrong[i], frame, ACCESS_READ) == BS_INVALID);
  check(arch_space_map(space, arch_user_start, frame + 1, ACCESS_READ) == BS_INVALID);
  check(arch_space_map(space, arch_user_start, frame, ACCESS_NONE) == BS_INVALID);
  check(arch_space_map(space, arch_user_start, frame, ACCESS_WRITE | ACCESS_EXECUTE) == BS_INVALID);
  arch_space_destroy(space);
  frames_give(frame);
  check(frames_free() == before);
}

void test_memory(void) {
  test_kernel();
  test_every_page();
  test_guard();
  test_space();
  test_addresses();
}
