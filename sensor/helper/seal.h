// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * seal.h - what the headers of an archive say that libarchive does not.
 *
 * Whether a rar4 or rar5 has its entries or its headers encrypted, and
 * whether an archive is one volume of several. It reads headers alone.
 */
#ifndef HELPER_SEAL_H
#define HELPER_SEAL_H

#include "helper/job.h"

/* Is that entry of a rar5 encrypted? */
bool seal_entry(const struct job *j, struct span name);

/* Are the headers themselves encrypted, or every entry? */
bool seal_all(const struct job *j);

/* Is it a volume of several? */
bool seal_volume(const struct job *j);

#endif
