// The subjects of the tests in user mode.
#pragma once

void test_abi(void);
void test_capabilities(void);
void test_tasks(void);
void test_isolation(void);
void test_time(void);
void test_memory(void);
void test_io(void);
void test_channels(void);
void test_files(void);
void test_log(void);
void test_network(void);
void test_processors(void);
void test_refusals(void);
