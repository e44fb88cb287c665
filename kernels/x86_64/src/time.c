// The clock is the time stamp counter; the timer is that of the local APIC, one shot. What either
// one's frequency is, the machine says (CPUID leaf 15h, the hypervisor's leaf 40000010h), or it is
// measured against a clock whose frequency is fixed: the PIT of a PC, the ACPI timer of a chip set,
// or the local APIC of QEMU's own emulation, which counts nanoseconds.
#include "cpu.h"
#include "kernel/entry.h"
#include "kernel/limits.h"
#include "local-apic.h"

#include <stddef.h>

enum {
  LEAF_TSC = 0x15,
  LEAF_HYPERVISOR = 0x40000000,
  LEAF_HYPERVISOR_TIMES = 0x40000010,
  HYPERVISOR_BIT = 1u << 31,
};

/** The timer counts every 16th tick of the APIC's clock. */
enum { TIMER_DIVIDE = 16 };

/** How long a measurement lasts: 1 ms tells the frequency to about one part in a thousand. */
enum { MEASURE_NS = 1000000 };

enum { PIT_HZ = 1193182, PIT_CHANNEL_2 = 0x42, PIT_COMMAND = 0x43, PIT_GATE = 0x61 };

/** A rate as 2^-32 units: ns = ticks * scale >> 32. */
static struct {
  uint64_t tsc_start;
  uint64_t ns_per_tick_32;
  uint64_t timer_per_ns_32;
} clock;

/** When the timer of each CPU is to come, and one; 0 is never. */
static uint64_t deadlines[CPUS_MAX];

static uint64_t scaled(uint64_t value, uint64_t scale) {
  return (uint64_t)((__uint128_t)value * scale >> 32);
}

uint64_t arch_clock(void) {
  return scaled(read_tsc() - clock.tsc_start, clock.ns_per_tick_32);
}

/** The machine's clocks in Hz; 0 is unknown. */
struct rates {
  uint64_t tsc;
  uint64_t apic;
};

static struct rates said_rates(const char **how) {
  struct rates rates = {0, 0};
  if (read_cpuid(0, 0).a >= LEAF_TSC) {
    struct cpuid leaf = read_cpuid(LEAF_TSC, 0);
    if (leaf.a != 0 && leaf.b != 0 && leaf.c != 0) {
      *how = "TSC frequency from CPUID";
      rates = (struct rates){(uint64_t)leaf.c * leaf.b / leaf.a, leaf.c};
    }
  }
  if ((read_cpuid(1, 0).c & HYPERVISOR_BIT) == 0) return rates;
  if (read_cpuid(LEAF_HYPERVISOR, 0).a >= LEAF_HYPERVISOR_TIMES) {
    struct cpuid leaf = read_cpuid(LEAF_HYPERVISOR_TIMES, 0);
    if (leaf.a != 0 && leaf.b != 0) {
      *how = "TSC frequency from the hypervisor";
      rates = (struct rates){(uint64_t)leaf.a * 1000, (uint64_t)leaf.b * 1000};
    }
  }
  return rates;
}

/** Whether this is QEMU's emulation or KVM, whose local APICs run at 1 GHz by definition. */
static bool apic_counts_ns(void) {
  if ((read_cpuid(1, 0).c & HYPERVISOR_BIT) == 0) return false;
  struct cpuid leaf = read_cpuid(LEAF_HYPERVISOR, 0);
  bool tcg = leaf.b == 0x54474354 && leaf.c == 0x43544743 && leaf.d == 0x47435447; // TCGTCGTCGTCG
  bool kvm = leaf.b == 0x4b4d564b && leaf.c == 0x564b4d56 && leaf.d == 0x4d;       // KVMKVMKVM
  return tcg || kvm;
}

/** Counts the TSC while the timer, of known rate, runs for MEASURE_NS. */
static uint64_t measure_tsc_by_apic(uint64_t apic) {
  uint32_t ticks = (uint32_t)(apic / TIMER_DIVIDE / (1000000000 / MEASURE_NS));
  local_apic_timer(UINT32_MAX);
  uint32_t first = local_apic_timer_left();
  uint64_t start = read_tsc();
  uint32_t left = first;
  while (first - left < ticks)
    left = local_apic_timer_left();
  uint64_t passed = read_tsc() - start;
  local_apic_timer(0);
  return passed * (apic / TIMER_DIVIDE) / (first - left);
}

/** Counts both while channel 2 of the PIT runs down; false where there is no PIT. */
static bool measure_by_pit(struct rates *rates) {
  uint16_t count = (uint16_t)(PIT_HZ / (1000000000 / MEASURE_NS));
  out8(PIT_GATE, (uint8_t)((in8(PIT_GATE) & ~2) | 1));
  out8(PIT_COMMAND, 0xb0); // channel 2, both bytes, mode 0
  out8(PIT_CHANNEL_2, (uint8_t)count);
  out8(PIT_CHANNEL_2, (uint8_t)(count >> 8));
  if ((in8(PIT_GATE) & 0x20) != 0) return false;
  local_apic_timer(UINT32_MAX);
  uint64_t start = read_tsc();
  for (unsigned tries = 0; (in8(PIT_GATE) & 0x20) == 0; tries++)
    if (tries == 10000000) return false;
  rates->tsc = (read_tsc() - start) * (1000000000 / MEASURE_NS);
  rates->apic =
      (uint64_t)(UINT32_MAX - local_apic_timer_left()) * TIMER_DIVIDE * (1000000000 / MEASURE_NS);
  local_apic_timer(0);
  return true;
}

bs_status arch_time_start(const char **how) {
  struct rates rates = said_rates(how);
  if (rates.tsc == 0 && apic_counts_ns()) {
    *how = "TSC measured against the local APIC of the emulator";
    rates.apic = 1000000000;
    rates.tsc = measure_tsc_by_apic(rates.apic);
  } else if (rates.tsc == 0) {
    *how = "TSC and local APIC measured against the PIT";
    if (!measure_by_pit(&rates)) return BS_UNSUPPORTED;
  }
  clock.ns_per_tick_32 = ((uint64_t)1000000000 << 32) / rates.tsc;
  clock.timer_per_ns_32 = (rates.apic / TIMER_DIVIDE << 32) / 1000000000;
  clock.tsc_start = read_tsc();
  return BS_OK;
}

static void start_timer(uint64_t deadline) {
  uint64_t now = arch_clock();
  uint64_t left = deadline > now ? deadline - now : 0;
  uint64_t count = left < UINT64_MAX >> 33 ? scaled(left, clock.timer_per_ns_32) + 1 : UINT32_MAX;
  local_apic_timer(count < UINT32_MAX ? (uint32_t)count : UINT32_MAX);
}

void arch_timer_set(uint64_t deadline) {
  bool never = deadline == UINT64_MAX;
  deadlines[arch_cpu()] = never ? 0 : deadline + 1;
  if (never)
    local_apic_timer(0);
  else
    start_timer(deadline);
}

void timer_interrupt_taken(struct arch_frame *frame) {
  uint64_t *deadline = &deadlines[arch_cpu()];
  local_apic_done();
  // The count of the timer ends before far deadlines; and a stopped timer may have come already.
  if (*deadline == 0) return;
  if (arch_clock() < *deadline - 1) {
    start_timer(*deadline - 1);
    return;
  }
  *deadline = 0;
  kernel_timer(frame);
}
