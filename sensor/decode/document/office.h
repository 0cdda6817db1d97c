// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * office.h - office files whose parts are entries of a zip: xlsx, docx, ods.
 *
 * The reader of an archive offers every entry first; what office takes, by
 * its content, becomes text: one part a sheet or document, rows as CSV
 * lines. What it does not take is an ordinary part of the archive.
 *
 *     office_take -> MATCH_YES: office_put, office_gap ..., office_close
 *                 -> MATCH_MORE: ask again with more of its first bytes
 *                 -> MATCH_NO: not an office part
 *     office_end, when no more entries come
 *
 * Entries may come in any order: a sheet whose strings or styles come behind
 * it is held in a compact form, within the memory of hint->memory; beyond it
 * the sheet gives what it has without them, and the rest is told as unread.
 *
 * Parts it opens it also closes before a call returns, but for the one of
 * the entry that is open. It must not know archives, and it gives nothing
 * that was not in an entry: DTDs and entities are never followed.
 */
#ifndef DECODE_DOCUMENT_OFFICE_H
#define DECODE_DOCUMENT_OFFICE_H

#include "outflow/compiler.h"
#include "outflow/decoder.h"

struct office; /* the office file that an archive may be */

/* One for each archive; hint is only used here. NULL without memory. */
struct office *office_new(const struct hint *hint) MUST_USE;

/*
 * Is the entry one of mine? name is its path as written, head its first
 * bytes undone, at most LIMIT_PROBE; ended: they are all, or as many as it
 * will see. MATCH_MORE is only given when head is shorter and has not ended.
 * After MATCH_YES the entry is open: give all of its bytes, head again too.
 */
enum match office_take(struct office *o, struct span name, struct span head,
                       bool ended);

/* Bytes of the open entry. False: the sink refused. */
bool office_put(struct office *o, struct span bytes, struct sink *out) MUST_USE;

/* len bytes of the open entry, as far as known, are missing. */
bool office_gap(struct office *o, uint64_t len, struct sink *out) MUST_USE;

/* The open entry ended; PART_CUT: its rest is missing or damaged. */
bool office_close(struct office *o, enum part_end how,
                  struct sink *out) MUST_USE;

/* No entry follows: what waited for others is put with what there is. */
bool office_end(struct office *o, struct sink *out) MUST_USE;

/* Give back what it holds; takes NULL. Not within an entry's put. */
void office_free(struct office *o);

#endif
