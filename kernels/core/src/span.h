// A span of a trace.
#pragma once

#include "object.h"

struct span {
  struct object object;
  uint64_t number;
  uint64_t start;
};

void span_release(void *span);
