// The interrupt controllers: the local APIC of each CPU and the I/O APIC of the machine.
#pragma once

#include "frame.h"

#include <stdint.h>

/** Where the registers are; the page tables map them as a device. */
enum { LOCAL_APIC = 0xfee00000, IO_APIC = 0xfec00000 };

/** Turns the local APIC of this CPU on. */
void local_apic_start(void);

/** Sends an interrupt command (Intel SDM volume 3, 11.6.1) to another CPU; waits until it is sent.
 */
void local_apic_send(unsigned cpu, uint32_t command);

/** Ends an interrupt. */
void local_apic_done(void);

/** Starts the timer of this CPU at `count` of its ticks, one shot; 0 stops it. */
void local_apic_timer(uint32_t count);

/** What is left of the count. */
uint32_t local_apic_timer_left(void);

/** The timer's vector was taken (time.c). */
void timer_interrupt_taken(struct arch_frame *frame);

/** A line's vector was taken: the line is masked, then core is called. */
void line_interrupt_taken(struct arch_frame *frame);
