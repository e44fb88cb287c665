// Deadlines hold nothing but their time.
#include "deadline.h"

void deadline_release(void *deadline) {
  if (object_released(deadline)) object_give(deadline);
}
