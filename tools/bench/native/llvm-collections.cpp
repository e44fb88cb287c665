// LLVM's ImmutableMap (a persistent balanced tree) and the mutable containers of the C++ library as
// contenders of kernel-collections. The latter keep no older version: they are the floor.
#include <llvm/ADT/ImmutableMap.h>
#include <llvm/ADT/StringRef.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "batches.h"

namespace {

/** A text that LLVM's map can order. */
struct Key {
  llvm::StringRef text;
  void Profile(llvm::FoldingSetNodeID &id) const {
    id.AddString(text);
  }
  bool operator<(const Key &other) const {
    return text < other.text;
  }
  bool operator==(const Key &other) const {
    return text == other.text;
  }
};

using Map = llvm::ImmutableMap<Key, uint64_t>;

const uint64_t SUM = static_cast<uint64_t>(BATCH_ITEMS) * (BATCH_ITEMS - 1) / 2;

Key keys[BATCH_ITEMS];
Map::Factory *factory;
Map *full;
std::unordered_map<std::string, uint64_t> table;
std::vector<std::string> names;
std::vector<uint64_t> array;

uint64_t map_build() {
  Map::Factory own(false);
  Map map = own.getEmptyMap();
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    map = own.add(map, keys[batch_order[i]], i);
  uint64_t time = batch_now() - start;
  batch_need(*map.lookup(keys[batch_order[5]]) == 5, "map-build");
  return time;
}

uint64_t map_get() {
  uint64_t sum = 0;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    sum += *full->lookup(keys[batch_order[i]]);
  uint64_t time = batch_now() - start;
  batch_need(sum == SUM, "map-get");
  return time;
}

uint64_t map_set_kept() {
  Map map = *full;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    map = factory->add(map, keys[batch_order[i]], 1);
  uint64_t time = batch_now() - start;
  batch_need(*map.lookup(keys[3]) == 1, "map-set-kept");
  return time;
}

uint64_t map_remove() {
  Map map = *full;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    map = factory->remove(map, keys[batch_order[i]]);
  uint64_t time = batch_now() - start;
  batch_need(map.isEmpty(), "map-remove");
  return time;
}

uint64_t map_walk() {
  uint64_t sum = 0;
  uint64_t start = batch_now();
  for (auto at = full->begin(), end = full->end(); at != end; ++at)
    sum += at.getData();
  uint64_t time = batch_now() - start;
  batch_need(sum == SUM, "map-walk");
  return time;
}

/** A sequence as a map from positions: LLVM has no other persistent one. */
using Sequence = llvm::ImmutableMap<uint32_t, uint64_t>;

Sequence::Factory *sequences;
Sequence *sequence;

uint64_t vector_push() {
  Sequence::Factory own(false);
  Sequence made = own.getEmptyMap();
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    made = own.add(made, i, i);
  uint64_t time = batch_now() - start;
  batch_need(*made.lookup(5) == 5, "vector-push");
  return time;
}

uint64_t vector_get() {
  uint64_t sum = 0;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    sum += *sequence->lookup(batch_order[i]);
  uint64_t time = batch_now() - start;
  batch_need(sum == SUM, "vector-get");
  return time;
}

uint64_t vector_set_kept() {
  Sequence made = *sequence;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    made = sequences->add(made, batch_order[i], 1);
  uint64_t time = batch_now() - start;
  batch_need(*made.lookup(3) == 1, "vector-set-kept");
  return time;
}

uint64_t vector_walk() {
  uint64_t sum = 0;
  uint64_t start = batch_now();
  for (auto at = sequence->begin(), end = sequence->end(); at != end; ++at)
    sum += at.getData();
  uint64_t time = batch_now() - start;
  batch_need(sum == SUM, "vector-walk");
  return time;
}

uint64_t table_build() {
  std::unordered_map<std::string, uint64_t> made;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    made[names[batch_order[i]]] = i;
  uint64_t time = batch_now() - start;
  batch_need(made.size() == BATCH_ITEMS, "table-build");
  return time;
}

uint64_t table_get() {
  uint64_t sum = 0;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    sum += table.find(names[batch_order[i]])->second;
  uint64_t time = batch_now() - start;
  batch_need(sum == SUM, "table-get");
  return time;
}

uint64_t table_set() {
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    table[names[batch_order[i]]] = batch_order[i];
  uint64_t time = batch_now() - start;
  batch_need(table[names[3]] == 3, "table-set");
  return time;
}

uint64_t table_remove() {
  std::unordered_map<std::string, uint64_t> made = table;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    made.erase(names[batch_order[i]]);
  uint64_t time = batch_now() - start;
  batch_need(made.empty(), "table-remove");
  return time;
}

uint64_t table_walk() {
  uint64_t sum = 0;
  uint64_t start = batch_now();
  for (const auto &entry : table)
    sum += entry.second;
  uint64_t time = batch_now() - start;
  batch_need(sum == SUM, "table-walk");
  return time;
}

uint64_t array_push() {
  std::vector<uint64_t> made;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++) {
    made.push_back(i);
    asm volatile("" : : "r"(made.data()) : "memory");
  }
  uint64_t time = batch_now() - start;
  batch_need(made.size() == BATCH_ITEMS, "array-push");
  return time;
}

uint64_t array_get() {
  uint64_t sum = 0;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    sum += array[batch_order[i]];
  uint64_t time = batch_now() - start;
  batch_need(sum == SUM, "array-get");
  return time;
}

} // namespace

int main() {
  static const batch batches[] = {
      {"map-build", map_build},
      {"map-get", map_get},
      {"map-set", map_set_kept},
      {"map-set-kept", map_set_kept},
      {"map-remove", map_remove},
      {"map-walk", map_walk},
      {"vector-push", vector_push},
      {"vector-get", vector_get},
      {"vector-set-kept", vector_set_kept},
      {"vector-walk", vector_walk},
      {"mutable:map-build", table_build},
      {"mutable:map-get", table_get},
      {"mutable:map-set", table_set},
      {"mutable:map-remove", table_remove},
      {"mutable:map-walk", table_walk},
      {"mutable:vector-push", array_push},
      {"mutable:vector-get", array_get},
  };
  batch_start();
  factory = new Map::Factory(false);
  Map map = factory->getEmptyMap();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++) {
    keys[i].text = batch_keys[i];
    map = factory->add(map, keys[i], i);
    names.emplace_back(batch_keys[i]);
    table[names[i]] = i;
    array.push_back(i);
  }
  full = &map;
  sequences = new Sequence::Factory(false);
  Sequence positions = sequences->getEmptyMap();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    positions = sequences->add(positions, i, i);
  sequence = &positions;
  return batch_serve(batches, sizeof batches / sizeof *batches);
}
