// Processes: an address space, the handles and the policy that the tasks in it share.
#pragma once

#include "task.h"

/** What a handle of a process names. A place that is free has tag 0; its generation goes on. */
struct handle_entry {
  uint32_t generation;
  uint8_t tag;
  void *object;
};

/** A stretch of user addresses that is mapped as a whole. */
struct region {
  vaddr start;
  size_t pages;
  /** What its pages are allowed at most: an image's constants never become writable. */
  unsigned access;
  /** Whether mem_free and mem_map may touch it. */
  bool of_program;
  /** Whose frames these are; NULL when they are the region's own. */
  struct shared_memory *shared;
};

struct shared_memory;

struct process {
  arch_space space;
  unsigned references;
  unsigned tasks;
  /** Its end is that of the process. */
  struct task *first;
  /** Kinds of capabilities that may be acquired, a bit each. */
  uint32_t policy;
  /** Kinds whose handles were given out and not dropped since. */
  uint32_t acquired;
  /** By kind: what a handle must carry to be valid. */
  uint32_t capability_generations[16];
  unsigned open[16];
  struct handle_entry handles[HANDLES_MAX];
  struct region regions[REGIONS_MAX];
  /** Where the search for free addresses goes on. */
  vaddr next_address;
};

/** Makes a process without tasks, with a reference for the caller. */
bs_status process_create(uint32_t policy, struct process **out);

void process_retain(struct process *process);

/** Gives a reference back; the last one frees all memory. */
void process_release(struct process *process);

/** A task of a process has ended. With the first one all end, and its code becomes the machine's.
 */
void process_task_ended(struct task *task);

/** How many processes there are. */
unsigned process_count(void);

/** The code to power off with: that of the last process that ended. */
unsigned process_exit_code(void);

/** Maps zeroed pages at `start`, or anywhere for 0. `of_program` as in the region. */
bs_status process_map(struct process *process, vaddr start, size_t pages, unsigned access,
                      bool of_program, vaddr *out);

/** Maps shared memory anywhere; the region has a reference of its own. */
bs_status process_attach(struct process *process, struct shared_memory *shared, unsigned access,
                         vaddr *out);

/** The region that holds an address; NULL when there is none. */
struct region *process_region(struct process *process, vaddr address);

/** Unmaps a region and frees its frames. */
void process_unmap(struct process *process, struct region *region);
