// Spans hold nothing but their number and their start.
#include "span.h"

void span_release(void *span) {
  if (object_released(span)) object_give(span);
}
