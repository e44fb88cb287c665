// The timer, for the other files of the architecture.
#pragma once

/** The timer of the calling processor asks no more until it is set again. */
void timer_quiet(void);

/** Lets the timer of the calling processor ask. */
void timer_start_cpu(void);
