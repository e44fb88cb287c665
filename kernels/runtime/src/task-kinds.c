// Where the references are in the cells of frames, tasks, channels and loops.
#include <stddef.h>

#include "task-cells.h"

_Static_assert(offsetof(bs_frame, slots) == offsetof(bs_frame, caller) + sizeof(bs_value),
               "the caller of a frame is the slot before the first");
_Static_assert(offsetof(bs_task, slots) == offsetof(bs_task, listed.next) + sizeof(bs_value),
               "the next task is the slot before the first");
_Static_assert(offsetof(bs_waiter, slots) == offsetof(bs_waiter, listed.next) + sizeof(bs_value),
               "the next waiter is the slot before the first");

static bs_children frame_children(bs_cell *cell) {
  bs_frame *frame = (bs_frame *)cell;
  return (bs_children){&frame->caller, 1 + (size_t)frame->count};
}

static bs_children task_children(bs_cell *cell) {
  return (bs_children){&((bs_listed *)cell)->next, 1 + BS_TASK_SLOTS};
}

static bs_children waiter_children(bs_cell *cell) {
  return (bs_children){&((bs_listed *)cell)->next, 1 + BS_WAITER_SLOTS};
}

static bs_children channel_children(bs_cell *cell) {
  bs_channel *channel = (bs_channel *)cell;
  return (bs_children){channel->slots, BS_CHANNEL_QUEUE + channel->capacity};
}

static bs_children loop_children(bs_cell *cell) {
  return (bs_children){((bs_loop *)cell)->slots, BS_LOOP_SLOTS};
}

void bs_task_kinds(bs_kind kinds[BS_KIND_TASK_COUNT]) {
  bs_atom_kinds(kinds);
  kinds[BS_KIND_FRAME] = (bs_kind){"frame", frame_children, NULL, true};
  kinds[BS_KIND_TASK] = (bs_kind){"task", task_children, NULL, true};
  kinds[BS_KIND_WAITER] = (bs_kind){"waiter", waiter_children, NULL, true};
  kinds[BS_KIND_CHANNEL] = (bs_kind){"channel", channel_children, NULL, true};
  kinds[BS_KIND_LOOP] = (bs_kind){"loop", loop_children, NULL, true};
  kinds[BS_KIND_LOOP_MEMORY] = (bs_kind){.name = "loop memory"};
}
