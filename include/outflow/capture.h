// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * capture.h - packets from capture files, merged into one timeline, and
 * what is inside their link layers and tunnels.
 */
#ifndef OUTFLOW_CAPTURE_H
#define OUTFLOW_CAPTURE_H

#include "outflow/compiler.h"
#include "outflow/counters.h"
#include "outflow/err.h"
#include "outflow/packet.h"

struct timeline; /* all captures named, by packet time */

/*
 * Open captures: files, "-" for standard input, directories (every capture
 * in them, hidden files and directories passed over). Unreadable ones are
 * problems; the others are still read. A file named twice, also by a link,
 * is read once. NULL only without memory. May raise the soft limit of
 * descriptors (RLIMIT_NOFILE) when there are many captures.
 */
struct timeline *timeline_open(const char *const *paths, size_t count,
                               struct problems *problems);

/*
 * The next packet by time; equal times in the order of first packets, inside
 * a file file order stands. False at the end. Damage is added to problems
 * ("FILE: cut short after packet N") and ends that capture only.
 */
bool timeline_next(struct timeline *t, struct packet *out,
                   struct problems *problems) MUST_USE;

/* Captures, in the order their number in struct packet means. */
size_t timeline_captures(const struct timeline *t);
const char *timeline_name(const struct timeline *t, size_t capture);

/*
 * Remarks so far that do not make a run incomplete: "FILE: 0 packets", files
 * passed over or named twice, packets of a link type beside readable ones.
 */
const struct problems *timeline_notes(const struct timeline *t);

/*
 * Packets that the captures' writers say they dropped (pcapng interface
 * statistics): complete when timeline_next has given false.
 */
uint64_t timeline_dropped(const struct timeline *t);

/* Bytes of the files consumed, and in all (0: unknown): for progress. */
uint64_t timeline_read(const struct timeline *t);
uint64_t timeline_size(const struct timeline *t);

/* Release everything; frames and names are void. NULL is fine. */
void timeline_close(struct timeline *t);

/*
 * Peel link layers and tunnels off a packet down to the innermost IP
 * datagram (or the first fragment met). SKIP_NONE, or why there is none.
 */
enum skip links_peel(const struct packet *p, struct datagram *out);

/*
 * Go on peeling at a datagram that fragments made whole: when its payload is
 * a tunnel, *out is the innermost datagram, else a copy of it.
 */
enum skip links_resume(const struct datagram *whole, struct datagram *out);

#endif
