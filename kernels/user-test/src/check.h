// Test results in the Test Anything Protocol, on the console of the workload; and what tests share.
#pragma once

#include "basalt/system-calls.h"

#include <stdbool.h>
#include <stddef.h>

/** Opens the console; the capabilities for it are active. False when there is none. */
bool tests_begin(void);

/** Begins a test, with the usual capabilities active; its checks count until the next one begins.
 */
void test_begin(const char *name);

/** A check of the current test; a false one fails it and says where. */
#define check(condition) check_at((condition), #condition, __FILE__, __LINE__)

void check_at(bool good, const char *what, const char *file, int line);

/** Checks the answer of a call, and shows it when it is another. */
#define check_status(call, status) check_status_at((call), (status), #call, __FILE__, __LINE__)

void check_status_at(bs_status got, bs_status wanted, const char *what, const char *file, int line);

/** Ends the last test and prints the plan; how many failed. */
unsigned tests_end(void);

/** Makes these kinds of capabilities active, as bits: at most eight. */
void enter(uint32_t kinds);

/** The bit of a kind. */
#define CAP(kind) (1u << (BS_CAP_##kind - 1))

/** The handle of a kind that was acquired. */
bs_handle cap_handle(unsigned kind);

/** Starts a task with all capabilities that are active; checks that it did. */
bs_handle spawn(void (*entry)(uint64_t), uint64_t argument);

/** Waits for a task to end and checks how it did. */
void check_end(bs_handle task, unsigned kind, int32_t code);

/** Checks the detail of the last error. */
void check_detail(unsigned detail, uint64_t arg0);
