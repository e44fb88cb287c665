// GICv3 (Arm IHI 0069): a distributor, a redistributor of each processor in memory, and the
// interface of a processor in its system registers. Names of those are given by number, as older
// assemblers need.
#include "gic-distributor.h"
#include "machine.h"

#define ICC_PMR_EL1 s3_0_c4_c6_0
#define ICC_IAR1_EL1 s3_0_c12_c12_0
#define ICC_EOIR1_EL1 s3_0_c12_c12_1
#define ICC_SRE_EL1 s3_0_c12_c12_5
#define ICC_IGRPEN1_EL1 s3_0_c12_c12_7
#define ICC_SGI1R_EL1 s3_0_c12_c11_5

enum {
  GICR_TYPE = 0x0008,
  GICR_WAKER = 0x0014,
  /** The second 64 KiB of a redistributor: lines of its processor, laid out as in a distributor. */
  GICR_LINES = 0x10000,
  GICR_BYTES = 0x20000,
  GICR_BYTES_VIRTUAL = 0x40000,
  TYPE_VIRTUAL = 1 << 1,
  TYPE_LAST = 1 << 4,
  WAKER_SLEEP = 1 << 1,
  WAKER_ASLEEP = 1 << 2,
  /** Affinity routing, and interrupts of group 1 as the not secure world names it. */
  CONTROL_ON = 1 << 4 | 1 << 1,
  LOWEST_PRIORITY = 0xff,
  TRIES = 1000000,
};

static void *redistributors[BS_BOARD_CPUS];

static void *distributor(void) {
  return arch_direct(machine_board.distributor.start);
}

static void start(void) {
  write_register(distributor(), GICD_CONTROL, 0);
  gic_quiet_shared(distributor());
  for (uint32_t line = GIC_FIRST_SHARED; line < gic_lines(distributor()); line += 32)
    write_register(distributor(), GICD_GROUP + line / 8, UINT32_MAX);
  write_register(distributor(), GICD_CONTROL, CONTROL_ON);
  uint64_t own = READ_SYSTEM(mpidr_el1) & 0xff00ffffff;
  for (uint32_t line = GIC_FIRST_SHARED; line < gic_lines(distributor()); line++)
    write_wide_register(distributor(), GICD_ROUTE + line * 8, own);
}

/** Finds the redistributor that names the affinity of the calling processor. */
static void *find_redistributor(void) {
  uint64_t mpidr = READ_SYSTEM(mpidr_el1);
  uint64_t own = (mpidr >> 32 & 0xff) << 24 | (mpidr & 0xffffff);
  // No more of them are mapped (map_devices).
  uint64_t most = (uint64_t)machine_board.cpu_count * GICR_BYTES_VIRTUAL;
  uint64_t end = machine_board.redistributor.size < most ? machine_board.redistributor.size : most;
  for (uint64_t at = 0; at + GICR_BYTES <= end;) {
    void *each = arch_direct(machine_board.redistributor.start + at);
    uint64_t type = read_wide_register(each, GICR_TYPE);
    if (type >> 32 == own) return each;
    if ((type & TYPE_LAST) != 0) return NULL;
    at += (type & TYPE_VIRTUAL) != 0 ? GICR_BYTES_VIRTUAL : GICR_BYTES;
  }
  return NULL;
}

static void wake(void *redistributor) {
  uint32_t waker = read_register(redistributor, GICR_WAKER);
  write_register(redistributor, GICR_WAKER, waker & ~(uint32_t)WAKER_SLEEP);
  for (unsigned i = 0; i < TRIES; i++) {
    if ((read_register(redistributor, GICR_WAKER) & WAKER_ASLEEP) == 0) return;
  }
}

static bs_status start_cpu(void) {
  uint8_t *redistributor = find_redistributor();
  if (redistributor == NULL) return BS_NOENT;
  redistributors[arch_cpu()] = redistributor;
  wake(redistributor);
  uint8_t *lines_of_cpu = redistributor + GICR_LINES;
  write_register(lines_of_cpu, GICD_GROUP, UINT32_MAX);
  write_register(lines_of_cpu, GICD_CLEAR_ENABLE, 0xffff0000);
  write_register(lines_of_cpu, GICD_SET_ENABLE, 0x0000ffff);
  for (uint32_t line = 0; line < GIC_FIRST_SHARED; line += 4)
    write_register(lines_of_cpu, GICD_PRIORITY + line, GIC_PRIORITY);
  WRITE_SYSTEM(ICC_SRE_EL1, READ_SYSTEM(ICC_SRE_EL1) | 1);
  synchronize();
  WRITE_SYSTEM(ICC_PMR_EL1, LOWEST_PRIORITY);
  WRITE_SYSTEM(ICC_IGRPEN1_EL1, 1);
  synchronize();
  return BS_OK;
}

static void set_line(uint32_t row, uint32_t line) {
  if (line < GIC_FIRST_SHARED)
    gic_set_bit((uint8_t *)redistributors[arch_cpu()] + GICR_LINES, row, line);
  else
    gic_set_bit(distributor(), row, line);
}

static void enable(uint32_t line) {
  set_line(GICD_SET_ENABLE, line);
}

static void disable(uint32_t line) {
  set_line(GICD_CLEAR_ENABLE, line);
}

static uint32_t take(void) {
  uint32_t taken = (uint32_t)READ_SYSTEM(ICC_IAR1_EL1);
  finish_all_accesses();
  return taken;
}

static void done(uint32_t taken) {
  WRITE_SYSTEM(ICC_EOIR1_EL1, taken);
  synchronize();
}

static void notify(unsigned cpu, uint32_t line) {
  uint64_t affinity = machine_board.cpus[cpu];
  uint64_t target = (affinity >> 32 & 0xff) << 48 | (affinity >> 16 & 0xff) << 32 |
                    (affinity >> 8 & 0xff) << 16 | (uint64_t)1 << (affinity & 0xf);
  finish_all_accesses();
  WRITE_SYSTEM(ICC_SGI1R_EL1, target | (uint64_t)line << 24);
  synchronize();
}

static uint32_t lines(void) {
  return gic_lines(distributor());
}

const struct gic gic_v3 = {
    .start = start,
    .start_cpu = start_cpu,
    .enable = enable,
    .disable = disable,
    .take = take,
    .done = done,
    .notify = notify,
    .lines = lines,
};
