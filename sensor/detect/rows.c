// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rows.c - one text part: its window of bytes and the reader at work.
 *
 * Bytes are copied into the window once; readers look at whole tokens, lines
 * and objects there and never at what a packet happened to bring. What no
 * reader can need any more slides out, so the window stays small: nothing
 * grows with the part.
 *
 * It must not know formats.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/gather.h"
#include "detect/labels.h"
#include "detect/readers.h"
#include "detect/series.h"
#include "detect/table.h"
#include "util/unicode.h"

enum {
    PIECE = 16 << 10, /* bytes taken into the window at once */
    ROOM_STEP = 256,
    SMALL = 4 << 10,  /* windows that double; larger ones move seldom */
    REST_FIRST = 8,   /* lines that weak signs wait after a failure */
    REST_MOST = 4096, /* and after many */
    SURE_CP932 = 8,   /* rows after which UTF-8 is not tried any more */
};

/* What the first signs will tell better, if they come. */
static enum text_kind kind_of_media(struct span media)
{
    if (span_find_run(media, SPAN("json")) < media.len)
        return TEXT_JSON;
    if (span_find_run(media, SPAN("html")) < media.len ||
        span_find_run(media, SPAN("xml")) < media.len)
        return TEXT_MARKUP;
    return TEXT_LINES;
}

struct rows *rows_open(struct detect *d, const struct part *part,
                       const struct record_sink *sink)
{
    struct rows *r = calloc(1, sizeof(*r));

    if (!r)
        return NULL;
    r->detect = d;
    r->sink = *sink;
    r->overlap = r->lost = part->overlap;
    r->wary = part->overlap;
    r->kind = (uint8_t)kind_of_media(part->media);
    r->declared = span_eq_nocase(part->charset, SPAN("shift_jis")) ||
                  span_eq_nocase(part->charset, SPAN("windows-31j")) ||
                  span_eq_nocase(part->charset, SPAN("cp932"));
    return r;
}

struct span rows_span(const struct rows *r, uint32_t from, uint32_t to)
{
    struct span window = {r->bytes, r->len};

    return span_slice(window, from, to);
}

struct span rows_ahead(const struct rows *r, uint32_t from, bool *last)
{
    uint32_t left = r->len - from;
    uint32_t end = left < LIMIT_ROW ? r->len : from + LIMIT_ROW;

    *last = (r->ended || (r->last && !r->overlap)) && end == r->len;
    return rows_span(r, from, end);
}

const struct moment *rows_moment(const struct rows *r, uint32_t end)
{
    const struct moment *held = sample_moment(r, end);

    if (held)
        return held;
    return end <= r->fresh || !r->now ? &r->before : r->now;
}

void rows_give(struct rows *r, const struct record *record)
{
    if (r->refused)
        return;
    if (r->detect->counters)
        r->detect->counters->records++;
    r->refused = !r->sink.put(r->sink.ctx, record);
}

void rows_unread(struct rows *r, uint64_t len)
{
    if (r->detect->counters)
        r->detect->counters->unread_inside += len;
}

bool rows_put(struct rows *r, const struct field *fields, size_t count,
              const struct moment *seen)
{
    struct record record;

    if (count == 0 ||
        !customer_record(r->detect->key, fields,
                         count < FIELDS_MAX ? count : FIELDS_MAX, &record))
        return false;
    /* among cut rows a name may be cut, too: it needs a number beside it */
    if (r->overlap && record.name.kind >= NAME_BIRTH)
        return false;
    record.first = record.last = *seen;
    rows_give(r, &record);
    return true;
}

/*
 * Each row for itself: UTF-8 when it can be that, else CP932. A row that can
 * be both is what more of the earlier rows were.
 */
struct span rows_utf8(struct rows *r, struct span raw)
{
    struct buf *out = &r->detect->text;
    bool sure = r->jp >= SURE_CP932 && r->utf == 0;

    if (unicode_ascii(raw))
        return raw;
    if (!sure && unicode_utf8_valid(raw)) {
        r->utf = (uint16_t)(r->utf + (r->utf < UINT16_MAX && r->jp == 0));
        if (r->jp <= r->utf)
            return raw;
    } else if (!sure && unicode_cp932_bad(raw) > 0 && !r->declared &&
               r->jp <= r->utf) {
        return raw;
    }
    r->jp = (uint16_t)(r->jp + (r->jp < UINT16_MAX));
    buf_reset(out);
    return unicode_from_cp932(raw, out, NULL) ? buf_span(out) : raw;
}

void rows_passed(struct rows *r, uint32_t lines)
{
    r->rest = (uint16_t)(r->rest > lines ? r->rest - lines : 0);
    r->rest_words =
        (uint16_t)(r->rest_words > lines ? r->rest_words - lines : 0);
}

uint16_t rows_rest(uint8_t *failed, uint32_t lines)
{
    uint32_t rest = (uint32_t)REST_FIRST << (*failed < 9 ? *failed : 9);

    *failed = (uint8_t)(*failed + (*failed < 100));
    return (uint16_t)(lines + (rest < REST_MOST ? rest : REST_MOST));
}

void rows_seek(struct rows *r, uint32_t at)
{
    r->row = r->at = at;
    r->lines = (uint8_t)(r->lines + (r->lines < UINT8_MAX));
    rows_passed(r, 1);
    r->card = r->spaced = false;
    r->reading = READ_SEEK;
}

/* First byte that a reader may still need. */
static uint32_t needed(const struct rows *r)
{
    uint32_t reach = seek_reach(r);

    if (r->reading == READ_OBJECT || r->reading == READ_PAIRS ||
        r->reading == READ_SERIES)
        return r->hold < reach ? r->hold : reach;
    return reach < r->at ? reach : r->at;
}

static uint32_t less(uint32_t place, uint32_t by)
{
    return place > by ? place - by : 0;
}

static void slide(struct rows *r, uint32_t by)
{
    if (by == 0)
        return;
    memmove(r->bytes, r->bytes + by, r->len - by);
    r->len -= by;
    r->fresh = less(r->fresh, by);
    r->row = less(r->row, by);
    r->at = less(r->at, by);
    r->hold = less(r->hold, by);
    r->inner = less(r->inner, by);
    r->behind = less(r->behind, by);
    r->judged = less(r->judged, by);
    r->settled = less(r->settled, by);
    r->paired = less(r->paired, by);
    sample_move(r, by);
}

static bool make_room(struct rows *r, uint32_t more)
{
    uint32_t want = r->len + more + SCAN_BLOCK;

    if (want <= r->room)
        return true;
    slide(r, needed(r));
    want = r->len + more + SCAN_BLOCK;
    if (want <= r->room)
        return true;
    if (r->room > 0) /* not again for the next packet */
        want += want < SMALL ? want : PIECE;
    want = (want + ROOM_STEP - 1) / ROOM_STEP * ROOM_STEP;
    uint8_t *bytes = realloc(r->bytes, want);
    if (!bytes)
        return false;
    r->bytes = bytes;
    r->room = want;
    return true;
}

static bool read_once(struct rows *r)
{
    switch ((enum reading)r->reading) {
    case READ_START:
        return start_read(r);
    case READ_SEEK:
        return seek_read(r);
    case READ_SAMPLE:
        return sample_read(r);
    case READ_TABLE:
        return table_read(r);
    case READ_PAIRS:
        return pairs_read(r);
    case READ_OBJECT:
        return object_read(r);
    case READ_PAGE:
        return page_read(r);
    case READ_SQL:
        return sql_read(r);
    case READ_SERIES:
        return series_read(r);
    case READ_SKIP:
        return skip_read(r);
    }
    return false;
}

static void read_on(struct rows *r)
{
    while (!r->refused && read_once(r))
        continue;
}

/* Of a dump's line, also up to the next tuple: "),(" with blanks. */
static bool drops_tuple(struct rows *r, uint8_t c)
{
    if (r->depth == 2 && c == '(') {
        r->inside = true;
        return true;
    }
    if (r->depth == 1 && c == ',')
        r->depth = 2;
    else if (r->depth < 2 || (c != '\n' && c != '\r' && c != ' '))
        r->depth = c == ')';
    return false;
}

/* Drop what is left of a lost row; gives what stands behind it. */
static struct span drop_lost(struct rows *r, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.ptr[i];
        bool dump = r->reading == READ_SQL;
        if (dump && drops_tuple(r, c)) {
            r->lost = false;
            return span_skip(bytes, i);
        }
        if ((c == '\n' || c == '\r') && !(dump && r->depth == 2)) {
            r->lost = false;
            return span_skip(bytes, i + 1);
        }
    }
    return span_skip(bytes, bytes.len);
}

void rows_feed(struct rows *r, struct span bytes, const struct moment *seen)
{
    r->now = seen;
    r->fresh = r->len;
    while (bytes.len > 0 && !r->refused) {
        if (r->lost)
            bytes = drop_lost(r, bytes);
        struct span piece = span_head(bytes, PIECE);
        bytes = span_skip(bytes, piece.len);
        if (piece.len == 0)
            break;
        if (!make_room(r, (uint32_t)piece.len)) {
            rows_unread(r, piece.len);
            r->now = NULL;
            rows_gap(r, piece.len);
            r->now = seen;
            continue;
        }
        memcpy(r->bytes + r->len, piece.ptr, piece.len);
        r->len += (uint32_t)piece.len;
        /* The scan looks at whole blocks; what is behind has to be known. */
        memset(r->bytes + r->len, 0, SCAN_BLOCK);
        read_on(r);
    }
    if (r->sample && r->reading != READ_SAMPLE && r->row >= r->settled &&
        sample_moment(r, r->row + 1) == NULL)
        sample_free(r);
    r->before = *seen;
    r->now = NULL;
}

void rows_gap(struct rows *r, uint64_t len)
{
    if (len == 0 || r->refused)
        return;
    if (r->len > 0 && r->bytes[r->len - 1] == '\r') {
        r->ended = true; /* the row in front of the hole is whole */
        read_on(r);
        r->ended = false;
    }
    if (r->reading != READ_SERIES)
        page_drop(r);
    if (r->labels)
        labels_drop(r);
    gather_drop(r);
    if (r->kind == TEXT_LINES) {
        r->len = r->reading == READ_SAMPLE ? r->at : r->row;
        r->at = r->len;
        r->lost = r->wary = true;
        if (r->reading == READ_SQL) {
            r->inside = 0;
            r->depth = 0;
        } else if (r->reading != READ_SAMPLE && r->reading != READ_TABLE &&
                   r->reading != READ_PAIRS) {
            r->reading = READ_SEEK;
        }
    } else {
        if (!series_gap(r))
            r->reading = READ_SEEK;
        r->at = r->settled = r->paired = r->row = r->len;
    }
    r->card = false;
    r->judged = 0;
}

void rows_close(struct rows *r)
{
    r->last = true;
    r->fresh = r->len;
    read_on(r);
    if (r->labels)
        labels_flush(r);
    gather_flush(r);
    gather_free(r);
    waiting_settle(r, true);
    waiting_free(r);
    waiting_list_free(r);
    sample_free(r);
    labels_free(r);
    if (r->reading == READ_SERIES)
        series_free(r);
    page_free(r);
    free(r->table);
    free(r->bytes);
    free(r);
}
