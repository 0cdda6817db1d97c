// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * yenc.c - files between "=ybegin" and "=yend" in text.
 *
 * In:   a part that begins with such a line.
 * Out:  a part for each file, named; a file in several parts that follow one
 *       another is one. The text around them as parts, too.
 * Not:  checks no size and no checksum. A dot that a news server doubled is
 *       known by the length of its line.
 * Spec: yEnc 1.3 (Juergen Helbing, 2002); RFC 3977 3.1.1.
 *
 *     =ybegin part=1 total=2 line=128 size=123456 name=q3.zip
 *     =ypart begin=1 end=61440
 *     each byte plus 42; "=" and plus 64 more for NUL, LF, CR and "="
 *     =yend size=61440 part=1 pcrc32=...
 */
#include "decode/params.h"
#include "outflow/decoder.h"
#include "outflow/limits.h"

enum {
    LINE_MOST = 2 << 10, /* a longer line is undone in pieces */
    SHIFT = 42,
    ESCAPED = 64,
};

enum stage {
    STAGE_LOOSE = 0, /* text around files */
    STAGE_FILE,
};

struct yenc {
    uint8_t stage;  /* enum stage */
    bool file;      /* the part of a file is open */
    bool text;      /* a part of text is open, perhaps aside of it */
    bool inside;    /* inside a line that is too long */
    bool escape;    /* the last byte was "=" */
    uint32_t width; /* of whole lines */
    uint32_t part;  /* number of the newest; 0: the file is in one */
    uint32_t total; /* of them; 0: not said */
    uint32_t name;  /* a sum of its name */
};

/* The number behind " word=", or 0. */
static uint32_t number_of(struct span line, struct span word)
{
    struct span rest = span_skip(line, span_find_run(line, word) + word.len);
    uint32_t value = 0;

    for (size_t i = 0; i < rest.len && i < 9; i++) {
        if (rest.ptr[i] < '0' || rest.ptr[i] > '9')
            break;
        value = value * 10 + (uint32_t)(rest.ptr[i] - '0');
    }
    return value;
}

static struct span name_of(struct span line)
{
    struct span word = SPAN(" name=");

    return span_trim(span_skip(line, span_find_run(line, word) + word.len));
}

static bool begin_line(struct span line)
{
    return span_starts(line, SPAN("=ybegin ")) &&
           span_find_run(line, SPAN(" name=")) < line.len &&
           number_of(line, SPAN(" line=")) > 0;
}

static enum match yenc_probe(struct span head, const struct hint *hint)
{
    size_t end = span_find(head, '\n');

    if (hint->part->coding.len > 0)
        return MATCH_YES;
    if (!span_starts(head, span_head(SPAN("=ybegin "), head.len)))
        return MATCH_NO;
    if (end == head.len && head.len < LIMIT_PROBE)
        return hint->ended ? MATCH_NO : MATCH_MORE;
    return begin_line(span_head(head, end)) ? MATCH_YES : MATCH_NO;
}

/* --- parts --- */

static bool text_close(struct yenc *y, struct sink *out)
{
    bool open = y->text;

    y->text = false;
    return !open || out->ops->part_close(out->ctx, PART_WHOLE);
}

static bool file_close(struct yenc *y, struct sink *out)
{
    bool open = y->file;

    y->file = false;
    return text_close(y, out) &&
           (!open || out->ops->part_close(out->ctx, PART_WHOLE));
}

/* Text between files; beside one that may go on. */
static bool text_put(struct yenc *y, struct span line, struct sink *out)
{
    const struct part_info loose = {.step = SPAN("text"), .aside = y->file};

    if (!y->text && span_trim(line).len == 0)
        return true;
    if (!y->text && !out->ops->part_open(out->ctx, &loose))
        return false;
    y->text = true;
    return out->ops->put(out->ctx, line);
}

static bool file_begin(struct yenc *y, struct span line, struct sink *out)
{
    struct part_info info = {.step = name_of(line), .name = name_of(line)};
    uint32_t part = number_of(line, SPAN(" part=")), name = 0;

    for (size_t i = 0; i < info.name.len; i++)
        name = name * 31 + info.name.ptr[i];
    bool goes_on =
        y->file && part > 1 && part == y->part + 1 && name == y->name;
    y->stage = STAGE_FILE;
    y->width = number_of(line, SPAN(" line="));
    y->part = part;
    y->total = number_of(line, SPAN(" total="));
    y->name = name;
    y->escape = false;
    if (goes_on)
        return text_close(y, out);
    if (!file_close(y, out))
        return false;
    y->file = true;
    return out->ops->part_open(out->ctx, &info);
}

/* --- lines --- */

static bool put_coded(struct yenc *y, struct span line, struct sink *out)
{
    uint8_t room[LINE_MOST];
    size_t made = 0;

    for (size_t i = 0; i < line.len && made < sizeof(room); i++) {
        uint8_t byte = line.ptr[i];
        if (byte == '\r' || byte == '\n')
            continue;
        if (byte == '=' && !y->escape) {
            y->escape = true;
            continue;
        }
        room[made++] = (uint8_t)(byte - SHIFT - (y->escape ? ESCAPED : 0));
        y->escape = false;
    }
    return made == 0 || out->ops->put(out->ctx, (struct span){room, made});
}

/* The line without the dot that a news server put in front of a dot. */
static struct span undotted(const struct yenc *y, struct span line)
{
    struct span coded = line;

    while (
        coded.len > 0 && coded.ptr[coded.len - 1] <= '\r' &&
        (coded.ptr[coded.len - 1] == '\n' || coded.ptr[coded.len - 1] == '\r'))
        coded.len--;
    if (!span_starts(coded, SPAN("..")))
        return line;
    bool pair = coded.len > 1 && coded.ptr[coded.len - 2] == '=';
    return coded.len > y->width + pair ? span_skip(line, 1) : line;
}

/* One line with its end. */
static bool take_line(struct yenc *y, struct span line, struct sink *out)
{
    if (begin_line(line))
        return file_begin(y, line, out);
    if (y->stage == STAGE_LOOSE)
        return text_put(y, line, out);
    if (span_starts(line, SPAN("=yend "))) {
        y->stage = STAGE_LOOSE;
        return y->part < y->total || file_close(y, out);
    }
    if (span_starts(line, SPAN("=ypart ")))
        return true;
    return put_coded(y, undotted(y, line), out);
}

static struct progress run(struct yenc *y, struct span bytes, bool ended,
                           struct sink *out)
{
    struct span rest = bytes;
    bool fine = true;

    while (fine && rest.len > 0) {
        struct span seen = span_head(rest, LINE_MOST);
        size_t end = span_find(seen, '\n');
        bool whole = end < seen.len;
        if (!whole && seen.len < LINE_MOST && !ended)
            break;
        struct span line = span_head(seen, end + whole);
        if (!y->inside)
            fine = take_line(y, line, out);
        else if (y->stage == STAGE_FILE)
            fine = put_coded(y, line, out);
        else
            fine = text_put(y, line, out);
        y->inside = !whole;
        rest = span_skip(rest, line.len);
    }
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED,
                             bytes.len - rest.len};
}

static struct progress yenc_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    (void)dir;
    return run(state, bytes, false, out);
}

/* Bytes stand for themselves: the line goes on behind the hole. */
static struct progress yenc_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct yenc *y = state;
    bool open = y->file || y->text;

    (void)dir;
    y->inside = y->stage == STAGE_FILE;
    y->escape = false;
    if (open && !out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status yenc_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct yenc *y = state;
    struct progress p = run(y, rest, true, out);

    (void)dir;
    if (p.status != DECODE_MORE || !file_close(y, out))
        return DECODE_REFUSED;
    return DECODE_DONE;
}

const struct decoder decoder_yenc = {
    .name = "yenc",
    .state_size = sizeof(struct yenc),
    .coding = "yenc x-yenc",
    .recodes = true,
    .probe = yenc_probe,
    .feed = yenc_feed,
    .gap = yenc_gap,
    .end = yenc_end,
};
