// Processes: ownership, forks against a model, what a fork allocates, ends, and full heaps.
#include "atom-heap.h"

static bs_value number(int64_t n) {
  return bs_from_small(n);
}

static bs_status set(bs_heap *heap, bs_value process, size_t index, int64_t n) {
  return bs_atom_swap(heap, bs_process_atom(process, index), process, number(n), NULL);
}

static bs_value get(bs_heap *heap, bs_value process, size_t index) {
  return peek(heap, bs_process_atom(process, index));
}

static bool owner_updates_others_read(void) {
  bs_heap *heap = atom_heap(256 << 10, 0);
  bs_value owner;
  bs_value reader;
  size_t index;
  bool was_set = true;
  tap_need(bs_process_new(heap, &owner) == BS_OK && bs_process_new(heap, &reader) == BS_OK);
  tap_need(bs_process_count(owner) == 0 && bs_process_atom(owner, 0) == BS_NONE);
  tap_need(bs_process_add(heap, owner, number(1), &index) == BS_OK && index == 0);
  bs_value atom = bs_process_atom(owner, 0);
  tap_need(bs_atom_owner(atom) == owner);
  tap_need(bs_process_share(heap, reader, number(1), NULL) == BS_INVALID);
  tap_need(bs_process_share(heap, owner, atom, NULL) == BS_INVALID);
  tap_need(bs_process_share(heap, reader, atom, &index) == BS_OK && index == 0);
  tap_need(set(heap, owner, 0, 2) == BS_OK && get(heap, reader, 0) == number(2));
  tap_need(set(heap, reader, 0, 3) == BS_PERMISSION);
  tap_need(bs_atom_swap(heap, atom, BS_NONE, number(3), NULL) == BS_PERMISSION);
  tap_need(bs_atom_compare_and_set(heap, atom, reader, number(2), number(3), &was_set) ==
           BS_PERMISSION);
  tap_need(was_set && get(heap, owner, 0) == number(2));
  tap_need(bs_process_end(heap, owner) == BS_OK && bs_process_end(heap, owner) == BS_CLOSED);
  tap_need(bs_process_count(owner) == 0 && bs_process_atom(owner, 0) == BS_NONE);
  tap_need(bs_process_add(heap, owner, BS_NULL, NULL) == BS_CLOSED);
  tap_need(bs_process_share(heap, owner, atom, NULL) == BS_CLOSED);
  tap_need(bs_process_fork(heap, owner, &owner) == BS_CLOSED);
  tap_need(get(heap, reader, 0) == number(2) && bs_atom_owner(atom) == BS_NULL);
  tap_need(bs_atom_swap(heap, atom, owner, number(3), NULL) == BS_CLOSED);
  bs_release(heap, owner);
  // Nothing holds the reader but this reference: its end leaves no cycle.
  tap_need(bs_process_end(heap, reader) == BS_OK);
  bs_release(heap, reader);
  tap_need(atom_heap_stats(heap).live_cells == 0);
  return heap_ends_empty(heap);
}

/** A vector of so many integers. */
static bs_value vector_of(bs_heap *heap, int64_t count) {
  bs_value vector;
  if (bs_vector_new(heap, &vector) != BS_OK) abort();
  for (int64_t i = 0; i < count; i++)
    if (bs_vector_push(heap, &vector, number(i)) != BS_OK) abort();
  return vector;
}

/** Forks a process whose atoms hold values of a size; what the fork allocated, and the bytes. */
static bool fork_costs(int64_t size, uint64_t *allocations, size_t *bytes) {
  enum { OWNED = 20, SEEN = 5 };
  bs_heap *heap = atom_heap(8 << 20, 0);
  bs_value parent;
  bs_value child;
  bs_value other;
  tap_need(bs_process_new(heap, &parent) == BS_OK && bs_process_new(heap, &other) == BS_OK);
  for (size_t i = 0; i < OWNED + SEEN; i++) {
    bs_value vector = vector_of(heap, size);
    bs_value process = i < OWNED ? parent : other;
    tap_need(bs_process_add(heap, process, vector, NULL) == BS_OK);
    bs_release(heap, vector);
  }
  for (size_t i = 0; i < SEEN; i++)
    tap_need(bs_process_share(heap, parent, bs_process_atom(other, i), NULL) == BS_OK);
  bs_heap_collect(heap);
  bs_heap_stats before = atom_heap_stats(heap);
  tap_need(bs_process_fork(heap, parent, &child) == BS_OK);
  bs_heap_stats after = atom_heap_stats(heap);
  *allocations = after.allocations - before.allocations;
  *bytes = after.live_bytes - before.live_bytes;
  tap_need(after.live_cells - before.live_cells == OWNED + 2);
  for (size_t i = 0; i < OWNED + SEEN; i++) {
    bs_value mine = bs_process_atom(child, i);
    bs_value theirs = bs_process_atom(parent, i);
    tap_need((mine == theirs) == (i >= OWNED));
    tap_need(bs_atom_owner(mine) == (i < OWNED ? child : other));
    tap_need(peek(heap, mine) == peek(heap, theirs));
  }
  bs_value processes[] = {child, parent, other};
  for (size_t i = 0; i < 3; i++) {
    tap_need(bs_process_end(heap, processes[i]) == BS_OK);
    bs_release(heap, processes[i]);
  }
  return heap_ends_empty(heap) && *allocations == OWNED + 2;
}

static bool fork_costs_atoms_alone(void) {
  uint64_t allocations[2];
  size_t bytes[2];
  tap_need(fork_costs(1, &allocations[0], &bytes[0]));
  tap_need(fork_costs(20000, &allocations[1], &bytes[1]));
  return allocations[0] == allocations[1] && bytes[0] == bytes[1];
}

enum { PROCESSES = 8, CELLS = 24 };

/** What a process should see: at each index, which cell of the model. */
typedef struct {
  bs_value process;
  size_t count;
  size_t seen[CELLS];
} model_process;

typedef struct {
  bs_heap *heap;
  uint64_t seed;
  model_process processes[PROCESSES];
  /** Each atom that was ever made: its value, and the index and one of its owner; 0 has ended. */
  int64_t values[20000];
  size_t owners[20000];
  size_t made;
} model;

static size_t pick(model *m, size_t bound) {
  return tap_random(&m->seed) % bound;
}

static size_t make_cell(model *m, size_t owner, int64_t value) {
  m->values[m->made] = value;
  m->owners[m->made] = owner + 1;
  return m->made++;
}

static bool fork_into(model *m, size_t parent, size_t child) {
  model_process *from = &m->processes[parent];
  model_process *to = &m->processes[child];
  if (parent == child) return true;
  for (size_t i = 0; i < m->made; i++)
    if (m->owners[i] == child + 1) m->owners[i] = 0;
  if (pick(m, 2) == 0 || to->count > 0) tap_need(bs_process_end(m->heap, to->process) == BS_OK);
  bs_release(m->heap, to->process);
  tap_need(bs_process_fork(m->heap, from->process, &to->process) == BS_OK);
  to->count = from->count;
  for (size_t i = 0; i < from->count; i++) {
    size_t cell = from->seen[i];
    bool owned = m->owners[cell] == parent + 1;
    to->seen[i] = owned ? make_cell(m, child, m->values[cell]) : cell;
  }
  return true;
}

static bool update(model *m, size_t by, size_t index) {
  model_process *process = &m->processes[by];
  if (process->count == 0) return true;
  size_t cell = process->seen[index % process->count];
  int64_t next = (int64_t)pick(m, 1000);
  size_t owner = m->owners[cell];
  bs_status expected = owner == by + 1 ? BS_OK : owner == 0 ? BS_CLOSED : BS_PERMISSION;
  tap_need(set(m->heap, process->process, index % process->count, next) == expected);
  if (expected == BS_OK) m->values[cell] = next;
  return true;
}

static bool add_or_share(model *m, size_t to, size_t from, size_t index) {
  model_process *process = &m->processes[to];
  const model_process *other = &m->processes[from];
  if (process->count == CELLS) return true;
  if (from == to || other->count == 0) {
    int64_t value = (int64_t)pick(m, 1000);
    tap_need(bs_process_add(m->heap, process->process, number(value), NULL) == BS_OK);
    process->seen[process->count++] = make_cell(m, to, value);
    return true;
  }
  size_t cell = other->seen[index % other->count];
  bs_value atom = bs_process_atom(other->process, index % other->count);
  bool own = m->owners[cell] == to + 1;
  bs_status status = bs_process_share(m->heap, process->process, atom, NULL);
  tap_need(status == (own ? BS_INVALID : BS_OK));
  if (!own) process->seen[process->count++] = cell;
  return true;
}

static bool agrees(model *m) {
  for (size_t i = 0; i < PROCESSES; i++) {
    const model_process *process = &m->processes[i];
    tap_need(bs_process_count(process->process) == process->count);
    for (size_t j = 0; j < process->count; j++)
      tap_need(get(m->heap, process->process, j) == number(m->values[process->seen[j]]));
  }
  return true;
}

static bool forks_like_the_model(uint64_t seed) {
  static model m;
  m = (model){.heap = atom_heap(1 << 20, 0), .seed = seed};
  for (size_t i = 0; i < PROCESSES; i++)
    tap_need(bs_process_new(m.heap, &m.processes[i].process) == BS_OK);
  for (int turn = 0; turn < 2000; turn++) {
    size_t a = pick(&m, PROCESSES);
    size_t b = pick(&m, PROCESSES);
    size_t choice = pick(&m, 10);
    size_t index = pick(&m, CELLS);
    if (choice < 6)
      tap_need(update(&m, a, index));
    else if (choice < 9)
      tap_need(add_or_share(&m, a, b, index));
    else
      tap_need(fork_into(&m, a, b));
    tap_need(agrees(&m));
  }
  tap_need(heap_is_whole(m.heap));
  // Without an end: the collector finds them.
  for (size_t i = 0; i < PROCESSES; i++)
    bs_release(m.heap, m.processes[i].process);
  return heap_ends_empty(m.heap);
}

static bs_status fork_and_change(bs_heap *heap, bs_value parent) {
  bs_value child;
  uint64_t cells = atom_heap_stats(heap).live_cells;
  bs_status status = bs_process_fork(heap, parent, &child);
  if (status != BS_OK) {
    while (bs_heap_step(heap, 1024))
      continue;
    return atom_heap_stats(heap).live_cells == cells ? status : BS_CORRUPT;
  }
  status = bs_process_add(heap, child, number(4), NULL);
  if (status == BS_OK) status = bs_process_end(heap, child);
  bs_release(heap, child);
  return status;
}

static bs_status use_processes(bs_heap *heap) {
  bs_value parent;
  bs_status status = bs_process_new(heap, &parent);
  if (status != BS_OK) return status;
  size_t added = 0;
  while (status == BS_OK && added < 10) {
    status = bs_process_add(heap, parent, number((int64_t)added), NULL);
    added += status == BS_OK;
  }
  if (status == BS_OK) status = fork_and_change(heap, parent);
  // Whatever failed, the process sees what it saw before.
  if (bs_process_count(parent) != added) status = BS_CORRUPT;
  for (size_t i = 0; i < added; i++)
    if (get(heap, parent, i) != number((int64_t)i)) status = BS_CORRUPT;
  bs_release(heap, parent);
  return status;
}

int main(void) {
  tap_ok(owner_updates_others_read(), "the owner updates, others read, and an end is final");
  tap_ok(fork_costs_atoms_alone(), "a fork costs the atoms alone, whatever they hold");
  for (uint64_t seed = 1; seed <= 6; seed++)
    tap_ok(forks_like_the_model(seed), "processes see what the model sees");
  tap_ok(survives_out_of_memory(use_processes), "each allocation may fail");
  return tap_done();
}
