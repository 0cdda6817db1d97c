// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pdf.c - the text of a PDF, by poppler: one part, its rows kept as rows.
 *
 * poppler tells each character and its rectangle; page.c makes lines of
 * them. A document that wants a password is told as encrypted; one that
 * only restricts its use is read. Names of fonts and maps of character
 * codes come from poppler-data, whose files are in memory (files.c) before
 * this process may open none.
 */
#include <stdlib.h>

#include <poppler.h>

#include "helper/job.h"
#include "helper/page.h"
#include "outflow/limits.h"

static void put(void *ctx, const char *text, size_t len)
{
    job_bytes(ctx, (struct span){(const uint8_t *)text, len});
}

/* What a document gave. */
struct given {
    int pages;     /* that could be opened */
    size_t glyphs; /* on all of them */
};

static bool is_blank(gunichar code)
{
    return code <= ' ' || code == 0xa0 || code == 0x3000 ||
           (code >= 0x2000 && code <= 0x200b);
}

/* The characters of a page; false: no memory. */
static bool take_page(PopplerPage *from, struct page *to, size_t *glyphs)
{
    PopplerRectangle *place = NULL;
    guint places = 0;
    bool blank = true, ok = true;
    char *text = poppler_page_get_text(from);

    if (!text || !poppler_page_get_text_layout(from, &place, &places)) {
        g_free(text);
        return true;
    }
    const char *at = text;
    for (guint i = 0; ok && i < places && *at; i++) {
        struct glyph g = {place[i].x1, place[i].y1,         place[i].x2,
                          place[i].y2, g_utf8_get_char(at), blank};
        blank = is_blank(g.code);
        if (!blank) {
            ok = page_add(to, &g);
            ++*glyphs;
        }
        at = g_utf8_next_char(at);
    }
    g_free(place);
    g_free(text);
    return ok;
}

static bool read_page(PopplerPage *p, struct page *page, struct job *j,
                      struct given *given)
{
    bool ok = true;

    if (p) {
        given->pages++;
        ok = take_page(p, page, &given->glyphs) && page_write(page, put, j);
        g_object_unref(p);
    }
    return ok;
}

/* Bytes that were captured. */
static uint64_t known(const struct job *j)
{
    uint64_t bytes = j->object.len;

    for (size_t i = 0; i < j->hole_count; i++)
        bytes -= j->holes[i].len;
    return bytes;
}

void pdf_read_job(struct job *j)
{
    GBytes *bytes = g_bytes_new_static(j->object.ptr, j->object.len);
    GError *error = NULL;
    PopplerDocument *d = poppler_document_new_from_bytes(bytes, NULL, &error);

    if (!d) {
        bool sealed = error && error->code == POPPLER_ERROR_ENCRYPTED;
        job_unread(j, sealed ? WHY_ENCRYPTED : WHY_DAMAGED, known(j));
        return;
    }
    struct page *page = page_new();
    int pages = poppler_document_get_n_pages(d);
    int read = 0;
    struct given given = {0};
    job_open(j, (struct span){0});
    while (page && read < pages && read < LIMIT_HELPER_PARTS &&
           read_page(poppler_document_get_page(d, read), page, j, &given))
        read++;
    uint64_t seen = pages > 0 ? j->object.len / (uint64_t)pages * (uint64_t)read
                              : j->object.len;
    job_close(j, read == pages && j->hole_count == 0, seen);
    if (given.pages == 0)
        job_unread(j, WHY_DAMAGED, known(j));
    else if (given.glyphs == 0) /* pictures of pages, at best */
        job_unread(j, WHY_UNSUPPORTED, known(j));
    else if (read < pages)
        job_unread(j, WHY_LIMIT, known(j) > seen ? known(j) - seen : 0);
}

/* What poppler does once: look for its data, fill its tables. */
void pdf_prepare(void)
{
    static const char least[] =
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        "/Resources<</Font<</F<</Type/Font/Subtype/Type1"
        "/BaseFont/Helvetica>>>>>>>>endobj\n"
        "4 0 obj<</Length 24>>stream\nBT /F 9 Tf (x) Tj ET    \n"
        "endstream endobj\ntrailer<</Root 1 0 R>>\n";
    GBytes *bytes = g_bytes_new_static(least, sizeof(least) - 1);
    PopplerDocument *d = poppler_document_new_from_bytes(bytes, NULL, NULL);
    PopplerPage *p = d ? poppler_document_get_page(d, 0) : NULL;

    if (p)
        g_free(poppler_page_get_text(p));
    /* d stays: what it looked up would be forgotten with it */
}
