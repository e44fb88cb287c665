// Places for small objects.
#include "object.h"

/** A free place, in the list of them. */
struct place {
  struct place *next;
};

static struct place *free_places;

static bool grow(void) {
  paddr frame;
  if (!frames_take(&frame)) return false;
  uint8_t *bytes = arch_direct(frame);
  for (size_t at = 0; at < PAGE_BYTES; at += OBJECT_BYTES)
    object_give(bytes + at);
  return true;
}

void *object_take(void) {
  if (free_places == NULL && !grow()) return NULL;
  struct place *place = free_places;
  free_places = place->next;
  uint64_t *words = (uint64_t *)place;
  for (unsigned i = 0; i < OBJECT_BYTES / sizeof(uint64_t); i++)
    words[i] = 0;
  ((struct object *)place)->references = 1;
  return place;
}

void object_retain(void *object) {
  ((struct object *)object)->references++;
}

bool object_released(void *object) {
  return --((struct object *)object)->references == 0;
}

void object_give(void *object) {
  struct place *place = object;
  place->next = free_places;
  free_places = place;
}
