// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * page.h - characters at places of a page, to lines of cells.
 *
 * A page knows no table: there are characters, and where they stand. Lines
 * are made of what stands side by side, cells of what a wider gap sets
 * apart, columns of what stands under one another; a cell that was wrapped
 * becomes one again, and an empty one stays empty. Cells are set off by
 * tabs, lines by line feeds.
 *
 * It must not know any format of files.
 */
#ifndef HELPER_PAGE_H
#define HELPER_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A character: y grows downward, unit is any. Blanks are not added. */
struct glyph {
    double x0, y0, x1, y1;
    uint32_t code; /* Unicode */
    bool blank;    /* a blank or line end stood before it */
};

struct page;

struct page *page_new(void);
void page_free(struct page *p);

/* Add a character, in the order of reading; false: no memory. */
bool page_add(struct page *p, const struct glyph *g);

/* Write all lines, in UTF-8; false: no memory. */
bool page_write(struct page *p, void (*put)(void *ctx, const char *, size_t),
                void *ctx);

#endif
