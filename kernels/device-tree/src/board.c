// Finds in a device tree what a kernel needs to start. The shapes are those of QEMU's `virt` board
// and of Firecracker; bindings are Linux's (Documentation/devicetree/bindings).
#include <basalt/board.h>

enum {
  /** First numbers of the interrupts of a processor and of shared ones. */
  FIRST_PRIVATE = 16,
  FIRST_SHARED = 32,
  INTERRUPT_CELLS = 3,
  FLAG_EDGES = 3,
  /** The list of a timer: secure, not secure, virtual, hypervisor. */
  VIRTUAL_TIMER = 2,
};

/** The number at the controller and the flags of an interrupt in a list of three cells each; 0 for
 * none. */
static uint32_t interrupt_of(const bs_tree *tree, const bs_tree_node *node, uint32_t index,
                             bool *edge) {
  bs_tree_property list;
  uint32_t kind;
  uint32_t number;
  uint32_t flags;
  if (!bs_tree_property_of(tree, node, "interrupts", &list)) return 0;
  if (!bs_tree_cell(list, index * INTERRUPT_CELLS, &kind) ||
      !bs_tree_cell(list, index * INTERRUPT_CELLS + 1, &number) ||
      !bs_tree_cell(list, index * INTERRUPT_CELLS + 2, &flags))
    return 0;
  // Shared interrupts end at 1019, private ones at 31 (GIC architecture specification,
  // section 2.2).
  if (kind > 1 || number > (kind == 0 ? 987 : 15)) return 0;
  if (edge != NULL) *edge = (flags & FLAG_EDGES) != 0;
  return number + (kind == 0 ? FIRST_SHARED : FIRST_PRIVATE);
}

static bool has_type(const bs_tree *tree, const bs_tree_node *node, const char *type) {
  bs_tree_property property;
  return bs_tree_property_of(tree, node, "device_type", &property) &&
         bs_tree_has_string(property, type);
}

/** A device that its tree calls anything but okay must not be touched. */
static bool is_usable(const bs_tree *tree, const bs_tree_node *node) {
  bs_tree_property status;
  return !bs_tree_property_of(tree, node, "status", &status) ||
         bs_tree_has_string(status, "okay") || bs_tree_has_string(status, "ok");
}

static void add_range(bs_board *board, bs_board_range *ranges, uint32_t *count, uint32_t most,
                      bs_board_range range) {
  if (range.size == 0) return;
  if (*count == most) {
    board->cut = true;
    return;
  }
  ranges[(*count)++] = range;
}

static void add_ranges(const bs_tree *tree, const bs_tree_node *node, bs_board *board,
                       bs_board_range *ranges, uint32_t *count, uint32_t most) {
  bs_board_range range;
  for (uint32_t i = 0; bs_tree_range(tree, node, i, &range.start, &range.size); i++)
    add_range(board, ranges, count, most, range);
}

static void read_cpu(const bs_tree *tree, const bs_tree_node *node, bs_board *board) {
  bs_tree_property reg;
  uint64_t affinity;
  if (!bs_tree_property_of(tree, node, "reg", &reg) || !bs_tree_number(reg, &affinity)) return;
  if (board->cpu_count == BS_BOARD_CPUS) {
    board->cut = true;
    return;
  }
  board->cpus[board->cpu_count++] = affinity;
}

static void read_virtio(const bs_tree *tree, const bs_tree_node *node, bs_board *board) {
  bs_board_device device = {0};
  if (!bs_tree_range(tree, node, 0, &device.registers.start, &device.registers.size)) return;
  device.interrupt = interrupt_of(tree, node, 0, &device.edge);
  if (device.interrupt == 0) return;
  if (board->virtio_count == BS_BOARD_VIRTIO) {
    board->cut = true;
    return;
  }
  board->virtio[board->virtio_count++] = device;
}

static void read_gic(const bs_tree *tree, const bs_tree_node *node, bs_board_gic version,
                     bs_board *board) {
  bs_board_range *first = &board->distributor;
  bs_board_range *second = &board->redistributor;
  if (board->gic == BS_GIC_NONE && bs_tree_range(tree, node, 0, &first->start, &first->size) &&
      bs_tree_range(tree, node, 1, &second->start, &second->size))
    board->gic = version;
}

static void read_psci(const bs_tree *tree, const bs_tree_node *node, bs_board *board) {
  bs_tree_property method;
  if (!bs_tree_property_of(tree, node, "method", &method)) return;
  if (bs_tree_has_string(method, "hvc")) board->conduit = BS_CONDUIT_HVC;
  if (bs_tree_has_string(method, "smc")) board->conduit = BS_CONDUIT_SMC;
}

/** Takes what one node says. */
static void read_node(const bs_tree *tree, const bs_tree_node *node, bs_board *board) {
  bs_tree_property compatible;
  if (has_type(tree, node, "memory"))
    add_ranges(tree, node, board, board->memories, &board->memory_count, BS_BOARD_MEMORIES);
  if (has_type(tree, node, "cpu")) read_cpu(tree, node, board);
  if (!bs_tree_property_of(tree, node, "compatible", &compatible) || !is_usable(tree, node)) return;
  if (bs_tree_has_string(compatible, "virtio,mmio")) read_virtio(tree, node, board);
  if (bs_tree_has_string(compatible, "arm,cortex-a15-gic") ||
      bs_tree_has_string(compatible, "arm,gic-400"))
    read_gic(tree, node, BS_GIC_V2, board);
  if (bs_tree_has_string(compatible, "arm,gic-v3")) read_gic(tree, node, BS_GIC_V3, board);
  if (bs_tree_has_string(compatible, "arm,psci-0.2") ||
      bs_tree_has_string(compatible, "arm,psci-1.0"))
    read_psci(tree, node, board);
  if (bs_tree_has_string(compatible, "arm,armv8-timer"))
    board->timer_interrupt = interrupt_of(tree, node, VIRTUAL_TIMER, NULL);
}

/** Whether a property is one text with its end. */
static bool is_text(bs_tree_property property) {
  return property.length > 0 && property.data[property.length - 1] == 0;
}

/** Makes a node the console where it is a serial port of a known kind. */
static bool use_console(const bs_tree *tree, const bs_tree_node *node, bs_board *board) {
  bs_tree_property compatible;
  bs_board_range registers;
  if (!bs_tree_property_of(tree, node, "compatible", &compatible)) return false;
  bs_board_console kind = bs_tree_has_string(compatible, "arm,pl011")  ? BS_CONSOLE_PL011
                          : bs_tree_has_string(compatible, "ns16550a") ? BS_CONSOLE_NS16550
                                                                       : BS_CONSOLE_NONE;
  if (kind == BS_CONSOLE_NONE || !is_usable(tree, node)) return false;
  if (!bs_tree_range(tree, node, 0, &registers.start, &registers.size)) return false;
  board->console = kind;
  board->console_registers = registers;
  board->console_interrupt = interrupt_of(tree, node, 0, NULL);
  return true;
}

/** The port that `/chosen` names, else the first one that is known. */
static void read_console(const bs_tree *tree, bs_board *board) {
  bs_tree_node node;
  bs_tree_property path;
  if (bs_tree_find_path(tree, "/chosen", &node) &&
      bs_tree_property_of(tree, &node, "stdout-path", &path) && is_text(path) &&
      bs_tree_find_path(tree, (const char *)path.data, &node) && use_console(tree, &node, board))
    return;
  node = bs_tree_root(tree);
  while (!use_console(tree, &node, board) && bs_tree_next(tree, &node)) {
  }
}

static void read_initrd(const bs_tree *tree, const bs_tree_node *chosen, bs_board *board) {
  bs_tree_property property;
  uint64_t start;
  uint64_t end;
  if (bs_tree_property_of(tree, chosen, "linux,initrd-start", &property) &&
      bs_tree_number(property, &start) &&
      bs_tree_property_of(tree, chosen, "linux,initrd-end", &property) &&
      bs_tree_number(property, &end) && end > start)
    board->initrd = (bs_board_range){start, end - start};
}

static void read_chosen(const bs_tree *tree, const bs_tree_node *chosen, bs_board *board) {
  bs_tree_property property;
  if (bs_tree_property_of(tree, chosen, "bootargs", &property) && is_text(property))
    board->command_line = (const char *)property.data;
  if (bs_tree_property_of(tree, chosen, "rng-seed", &property)) {
    while (board->seed_length < property.length && board->seed_length < BS_BOARD_SEED_BYTES) {
      board->seed[board->seed_length] = property.data[board->seed_length];
      board->seed_length++;
    }
  }
  read_initrd(tree, chosen, board);
}

bs_status bs_board_read(const bs_tree *tree, bs_board *board) {
  *board = (bs_board){.command_line = ""};
  bs_tree_node node = bs_tree_root(tree);
  do {
    read_node(tree, &node, board);
  } while (bs_tree_next(tree, &node));
  if (bs_tree_find_path(tree, "/chosen", &node)) read_chosen(tree, &node, board);
  read_console(tree, board);
  bs_board_range range;
  for (uint32_t i = 0; bs_tree_reserved(tree, i, &range.start, &range.size); i++)
    add_range(board, board->reserved, &board->reserved_count, BS_BOARD_RESERVED, range);
  if (bs_tree_find_path(tree, "/reserved-memory", &node)) {
    uint32_t depth = node.depth;
    while (bs_tree_next(tree, &node) && node.depth > depth)
      add_ranges(tree, &node, board, board->reserved, &board->reserved_count, BS_BOARD_RESERVED);
  }
  return board->memory_count > 0 ? BS_OK : BS_NOENT;
}
