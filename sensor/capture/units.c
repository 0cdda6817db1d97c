// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * units.c - packet times of pcapng: units of any size made nanoseconds.
 *
 * It must not know what the times are of.
 */
#include "capture/units.h"

enum { SECOND = 1000000000 };

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;

    for (unsigned i = 0; i < exponent; i++)
        power *= 10;
    return power;
}

uint64_t units_multiplier(uint8_t resolution)
{
    if (resolution & 0x80)
        return resolution == 0x80 ? SECOND : 0;
    return resolution <= 9 ? power_of_ten(9U - resolution) : 0;
}

/* Seconds and the nanoseconds below in units of 2^-exponent seconds. */
static uint64_t split_binary(uint64_t units, unsigned exponent, uint64_t *ns)
{
    uint64_t seconds = exponent < 64 ? units >> exponent : 0;
    uint64_t below = exponent < 64 ? units & ((1ULL << exponent) - 1) : units;

    /* keep 32 bits of the fraction: a quarter of a nanosecond */
    if (exponent > 32) {
        below = exponent - 32 < 64 ? below >> (exponent - 32) : 0;
        exponent = 32;
    }
    *ns = below * SECOND >> exponent;
    return seconds;
}

/* The same in units of 10^-exponent seconds. */
static uint64_t split_decimal(uint64_t units, unsigned exponent, uint64_t *ns)
{
    if (exponent > 18) {
        /* 10^19 units are less than the 2 s that 64 bits can hold */
        *ns = exponent - 9 < 20 ? units / power_of_ten(exponent - 9) : 0;
        uint64_t seconds = *ns / SECOND;
        *ns %= SECOND;
        return seconds;
    }
    uint64_t second = power_of_ten(exponent);
    uint64_t below = units % second;
    *ns = exponent > 9 ? below / power_of_ten(exponent - 9)
                       : below * power_of_ten(9 - exponent);
    return units / second;
}

int64_t units_time(uint64_t units, uint8_t resolution, int64_t offset_s)
{
    const int64_t most = INT64_MAX / SECOND - 1;
    unsigned exponent = resolution & 0x7f;
    uint64_t ns;
    uint64_t seconds = resolution & 0x80 ? split_binary(units, exponent, &ns)
                                         : split_decimal(units, exponent, &ns);

    if (seconds > (uint64_t)most)
        seconds = (uint64_t)most;
    if (offset_s > most)
        offset_s = most;
    if (offset_s < -most)
        offset_s = -most;
    int64_t sum = (int64_t)seconds + offset_s;
    return (sum > most ? most : sum) * SECOND + (int64_t)ns;
}
