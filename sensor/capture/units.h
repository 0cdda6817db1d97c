// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * units.h - packet times of pcapng: units of any size made nanoseconds.
 *
 * Times that no 64-bit count of nanoseconds holds become the nearest one
 * that it does. It must not know what the times are of.
 */
#ifndef CAPTURE_UNITS_H
#define CAPTURE_UNITS_H

#include <stdint.h>

/*
 * Nanoseconds of a unit of an if_tsresol (pcapng 4.2: the high bit chooses
 * powers of two, else of ten); 0 when it is no whole number.
 */
uint64_t units_multiplier(uint8_t resolution);

/* Nanoseconds since 1970 of a count of units and an offset in seconds. */
int64_t units_time(uint64_t units, uint8_t resolution, int64_t offset_s);

#endif
