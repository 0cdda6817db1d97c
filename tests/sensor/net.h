// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * net.h - a network of its own for one test, and frames sent into it.
 *
 * It must not touch the machine's network: net_begin leaves it.
 */
#ifndef TESTS_SENSOR_NET_H
#define TESTS_SENSOR_NET_H

#include "outflow/span.h"

/* What ctest takes for a test that could not be run. */
enum { NET_SKIPPED = 77 };

/* Enter a new network namespace; false, and why, when we may not. */
bool net_begin(void);

/* Run a command of the shell that must succeed. */
void net_run(const char *command);

/* A pair of interfaces, tapN and spanN, both up and quiet. */
void net_pair(unsigned n);

/* A socket that sends frames out of an interface. */
int net_sender(const char *interface);
void net_send(int fd, struct span frame);

/* Write an Ethernet frame with IPv4 and UDP of size bytes in all to out. */
struct span net_frame(uint8_t *out, size_t size, uint32_t from, uint32_t to);

#endif
