// The boards of the tests: their trees have the shape of those of QEMU and of Firecracker.
#pragma once

#include "tree-writer.h"

static inline void write_bus(tree_writer *writer) {
  write_numbers(writer, "#address-cells", 2);
  write_numbers(writer, "#size-cells", 2);
}

static inline void write_cpus(tree_writer *writer) {
  begin_node(writer, "cpus");
  write_numbers(writer, "#address-cells", 1);
  write_numbers(writer, "#size-cells", 0);
  for (uint32_t i = 0; i < 2; i++) {
    begin_node(writer, i == 0 ? "cpu@0" : "cpu@1");
    write_numbers(writer, "reg", i);
    write_text(writer, "device_type", "cpu");
    end_node(writer);
  }
  end_node(writer);
}

static inline void write_memory(tree_writer *writer, uint32_t start, uint32_t bytes) {
  begin_node(writer, "memory@0");
  write_numbers(writer, "reg", 0, start, 0, bytes);
  write_text(writer, "device_type", "memory");
  end_node(writer);
}

static inline void write_timer(tree_writer *writer) {
  begin_node(writer, "timer");
  write_numbers(writer, "interrupts", 1, 13, 4, 1, 14, 4, 1, 11, 4, 1, 10, 4);
  write_property(writer, "compatible", "arm,armv8-timer\0arm,armv7-timer", 32);
  end_node(writer);
}

/** QEMU's `virt`: PL011 named by /chosen, a 16550 before it, GICv2, a virtio device behind a bus.
 */
static inline void write_virt_board(tree_writer *writer) {
  begin_node(writer, "");
  write_bus(writer);
  begin_node(writer, "serial@40002000");
  write_numbers(writer, "reg", 0, 0x40002000, 0, 0x1000);
  write_text(writer, "compatible", "ns16550a");
  end_node(writer);
  begin_node(writer, "psci");
  write_text(writer, "method", "hvc");
  write_property(writer, "compatible", "arm,psci-1.0\0arm,psci", 22);
  end_node(writer);
  write_memory(writer, 0x40000000, 0x8000000);
  begin_node(writer, "platform@c000000");
  write_numbers(writer, "#address-cells", 1);
  write_numbers(writer, "#size-cells", 1);
  write_numbers(writer, "ranges", 0x100, 0, 0xc000000, 0x1000);
  begin_node(writer, "virtio_mmio@300");
  write_numbers(writer, "reg", 0x300, 0x200);
  write_numbers(writer, "interrupts", 0, 16, 1);
  write_text(writer, "compatible", "virtio,mmio");
  end_node(writer);
  begin_node(writer, "virtio_mmio@2000");
  write_numbers(writer, "reg", 0x2000, 0x200);
  write_numbers(writer, "interrupts", 0, 17, 1);
  write_text(writer, "compatible", "virtio,mmio");
  end_node(writer);
  end_node(writer);
  begin_node(writer, "pl011@9000000");
  write_numbers(writer, "reg", 0, 0x9000000, 0, 0x1000);
  write_numbers(writer, "interrupts", 0, 1, 4);
  write_property(writer, "compatible", "arm,pl011\0arm,primecell", 24);
  end_node(writer);
  begin_node(writer, "intc@8000000");
  write_numbers(writer, "reg", 0, 0x8000000, 0, 0x10000, 0, 0x8010000, 0, 0x10000);
  write_text(writer, "compatible", "arm,cortex-a15-gic");
  end_node(writer);
  write_cpus(writer);
  write_timer(writer);
  begin_node(writer, "chosen");
  write_text(writer, "stdout-path", "/pl011@9000000:115200n8");
  write_text(writer, "bootargs", "quiet test=all");
  write_numbers(writer, "linux,initrd-start", 0x48000000);
  write_numbers(writer, "linux,initrd-end", 0, 0x48001234);
  write_numbers(writer, "rng-seed", 0x01020304, 0x05060708);
  end_node(writer);
  end_node(writer);
  finish_tree(writer);
}

/** Firecracker: a 16550 that nothing names, GICv3, memory from 2 GiB on, a device at the root. */
static inline void write_firecracker_board(tree_writer *writer) {
  begin_node(writer, "");
  write_bus(writer);
  write_cpus(writer);
  write_memory(writer, 0x80000000, 0x10000000);
  begin_node(writer, "chosen");
  write_text(writer, "bootargs", "");
  end_node(writer);
  begin_node(writer, "intc");
  write_text(writer, "compatible", "arm,gic-v3");
  write_numbers(writer, "reg", 0, 0x3fff0000, 0, 0x10000, 0, 0x3ff70000, 0, 0x80000);
  end_node(writer);
  write_timer(writer);
  begin_node(writer, "psci");
  write_text(writer, "compatible", "arm,psci-0.2");
  write_text(writer, "method", "hvc");
  end_node(writer);
  begin_node(writer, "uart@40002000");
  write_text(writer, "compatible", "ns16550a");
  write_numbers(writer, "reg", 0, 0x40002000, 0, 0x1000);
  write_numbers(writer, "interrupts", 0, 0, 1);
  end_node(writer);
  begin_node(writer, "virtio_mmio@40003000");
  write_text(writer, "compatible", "virtio,mmio");
  write_numbers(writer, "reg", 0, 0x40003000, 0, 0x1000);
  write_numbers(writer, "interrupts", 0, 2, 1);
  end_node(writer);
  end_node(writer);
  finish_tree(writer);
}
