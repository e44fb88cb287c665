// From the first instruction of a program to its end.
#include "basalt/system-calls.h"

int main(uint64_t argument);
_Noreturn void program_main(uint64_t argument);

_Noreturn void program_main(uint64_t argument) {
  int code = main(argument);
  for (;;)
    bs_task_exit(code);
}
