// What a call takes, as data (generated/call-rules.c, from schemas/kernel-abi.json).
#pragma once

#include "basalt/kernel-abi.h"

#include <stdbool.h>
#include <stdint.h>

/** What an argument must be. */
enum rule_kind {
  /** Anything: the call itself judges. */
  RULE_ANY,
  /** A number from min to max. */
  RULE_NUMBER,
  /** A number that fits 32 bits with its sign. */
  RULE_SIGNED,
  /** Only bits of max. */
  RULE_FLAGS,
  /** The number of a bit of max. */
  RULE_CHOICE,
  /** A handle whose tag is the number of a bit of max. */
  RULE_HANDLE,
  /** Address of text that ends with a zero within max bytes. */
  RULE_PATH,
  /** Address of elements to read, at most max: as many as argument `partner` says, or one. */
  RULE_READ,
  /** The same, of bytes that are UTF-8. */
  RULE_TEXT,
  /** Address of elements to write. */
  RULE_WRITE,
};

/** The rule of one argument. */
struct argument_rule {
  enum rule_kind kind;
  /** The place of another argument, from 1 on; 0 is none. */
  uint8_t partner;
  /** Of an element. */
  uint8_t alignment;
  uint16_t bytes;
  /** 0 is taken too, and means nothing is there. */
  bool optional;
  uint64_t min;
  uint64_t max;
};

/** The rule of one call. */
struct call_rule {
  const char *name;
  /** The kind of capability that must be active; 0 is none. */
  uint8_t capability;
  uint8_t count;
  struct argument_rule arguments[6];
};

extern const struct call_rule call_rules[BS_CALL_COUNT];
