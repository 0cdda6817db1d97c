// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ar.c - open an ar, and so a Debian package: each file is a part.
 *
 * In:   a part that begins "!<arch>\n".
 * Out:  a part for each file, named, long names of GNU and BSD included;
 *       bytes that no header tells of as a part "rest".
 * Not:  opens no thin archive: it holds no data.
 * Spec: ar(5); deb(5).
 *
 *     name[16] time[12] uid[6] gid[6] mode[8] size[10] "`\n" data pad
 */
#include <string.h>

#include "decode/archive/member.h"
#include "outflow/decoder.h"
#include "outflow/reader.h"

enum {
    HEAD_LEN = 60,
    MARK_AT = 58,
    NAMES_MAX = 4 << 10, /* of GNU's table of long names */
    NAME_MAX_LEN = 1024, /* of BSD's, which stands before the data */
};

enum stage {
    STAGE_MAGIC = 0,
    STAGE_MEMBERS,
    STAGE_NAMES, /* in the table of long names */
};

struct ar {
    struct member member;
    uint64_t names_left; /* of the table */
    uint8_t stage;       /* enum stage */
    uint16_t names_len;
    char names[NAMES_MAX];
};

struct header {
    struct span name;
    uint64_t size;
    uint64_t inside; /* BSD: bytes of the name in front of the data */
};

static enum match ar_probe(struct span head, const struct hint *hint)
{
    struct span magic = SPAN("!<arch>\n");
    bool begins = span_starts(head, span_head(magic, head.len));

    if (!begins)
        return MATCH_NO;
    if (head.len >= magic.len)
        return MATCH_YES;
    return hint->ended ? MATCH_NO : MATCH_MORE;
}

static bool header_read(struct span bytes, struct header *h)
{
    struct reader r = reader_over(bytes);

    *h = (struct header){0};
    h->name = span_trim(reader_take(&r, 16));
    reader_skip(&r, 32);
    struct span size = reader_take(&r, 10);
    bool marked = span_eq(reader_take(&r, 2), SPAN("`\n"));
    if (!marked || !member_number(size, 10, &h->size))
        return false;
    if (!span_starts(h->name, SPAN("#1/")))
        return true;
    return span_number(span_skip(h->name, 3), &h->inside) && h->inside > 0 &&
           h->inside <= h->size && h->inside <= NAME_MAX_LEN;
}

/* "/12": the name at that place of the table, up to "/\n". */
static struct span long_name(const struct ar *a, struct span name)
{
    struct span table = {(const uint8_t *)a->names, a->names_len};
    uint64_t at;

    if (!span_number(span_skip(name, 1), &at) || at >= table.len)
        return name;
    struct span line = span_skip(table, (size_t)at);
    line = span_head(line, span_find(line, '\n'));
    if (line.len > 0 && line.ptr[line.len - 1] == '/')
        line.len--;
    return line;
}

static struct span name_of(const struct ar *a, struct span name)
{
    if (span_starts(name, SPAN("/")) && name.len > 1)
        return long_name(a, name);
    if (name.len > 1 && name.ptr[name.len - 1] == '/')
        name.len--;
    return name;
}

/* Place of the first header, or of the first byte that may be in one. */
static size_t header_seek(struct span bytes, bool *found)
{
    struct header h;
    size_t mark = MARK_AT;

    while (mark < bytes.len) {
        mark += span_find_run(span_skip(bytes, mark), SPAN("`\n"));
        *found = mark < bytes.len &&
                 header_read(span_skip(bytes, mark - MARK_AT), &h);
        if (*found)
            return mark - MARK_AT;
        mark++;
    }
    *found = false;
    return bytes.len < HEAD_LEN ? 0 : bytes.len - HEAD_LEN + 1;
}

/* Begin what the header tells; false: more bytes, or refused. */
static bool member_take(struct ar *a, struct span *rest, bool *fine,
                        struct sink *out)
{
    struct header h;
    struct span name;

    (void)header_read(*rest, &h);
    name = name_of(a, h.name);
    if (h.inside > 0) {
        if (rest->len < HEAD_LEN + h.inside)
            return false;
        name = member_word(
            span_slice(*rest, HEAD_LEN, HEAD_LEN + (size_t)h.inside));
    }
    *fine = member_begin(&a->member, name, out);
    *rest = span_skip(*rest, HEAD_LEN + (size_t)h.inside);
    if (span_eq(h.name, SPAN("//"))) {
        a->stage = STAGE_NAMES;
        a->names_left = h.size;
        a->names_len = 0;
    } else {
        a->member.left = h.size - h.inside;
    }
    a->member.pass = h.size % 2;
    return *fine;
}

static bool step_members(struct ar *a, struct span *rest, struct sink *out)
{
    bool found, fine = true;

    if (member_going(&a->member))
        return member_feed(&a->member, rest, out);
    size_t at = header_seek(*rest, &found);
    if (at > 0) {
        struct span bytes = span_head(*rest, at);
        *rest = span_skip(*rest, at);
        return member_loose(&a->member, bytes, out);
    }
    if (found)
        (void)member_take(a, rest, &fine, out);
    return fine;
}

static void step_names(struct ar *a, struct span *rest)
{
    struct span bytes = span_head(*rest, a->names_left);
    struct span kept = span_head(bytes, NAMES_MAX - a->names_len);

    if (kept.len > 0)
        memcpy(a->names + a->names_len, kept.ptr, kept.len);
    a->names_len = (uint16_t)(a->names_len + kept.len);
    a->names_left -= bytes.len;
    *rest = span_skip(*rest, bytes.len);
    if (a->names_left == 0)
        a->stage = STAGE_MEMBERS;
}

static bool step(struct ar *a, struct span *rest, struct sink *out)
{
    struct span magic = SPAN("!<arch>\n");

    switch ((enum stage)a->stage) {
    case STAGE_MAGIC:
        if (rest->len < magic.len)
            return true;
        *rest = span_skip(*rest, magic.len);
        a->stage = STAGE_MEMBERS;
        return true;
    case STAGE_MEMBERS:
        return step_members(a, rest, out);
    case STAGE_NAMES:
        step_names(a, rest);
        return true;
    }
    return false;
}

static struct progress ar_feed(void *state, enum dir dir, struct span bytes,
                               struct sink *out)
{
    struct ar *a = state;
    struct span rest = bytes;
    uint8_t stage;
    size_t left;
    bool fine;

    (void)dir;
    do {
        left = rest.len;
        stage = a->stage;
        fine = step(a, &rest, out);
    } while (fine && (rest.len != left || a->stage != stage));
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED,
                             bytes.len - rest.len};
}

static struct progress ar_gap(void *state, enum dir dir, uint64_t len,
                              struct sink *out)
{
    struct ar *a = state;
    bool fine = member_hole(&a->member, len, out);

    (void)dir;
    a->stage = STAGE_MEMBERS;
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status ar_end(void *state, enum dir dir, struct span rest,
                                 struct sink *out)
{
    struct ar *a = state;

    (void)dir;
    return member_last(&a->member, rest, out);
}

const struct decoder decoder_ar = {
    .name = "ar",
    .state_size = sizeof(struct ar),
    .probe = ar_probe,
    .feed = ar_feed,
    .gap = ar_gap,
    .end = ar_end,
};
