// Lists of cells whose items can be taken out in constant time.
#include "task-cells.h"

void bs_list_append(bs_heap *heap, bs_list list, bs_listed *item) {
  bs_listed *last = *list.last;
  bs_value held = bs_retain(bs_from_cell(item));
  item->previous = last;
  if (last == NULL)
    bs_store(heap, list.holder, list.first, held);
  else
    bs_store(heap, &last->cell, &last->next, held);
  *list.last = item;
}

void bs_list_remove(bs_heap *heap, bs_list list, bs_listed *item) {
  bs_listed *previous = item->previous;
  bs_value next = bs_exchange(heap, &item->cell, &item->next, BS_NONE);
  if (next == BS_NONE)
    *list.last = previous;
  else
    ((bs_listed *)bs_cell_of(next))->previous = previous;
  item->previous = NULL;
  // The list's reference to the item goes.
  if (previous == NULL)
    bs_store(heap, list.holder, list.first, next);
  else
    bs_store(heap, &previous->cell, &previous->next, next);
}
