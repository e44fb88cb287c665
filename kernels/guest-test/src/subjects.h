// The subjects of the tests inside of the kernel.
#pragma once

#include "kernel/boot-info.h"

#include <stdbool.h>

/** The frame allocator. */
void test_frames(void);

/** The kernel's page tables and those of user spaces. */
void test_memory(void);

/** Clock, timers and sleep. */
void test_time(void);

/** Processors beside the one that boots. */
void test_processors(void);

/** The virtio devices of the machine. */
void test_devices(const struct boot_info *boot);

/** Whether the command line has a word. */
bool asks_for(const struct boot_info *boot, const char *word);

/** An end that is asked for on the command line; returns when none is. */
void provoke(const struct boot_info *boot);
