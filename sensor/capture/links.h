// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * links.h - which link types of pcap we can peel.
 */
#ifndef CAPTURE_LINKS_H
#define CAPTURE_LINKS_H

#include <stdbool.h>
#include <stdint.h>

/* Can links_peel read packets of this LINKTYPE_*? */
bool links_reads(uint32_t link);

#endif
