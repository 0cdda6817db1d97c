// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pages.c - pages of 128 KiB, and the places in them.
 */
#include "decode/document/pages.h"

#include <stdlib.h>

enum { FIRST_PAGES = 4, PLACE_BITS = 17, PAGES_MOST = 1 << 15 };

struct page {
    uint32_t len;
    uint8_t bytes[PAGE_ROOM];
};

void pages_init(struct pages *p, struct held_share *share)
{
    *p = (struct pages){.share = share};
}

/* A further page; false when there may be none. */
static bool page_add(struct pages *p)
{
    if (p->count == p->room) {
        uint32_t room = p->room > 0 ? p->room * 2 : FIRST_PAGES;
        struct page **page = realloc(p->page, room * sizeof(struct page *));
        if (page == NULL)
            return false;
        p->page = page;
        p->room = room;
    }
    if (p->count == PAGES_MOST || !held_take(p->share, PAGE_ROOM))
        return false;
    struct page *page = malloc(sizeof(*page));
    if (page == NULL) {
        held_give(p->share, PAGE_ROOM);
        return false;
    }
    page->len = 0;
    p->page[p->count++] = page;
    return true;
}

uint8_t *pages_room(struct pages *p, size_t len)
{
    struct page *last = p->count > 0 ? p->page[p->count - 1] : NULL;

    if (last == NULL || last->len + len > PAGE_ROOM) {
        if (len > PAGE_ROOM || !page_add(p))
            return NULL;
        last = p->page[p->count - 1];
    }
    return last->bytes + last->len;
}

void pages_took(struct pages *p, size_t len)
{
    p->page[p->count - 1]->len += (uint32_t)len;
}

uint32_t pages_place(const struct pages *p)
{
    return p->count == 0
               ? 0
               : (p->count - 1) << PLACE_BITS | p->page[p->count - 1]->len;
}

struct span pages_at(const struct pages *p, uint32_t place)
{
    struct span page = pages_page(p, place >> PLACE_BITS);

    return span_skip(page, place & (PAGE_ROOM - 1));
}

struct span pages_page(const struct pages *p, uint32_t i)
{
    if (i >= p->count || p->page[i] == NULL)
        return (struct span){0};
    return (struct span){p->page[i]->bytes, p->page[i]->len};
}

void pages_drop(struct pages *p, uint32_t i)
{
    if (i >= p->count || p->page[i] == NULL)
        return;
    free(p->page[i]);
    p->page[i] = NULL;
    held_give(p->share, PAGE_ROOM);
}

void pages_clear(struct pages *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        pages_drop(p, i);
    free(p->page);
    pages_init(p, p->share);
}
