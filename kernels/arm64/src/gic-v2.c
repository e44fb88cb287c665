// GICv2 (Arm IHI 0048): a distributor, and an interface of each processor at one address.
#include "gic-distributor.h"
#include "machine.h"

enum {
  GICC_CONTROL = 0x00,
  GICC_MASK = 0x04,
  GICC_TAKE = 0x0c,
  GICC_DONE = 0x10,
  LOWEST_PRIORITY = 0xff,
  RAISE_TARGET_SHIFT = 16,
};

/** The bit by which the controller knows each processor. */
static uint8_t target_bits[BS_BOARD_CPUS];

static void *distributor(void) {
  return arch_direct(machine_board.distributor.start);
}

static void *interface(void) {
  return arch_direct(machine_board.redistributor.start);
}

static void start(void) {
  write_register(distributor(), GICD_CONTROL, 0);
  gic_quiet_shared(distributor());
  // Its own bit is what a processor reads in the targets of its own lines.
  uint32_t own = read_register(distributor(), GICD_TARGET) & 0xff;
  for (uint32_t line = GIC_FIRST_SHARED; line < gic_lines(distributor()); line += 4)
    write_register(distributor(), GICD_TARGET + line, own * 0x01010101u);
  write_register(distributor(), GICD_CONTROL, 1);
}

static bs_status start_cpu(void) {
  target_bits[arch_cpu()] = (uint8_t)read_register(distributor(), GICD_TARGET);
  // Lines between processors are always on; those of one processor are turned on by name.
  write_register(distributor(), GICD_CLEAR_ENABLE, 0xffff0000);
  write_register(distributor(), GICD_SET_ENABLE, 0x0000ffff);
  for (uint32_t line = 0; line < GIC_FIRST_SHARED; line += 4)
    write_register(distributor(), GICD_PRIORITY + line, GIC_PRIORITY);
  write_register(interface(), GICC_MASK, LOWEST_PRIORITY);
  write_register(interface(), GICC_CONTROL, 1);
  return BS_OK;
}

static void enable(uint32_t line) {
  gic_set_bit(distributor(), GICD_SET_ENABLE, line);
}

static void disable(uint32_t line) {
  gic_set_bit(distributor(), GICD_CLEAR_ENABLE, line);
}

static uint32_t take(void) {
  return read_register(interface(), GICC_TAKE);
}

static void done(uint32_t taken) {
  write_register(interface(), GICC_DONE, taken);
}

static void notify(unsigned cpu, uint32_t line) {
  finish_all_accesses();
  uint32_t target = (uint32_t)target_bits[cpu] << RAISE_TARGET_SHIFT;
  write_register(distributor(), GICD_RAISE, target | line);
}

static uint32_t lines(void) {
  return gic_lines(distributor());
}

const struct gic gic_v2 = {
    .start = start,
    .start_cpu = start_cpu,
    .enable = enable,
    .disable = disable,
    .take = take,
    .done = done,
    .notify = notify,
    .lines = lines,
};
