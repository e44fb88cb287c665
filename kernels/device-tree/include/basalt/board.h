// The board that a device tree describes, as far as a kernel needs it to start: memory, processors,
// console, interrupt controller, timer, firmware calls, virtio devices.
#pragma once

#include <basalt/device-tree.h>

enum {
  BS_BOARD_MEMORIES = 8,
  BS_BOARD_RESERVED = 16,
  BS_BOARD_CPUS = 8,
  BS_BOARD_VIRTIO = 32,
  BS_BOARD_SEED_BYTES = 64,
};

/** A range of physical addresses. */
typedef struct bs_board_range {
  uint64_t start;
  uint64_t size;
} bs_board_range;

/** The serial port to print on. */
typedef enum bs_board_console {
  BS_CONSOLE_NONE,
  /** ARM's PL011, in QEMU. */
  BS_CONSOLE_PL011,
  /** A 16550 with byte registers, in Firecracker. */
  BS_CONSOLE_NS16550,
} bs_board_console;

/** The version of ARM's interrupt controller. */
typedef enum bs_board_gic { BS_GIC_NONE, BS_GIC_V2, BS_GIC_V3 } bs_board_gic;

/** The instruction that calls the firmware (PSCI). */
typedef enum bs_board_conduit { BS_CONDUIT_NONE, BS_CONDUIT_HVC, BS_CONDUIT_SMC } bs_board_conduit;

/** A virtio device on its memory-mapped transport. */
typedef struct bs_board_device {
  bs_board_range registers;
  /** The number of its interrupt at the controller. */
  uint32_t interrupt;
  bool edge;
} bs_board_device;

/** What was found. Lists that are longer than their array are cut, and `cut` says so. */
typedef struct bs_board {
  uint32_t memory_count;
  bs_board_range memories[BS_BOARD_MEMORIES];
  uint32_t reserved_count;
  bs_board_range reserved[BS_BOARD_RESERVED];
  uint32_t cpu_count;
  /** MPIDR affinities, as PSCI takes them. */
  uint64_t cpus[BS_BOARD_CPUS];
  bs_board_console console;
  bs_board_range console_registers;
  uint32_t console_interrupt;
  bs_board_gic gic;
  bs_board_range distributor;
  /** Version 2: the processor interface; version 3: the redistributors. */
  bs_board_range redistributor;
  /** The interrupt of the virtual timer; 0 without one. */
  uint32_t timer_interrupt;
  bs_board_conduit conduit;
  uint32_t virtio_count;
  bs_board_device virtio[BS_BOARD_VIRTIO];
  /** The command line inside of the blob, or an empty text. */
  const char *command_line;
  bs_board_range initrd;
  /** Randomness that the machine monitor gives. */
  uint32_t seed_length;
  uint8_t seed[BS_BOARD_SEED_BYTES];
  bool cut;
} bs_board;

/** Reads the board. BS_NOENT where the tree has no memory. What is malformed is left out. */
bs_status bs_board_read(const bs_tree *tree, bs_board *board);
