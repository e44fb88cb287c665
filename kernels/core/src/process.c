// Processes and the memory that they have.
#include "process.h"

#include "handles.h"
#include "kernel-lock.h"
#include "kernel/frames.h"
#include "shared-memory.h"

/** Where allocations begin: above all that an image may be linked at (4 GiB from the lowest
 * address). */
#define FIRST_ADDRESS (arch_user_start + (UINT64_C(1) << 32))

static unsigned count;
static unsigned exit_code;

enum { PROCESS_PAGES = (sizeof(struct process) + PAGE_BYTES - 1) / PAGE_BYTES };

bs_status process_create(uint32_t policy, struct process **out) {
  paddr frames;
  if (!frames_take_run(PROCESS_PAGES, &frames)) return BS_NOMEM;
  struct process *process = arch_direct(frames);
  if (arch_space_create(&process->space) != BS_OK) {
    frames_give_run(frames, PROCESS_PAGES);
    return BS_NOMEM;
  }
  process->references = 1;
  process->policy = policy;
  process->next_address = FIRST_ADDRESS;
  count++;
  *out = process;
  return BS_OK;
}

void process_retain(struct process *process) {
  process->references++;
  process->tasks++;
}

void process_release(struct process *process) {
  if (--process->references > 0) return;
  handles_close_all(process);
  for (unsigned i = 0; i < REGIONS_MAX; i++)
    if (process->regions[i].pages > 0) process_unmap(process, &process->regions[i]);
  arch_space_destroy(process->space);
  frames_give_run(arch_physical(process), PROCESS_PAGES);
  count--;
}

void process_task_ended(struct task *task) {
  struct process *process = task->process;
  process->tasks--;
  process_unmap(process, process_region(process, task->stack_region));
  if (task != process->first) return;
  process->first = NULL;
  bool well = task->end.kind == BS_TASK_EXITED;
  int32_t code = task->end.code;
  exit_code = well && code >= 0 && code < EXIT_PANIC ? (unsigned)code : EXIT_FAILED;
  struct bs_task_end killed = {.kind = BS_TASK_KILLED};
  tasks_end_all(process, &killed);
}

unsigned process_count(void) {
  return count;
}

unsigned process_exit_code(void) {
  return exit_code;
}

static bool overlaps(const struct region *region, vaddr start, size_t pages) {
  // One page on each side stays absent.
  return region->pages > 0 && start < region->start + (region->pages + 1) * PAGE_BYTES &&
         region->start < start + (pages + 1) * PAGE_BYTES;
}

static bool is_free(const struct process *process, vaddr start, size_t pages) {
  for (unsigned i = 0; i < REGIONS_MAX; i++)
    if (overlaps(&process->regions[i], start, pages)) return false;
  return true;
}

/** Addresses for so many pages; they are not used again before all others were. */
static bool find_addresses(struct process *process, size_t pages, vaddr *out) {
  vaddr bytes = (pages + 2) * PAGE_BYTES;
  if (process->next_address + bytes > arch_user_end) process->next_address = FIRST_ADDRESS;
  vaddr start = process->next_address + PAGE_BYTES;
  while (!is_free(process, start, pages)) {
    start += bytes;
    if (start + bytes > arch_user_end) return false;
  }
  process->next_address = start + pages * PAGE_BYTES;
  *out = start;
  return true;
}

/** Removes pages of a region; `give` says whether their frames go too. */
static void unmap_pages(struct process *process, vaddr start, size_t pages, bool give) {
  for (size_t i = 0; i < pages; i++) {
    paddr frame;
    unsigned access;
    vaddr page = start + i * PAGE_BYTES;
    if (arch_space_find(process->space, page, &frame, &access) != BS_OK) continue;
    arch_space_protect(process->space, page, ACCESS_NONE);
    if (give) frames_give(frame);
  }
  // Before anybody takes one of these frames, nobody can reach it as it was.
  kernel_forget_space(process);
}

/** A place for a region, or NULL. */
static struct region *free_region(struct process *process) {
  for (unsigned i = 0; i < REGIONS_MAX; i++)
    if (process->regions[i].pages == 0) return &process->regions[i];
  return NULL;
}

static bs_status map_page(struct process *process, vaddr page, unsigned access) {
  paddr frame;
  if (!frames_take(&frame)) return BS_NOMEM;
  bs_status status = arch_space_map(process->space, page, frame, access);
  if (status != BS_OK) frames_give(frame);
  return status;
}

bs_status process_map(struct process *process, vaddr start, size_t pages, unsigned access,
                      bool of_program, vaddr *out) {
  struct region *region = free_region(process);
  if (region == NULL || pages > frames_free()) return BS_NOMEM;
  if (start == 0 && !find_addresses(process, pages, &start)) return BS_NOMEM;
  for (size_t i = 0; i < pages; i++) {
    bs_status status = map_page(process, start + i * PAGE_BYTES, access);
    if (status != BS_OK) {
      unmap_pages(process, start, i, true);
      return status;
    }
  }
  *region =
      (struct region){.start = start, .pages = pages, .access = access, .of_program = of_program};
  *out = start;
  return BS_OK;
}

bs_status process_attach(struct process *process, struct shared_memory *shared, unsigned access,
                         vaddr *out) {
  struct region *region = free_region(process);
  vaddr start;
  if (region == NULL || !find_addresses(process, shared->pages, &start)) return BS_NOMEM;
  for (size_t i = 0; i < shared->pages; i++) {
    bs_status status =
        arch_space_map(process->space, start + i * PAGE_BYTES, shared->frames[i], access);
    if (status != BS_OK) {
      unmap_pages(process, start, i, false);
      return status;
    }
  }
  object_retain(shared);
  *region = (struct region){.start = start,
                            .pages = shared->pages,
                            .access = access,
                            .of_program = true,
                            .shared = shared};
  *out = start;
  return BS_OK;
}

struct region *process_region(struct process *process, vaddr address) {
  for (unsigned i = 0; i < REGIONS_MAX; i++) {
    struct region *region = &process->regions[i];
    if (region->pages > 0 && address >= region->start &&
        address - region->start < region->pages * PAGE_BYTES)
      return region;
  }
  return NULL;
}

void process_unmap(struct process *process, struct region *region) {
  unmap_pages(process, region->start, region->pages, region->shared == NULL);
  if (region->shared != NULL) shared_memory_release(region->shared);
  region->pages = 0;
}
