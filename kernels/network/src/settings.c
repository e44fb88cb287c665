// Addresses as text.
#include "network/stack.h"

/** Reads a decimal number up to `most`, without zeros before it, and goes behind it. */
static bool read_number(const char **at, uint32_t most, uint32_t *value) {
  const char *start = *at;
  *value = 0;
  while (**at >= '0' && **at <= '9') {
    *value = *value * 10 + (uint32_t)(**at - '0');
    (*at)++;
    if (*value > most || (*start == '0' && *at - start > 1)) return false;
  }
  return *at > start;
}

static bool read_address(const char **at, ipv4 *address) {
  *address = 0;
  for (unsigned i = 0; i < 4; i++) {
    uint32_t part;
    if (i > 0 && *(*at)++ != '.') return false;
    if (!read_number(at, 255, &part)) return false;
    *address = *address << 8 | part;
  }
  return true;
}

bs_status network_read_settings(const char *text, struct network_settings *settings) {
  uint32_t bits;
  ipv4 address;
  ipv4 gateway = 0;
  if (!read_address(&text, &address) || *text++ != '/') return BS_INVALID;
  if (!read_number(&text, 32, &bits) || bits == 0) return BS_INVALID;
  if (*text == ',') {
    text++;
    if (!read_address(&text, &gateway)) return BS_INVALID;
  }
  if (*text != 0 && *text != ' ') return BS_INVALID;
  settings->address = address;
  settings->mask = UINT32_MAX << (32 - bits);
  settings->gateway = gateway;
  return BS_OK;
}
