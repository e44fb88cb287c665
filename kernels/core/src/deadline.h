// A time that io_poll can wait for.
#pragma once

#include "object.h"

struct deadline {
  struct object object;
  uint64_t time;
};

void deadline_release(void *deadline);
