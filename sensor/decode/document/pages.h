// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pages.h - bytes that are kept for later, page by page, on an account.
 *
 * What is added never moves and is never split: an item lies in one page.
 * Pages can be given back one by one while they are read, so holding a sheet
 * and putting it needs its memory once. It must not know what it holds.
 */
#ifndef DECODE_DOCUMENT_PAGES_H
#define DECODE_DOCUMENT_PAGES_H

#include "decode/held.h"

enum { PAGE_ROOM = 128 << 10 }; /* more than LIMIT_CELL */

struct pages {
    struct held_share *share; /* the account; NULL: none */
    struct page **page;       /* owned */
    uint32_t count;           /* pages */
    uint32_t room;            /* pages there is a pointer for */
};

/* Nothing is held yet. */
void pages_init(struct pages *p, struct held_share *share);

/*
 * Room for an item of len bytes (at most PAGE_ROOM) at the end; NULL when
 * the account or memory is at its end. pages_took tells how much of it is
 * used in the end.
 */
uint8_t *pages_room(struct pages *p, size_t len) MUST_USE;
void pages_took(struct pages *p, size_t len);

/* Where the next item would be added, were it in this page: a place. */
uint32_t pages_place(const struct pages *p);

/* The bytes from a place to the end of what its page holds. */
struct span pages_at(const struct pages *p, uint32_t place);

/* All of the i-th page; give it back. */
struct span pages_page(const struct pages *p, uint32_t i);
void pages_drop(struct pages *p, uint32_t i);

/* Give back everything. */
void pages_clear(struct pages *p);

#endif
