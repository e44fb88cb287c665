// Test results in the Test Anything Protocol, on the console.
#pragma once

#include <stdbool.h>

/** Begins a test; its checks count until the next one begins. */
void test_begin(const char *name);

/** A check of the current test; a false one fails it and says where. */
#define check(condition) check_at((condition), #condition, __FILE__, __LINE__)

void check_at(bool good, const char *what, const char *file, int line);

/** Ends the last test and prints the plan; how many failed. */
unsigned tests_end(void);
