// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * readers.h - the readers of a text part and what they ask of one another.
 *
 * rows.c holds the window and lets one reader after the other read on; each
 * hands over where it finds something that is another's.
 *
 * It must not be included outside of detect/.
 */
#ifndef OUTFLOW_DETECT_READERS_H
#define OUTFLOW_DETECT_READERS_H

#include "detect/state.h"

/* rows.c: the packet that brought the byte in front of end. */
const struct moment *rows_moment(const struct rows *r, uint32_t end);

/* rows.c: bytes [from, to) of the window. */
struct span rows_span(const struct rows *r, uint32_t from, uint32_t to);

/*
 * The window from place from on, as much as a row may be; last: nothing
 * comes behind it, so its end ends a row.
 */
struct span rows_ahead(const struct rows *r, uint32_t from, bool *last);

/* rows.c: put the record that the fields make, if they make one. */
bool rows_put(struct rows *r, const struct field *fields, size_t count,
              const struct moment *seen);
void rows_give(struct rows *r, const struct record *record);

/* rows.c: raw bytes as UTF-8; valid until the next call. */
struct span rows_utf8(struct rows *r, struct span raw);

/* rows.c: so many lines were passed over; weak signs rest no longer. */
void rows_passed(struct rows *r, uint32_t lines);

/* rows.c: how long weak signs rest after one failure more. */
uint16_t rows_rest(uint8_t *failed, uint32_t lines);

/* rows.c: go on in seek at a place; text in front is read. */
void rows_seek(struct rows *r, uint32_t at);

/*
 * The readers. Each reads on from r->at or r->row and gives false when it
 * needs more bytes, true when another reader (or itself) is to go on.
 */
bool start_read(struct rows *r);
bool seek_read(struct rows *r);
bool sample_read(struct rows *r);
bool table_read(struct rows *r);
bool pairs_read(struct rows *r);
bool object_read(struct rows *r);
bool page_read(struct rows *r);
bool skip_read(struct rows *r);
bool sql_read(struct rows *r);

/* sample.c: hold lines from from on. */
bool sample_begin(struct rows *r, uint32_t from);
void sample_free(struct rows *r);
const struct moment *sample_moment(const struct rows *r, uint32_t end);
void sample_move(struct rows *r, uint32_t by);

/*
 * wake.c: a table that is known, and sleeps, goes on at r->row when the line
 * there is a row of it.
 */
enum wake {
    WAKE_NOT = 0,
    WAKE_WAITS, /* more bytes tell */
    WAKE_UP,
};
enum wake wake_judge(struct rows *r);
void wake_up(struct rows *r);

/* sample.c: does the line look like the header of customers? */
bool sample_header(struct rows *r, struct span line);

/* opening.c: does the line look like a row of customers? */
bool opening_person(struct rows *r, struct span line);

/* rows.c: bytes that a limit kept from being looked at. */
void rows_unread(struct rows *r, uint64_t len);

/*
 * json_row.c: the row that an object or array of JSON (its text) makes. Gives
 * where an object in an array inside it begins, SIZE_MAX when there is none:
 * these are rows of their own.
 */
size_t json_row(struct rows *r, struct span text, const struct moment *seen);

/* Does a key only say how the value is written, {"phone":{"S":"..."}}? */
bool json_wraps(struct span key);

/*
 * json_row.c: the names of columns in text in front of an array of values; is
 * an object one of a name we know and its value?
 */
void json_names(struct rows *r, struct span text);
bool json_property(struct rows *r, struct span text);

/*
 * pairs.c, json.c, page.c: take over at the line or place of a sign; false
 * when they cannot.
 */
void pairs_begin(struct rows *r);
bool pairs_sign(struct rows *r, uint32_t at); /* a label before the value? */
bool object_begin(struct rows *r, uint32_t at);
bool object_literal(const struct rows *r, uint32_t at); /* of a script? */
bool page_begin(struct rows *r, uint32_t at);
void page_drop(struct rows *r);
void page_free(struct rows *r);

/* sql.c: is the line a statement that rows may follow? */
bool sql_begins(struct span line);

/* sql.c: take over at a line of tuples; false when it is none. */
bool sql_begin(struct rows *r);

/* waiting.c: cards and own numbers in running text, by their share. */
void waiting_line(struct rows *r, uint32_t end);
void waiting_seen(struct rows *r, enum sharing sharing, bool valid);
void waiting_settle(struct rows *r, bool last);
void waiting_free(struct rows *r);

/*
 * waiting.c: rows of a list that have only a phone or an e-mail: one is
 * anybody's, several different ones are a list of customers.
 */
void waiting_list(struct rows *r, const struct field *fields, size_t count,
                  const struct moment *seen);
void waiting_list_free(struct rows *r);

/* seek.c: how far back a reader may look from where it is. */
uint32_t seek_reach(const struct rows *r);

#endif
