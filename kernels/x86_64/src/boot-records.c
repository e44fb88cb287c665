// What both loaders have in common: regions and the command line.
#include "boot-records.h"

#include "kernel/entry.h"

#include <stdbool.h>
#include <stddef.h>

extern const uint8_t image_start[], image_end[];

/** RAM may be left out, what is no RAM may not: the rest of the records is for that. */
enum { RAM_REGIONS_MAX = BOOT_REGIONS_MAX / 2 };

void add_region(struct boot_info *boot, paddr start, uint64_t bytes, enum boot_region_kind kind) {
  if (bytes == 0 || (kind == BOOT_RAM && boot->region_count >= RAM_REGIONS_MAX)) return;
  if (boot->region_count == BOOT_REGIONS_MAX)
    kernel_panic(NULL, "more than %u regions of memory", BOOT_REGIONS_MAX);
  boot->regions[boot->region_count++] = (struct boot_region){start, bytes, kind};
}

void add_own_regions(struct boot_info *boot) {
  add_region(boot, 0, 0x100000, BOOT_RESERVED);
  add_region(boot, (uintptr_t)image_start, (uint64_t)(image_end - image_start), BOOT_KERNEL);
}

/** The digit's value, or 16 for what is none. */
static unsigned digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return (unsigned)(digit - '0');
  if (digit >= 'a' && digit <= 'f') return (unsigned)(digit - 'a' + 10);
  return 16;
}

/** Reads a number, decimal or with 0x, and goes behind it. */
static uint64_t read_number(const char **at) {
  unsigned base = 10;
  if ((*at)[0] == '0' && (*at)[1] == 'x') {
    base = 16;
    *at += 2;
  }
  uint64_t value = 0;
  for (; digit_value(**at) < base; (*at)++)
    value = value * base + digit_value(**at);
  return value;
}

static bool begins_with(const char *text, const char *start) {
  while (*start != 0)
    if (*text++ != *start++) return false;
  return true;
}

/** BYTES@ADDRESS:LINE, where BYTES may end with K. What has another form is left out. */
static void read_device(const char *at, struct boot_info *boot) {
  struct boot_device device;
  device.bytes = read_number(&at);
  if (*at == 'K' || *at == 'k') {
    device.bytes *= 1024;
    at++;
  }
  if (*at++ != '@') return;
  device.registers = read_number(&at);
  if (*at++ != ':') return;
  device.interrupt = (uint32_t)read_number(&at);
  if (boot->device_count < BOOT_DEVICES_MAX) boot->devices[boot->device_count++] = device;
}

void read_command_line(const char *text, struct boot_info *boot) {
  static const char name[] = "virtio_mmio.device=";
  size_t length = 0;
  for (; text[length] != 0 && length < BOOT_COMMAND_LINE_MAX - 1; length++)
    boot->command_line[length] = text[length];
  boot->command_line[length] = 0;
  for (const char *at = boot->command_line; *at != 0; at++)
    if ((at == boot->command_line || at[-1] == ' ') && begins_with(at, name))
      read_device(at + sizeof(name) - 1, boot);
}
