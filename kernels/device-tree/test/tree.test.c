// The device tree reader: walks, properties, addresses, and blobs that are not what they claim.
#include "boards.h"
#include <test/tap.h>

#include <stdlib.h>

static tree_writer writer;

static bool open_written(bs_tree *tree) {
  return bs_tree_open(writer.blob, writer.blob_size, tree) == BS_OK;
}

static bool walks(void) {
  static const struct {
    const char *name;
    uint32_t depth;
  } expected[] = {{"", 0},
                  {"serial@40002000", 1},
                  {"psci", 1},
                  {"memory@0", 1},
                  {"platform@c000000", 1},
                  {"virtio_mmio@300", 2},
                  {"virtio_mmio@2000", 2},
                  {"pl011@9000000", 1},
                  {"intc@8000000", 1},
                  {"cpus", 1},
                  {"cpu@0", 2},
                  {"cpu@1", 2},
                  {"timer", 1},
                  {"chosen", 1}};
  bs_tree tree;
  writer = (tree_writer){0};
  write_virt_board(&writer);
  tap_need(open_written(&tree));
  bs_tree_node node = bs_tree_root(&tree);
  bs_tree_node parent;
  tap_need(!bs_tree_parent(&node, &parent));
  for (size_t i = 0;; i++) {
    tap_need(i < sizeof expected / sizeof expected[0]);
    tap_need(strcmp(bs_tree_name(&tree, &node), expected[i].name) == 0);
    tap_need(node.depth == expected[i].depth);
    if (!bs_tree_next(&tree, &node)) return i + 1 == sizeof expected / sizeof expected[0];
  }
}

static bool finds_paths(void) {
  bs_tree tree;
  bs_tree_node node;
  writer = (tree_writer){0};
  write_virt_board(&writer);
  tap_need(open_written(&tree));
  static const char *const there[] = {"/", "/cpus/cpu@1", "/cpus/cpu", "//pl011/", "/timer:9600"};
  static const char *const absent[] = {"",      "cpus",    "/cpu@1", "/cpus/cpu@2",
                                       "/pl01", "/psci/x", "/@"};
  for (size_t i = 0; i < sizeof there / sizeof there[0]; i++) {
    tap_need(bs_tree_find_path(&tree, there[i], &node));
  }
  for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
    tap_need(!bs_tree_find_path(&tree, absent[i], &node));
  }
  tap_need(bs_tree_find_path(&tree, "/cpus/cpu@1", &node));
  return strcmp(bs_tree_name(&tree, &node), "cpu@1") == 0 && node.depth == 2;
}

static bool reads_properties(void) {
  bs_tree tree;
  bs_tree_node node;
  bs_tree_property property;
  uint32_t cell = 0;
  uint64_t number = 0;
  writer = (tree_writer){0};
  begin_node(&writer, "");
  write_property(&writer, "list", "one\0two", 8);
  write_property(&writer, "open", "one\0two", 7);
  write_property(&writer, "empty", "", 0);
  write_cell(&writer, 4);
  write_numbers(&writer, "wide", 1, 2);
  write_property(&writer, "odd", "\0\0\0\7\0", 5);
  end_node(&writer);
  finish_tree(&writer);
  tap_need(open_written(&tree));
  node = bs_tree_root(&tree);
  tap_need(!bs_tree_property_of(&tree, &node, "lis", &property));
  tap_need(bs_tree_property_of(&tree, &node, "list", &property));
  tap_need(bs_tree_has_string(property, "one") && bs_tree_has_string(property, "two"));
  tap_need(!bs_tree_has_string(property, "on") && !bs_tree_has_string(property, ""));
  tap_need(bs_tree_property_of(&tree, &node, "open", &property));
  tap_need(bs_tree_has_string(property, "one") && !bs_tree_has_string(property, "two"));
  tap_need(bs_tree_property_of(&tree, &node, "empty", &property));
  tap_need(!bs_tree_has_string(property, "") && !bs_tree_cell(property, 0, &cell));
  tap_need(!bs_tree_number(property, &number));
  tap_need(bs_tree_property_of(&tree, &node, "wide", &property));
  tap_need(bs_tree_number(property, &number) && number == 0x100000002);
  tap_need(bs_tree_cell(property, 1, &cell) && cell == 2 && !bs_tree_cell(property, 2, &cell));
  tap_need(bs_tree_property_of(&tree, &node, "odd", &property));
  tap_need(bs_tree_cell(property, 0, &cell) && cell == 7 && !bs_tree_cell(property, 1, &cell));
  return !bs_tree_number(property, &number);
}

static bool range_is(const bs_tree *tree, const char *path, uint32_t index, uint64_t start,
                     uint64_t bytes) {
  bs_tree_node node;
  uint64_t address;
  uint64_t size;
  return bs_tree_find_path(tree, path, &node) &&
         bs_tree_range(tree, &node, index, &address, &size) && address == start && size == bytes;
}

static bool translates(void) {
  bs_tree tree;
  bs_tree_node node;
  uint64_t address;
  uint64_t size;
  writer = (tree_writer){0};
  write_virt_board(&writer);
  tap_need(open_written(&tree));
  tap_need(range_is(&tree, "/intc", 0, 0x8000000, 0x10000));
  tap_need(range_is(&tree, "/intc", 1, 0x8010000, 0x10000));
  tap_need(range_is(&tree, "/platform/virtio_mmio@300", 0, 0xc000200, 0x200));
  static const char *const unreached[] = {"/", "/psci", "/platform/virtio_mmio@2000",
                                          "/cpus/cpu@0"};
  for (size_t i = 0; i < sizeof unreached / sizeof unreached[0]; i++) {
    tap_need(bs_tree_find_path(&tree, unreached[i], &node));
    tap_need(!bs_tree_range(&tree, &node, 0, &address, &size));
  }
  tap_need(bs_tree_find_path(&tree, "/intc", &node));
  tap_need(!bs_tree_range(&tree, &node, 2, &address, &size));
  tap_need(!bs_tree_range(&tree, &node, UINT32_MAX, &address, &size));
  tap_need(bs_tree_reserved(&tree, 0, &address, &size) && address == 0x5000 && size == 0x1000);
  return !bs_tree_reserved(&tree, 1, &address, &size);
}

static bool refuses_ranges(void) {
  static const uint32_t regs[][4] = {{UINT32_MAX, UINT32_MAX, 0, 1}, {1, 0, UINT32_MAX - 1, 0}};
  bs_tree tree;
  bs_tree_node node;
  uint64_t address;
  uint64_t size;
  for (size_t i = 0; i < 2; i++) {
    writer = (tree_writer){0};
    begin_node(&writer, "");
    write_bus(&writer);
    begin_node(&writer, "wrapping");
    write_cells(&writer, "reg", regs[i], 4);
    end_node(&writer);
    begin_node(&writer, "wide");
    write_numbers(&writer, "#address-cells", 3);
    begin_node(&writer, "child");
    write_numbers(&writer, "reg", 0, 0, 0, 0);
    end_node(&writer);
    end_node(&writer);
    end_node(&writer);
    finish_tree(&writer);
    tap_need(open_written(&tree));
    tap_need(bs_tree_find_path(&tree, "/wrapping", &node));
    bool reached = bs_tree_range(&tree, &node, 0, &address, &size);
    tap_need(reached == (i == 1));
    tap_need(bs_tree_find_path(&tree, "/wide/child", &node));
    tap_need(!bs_tree_range(&tree, &node, 0, &address, &size));
  }
  return true;
}

/** Opens bytes in memory of exactly their size, so that a read behind them is found. */
static bs_status open_copy(const uint8_t *bytes, size_t length) {
  uint8_t *copy = malloc(length == 0 ? 1 : length);
  bs_tree tree;
  memcpy(copy, bytes, length);
  bs_status status = bs_tree_open(copy, length, &tree);
  free(copy);
  return status;
}

static bool refuses_cut_blobs(void) {
  writer = (tree_writer){0};
  write_virt_board(&writer);
  for (uint32_t length = 0; length < writer.blob_size; length++) {
    tap_need(open_copy(writer.blob, length) == BS_CORRUPT);
  }
  tap_need(open_copy(writer.blob, writer.blob_size) == BS_OK);
  return bs_tree_claimed_size(writer.blob) == writer.blob_size &&
         bs_tree_claimed_size(writer.strings) == 0;
}

static bool refuses_headers(void) {
  static const struct {
    uint32_t at, cell;
    bs_status status;
  } wrong[] = {
      {0, 0xd00dfeee, BS_CORRUPT},  {4, 39, BS_CORRUPT},         {4, UINT32_MAX, BS_CORRUPT},
      {8, 73, BS_CORRUPT},          {8, UINT32_MAX, BS_CORRUPT}, {12, UINT32_MAX, BS_CORRUPT},
      {16, UINT32_MAX, BS_CORRUPT}, {20, 16, BS_UNSUPPORTED},    {24, 18, BS_UNSUPPORTED},
      {32, UINT32_MAX, BS_CORRUPT}, {32, 0, BS_CORRUPT},         {36, UINT32_MAX, BS_CORRUPT},
      {36, 0, BS_CORRUPT},          {36, 4, BS_CORRUPT},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    writer = (tree_writer){0};
    write_virt_board(&writer);
    put_cell(writer.blob + wrong[i].at, wrong[i].cell);
    tap_need(open_copy(writer.blob, writer.blob_size) == wrong[i].status);
  }
  return true;
}

/** The structures that break the rules of tokens, each written where a whole one would be. */
static void write_broken(uint32_t which) {
  if (which != 1) begin_node(&writer, "");
  if (which == 0) end_node(&writer);
  if (which == 0) end_node(&writer);
  if (which == 2) write_cell(&writer, 5);
  if (which == 3) begin_node(&writer, "child"), end_node(&writer);
  if (which == 3 || which == 1) write_text(&writer, "late", "");
  if (which == 4) write_cell(&writer, 9);
  // A name that is right, and a length that wraps around.
  if (which == 5) write_text(&writer, "name", "");
  if (which == 5) write_cell(&writer, 3), write_cell(&writer, UINT32_MAX), write_cell(&writer, 0);
  if (which == 6) write_cell(&writer, 3), write_cell(&writer, 0), write_cell(&writer, 9999);
  if (which == 7) end_node(&writer), begin_node(&writer, "");
  for (uint32_t i = 0; which == 8 && i < BS_TREE_DEPTH; i++)
    begin_node(&writer, "deep");
  for (uint32_t i = 0; which == 8 && i < BS_TREE_DEPTH; i++)
    end_node(&writer);
  if (which != 0 && which != 1) end_node(&writer);
  write_cell(&writer, 9);
}

static bool refuses_structures(void) {
  for (uint32_t which = 0; which < 9; which++) {
    writer = (tree_writer){0};
    write_broken(which);
    finish_tree(&writer);
    bs_status expected = which == 8 ? BS_UNSUPPORTED : BS_CORRUPT;
    tap_need(open_copy(writer.blob, writer.blob_size) == expected);
  }
  return true;
}

int main(void) {
  tap_ok(walks(), "nodes come in the order of the blob, with their depth");
  tap_ok(finds_paths(), "a path names its node, with or without a unit address");
  tap_ok(reads_properties(), "properties are found and read as texts, cells and numbers");
  tap_ok(translates(), "ranges are translated through buses, and out of reach is said");
  tap_ok(refuses_ranges(), "a range that wraps around or has too many cells is refused");
  tap_ok(refuses_cut_blobs(), "a blob cut anywhere is refused without a read behind it");
  tap_ok(refuses_headers(), "a header that lies is refused");
  tap_ok(refuses_structures(), "tokens that break the rules are refused");
  return tap_done();
}
