// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * uuencode.c - files between "begin" and "end" in plain text.
 *
 * In:   a part that declares it, or that begins with such a line.
 * Out:  a part for each file, named; the text around them as parts, too.
 * Not:  checks no length against the line: what is missing at its end are
 *       blanks that a mail server took off.
 * Spec: POSIX uuencode (both algorithms).
 *
 *     begin 644 name LF
 *     length, then groups of four: six bits in each, from ' ' on
 *     ` LF
 *     end LF
 */
#include "decode/format/uuencode.h"

#include "decode/params.h"
#include "outflow/decoder.h"
#include "outflow/limits.h"

enum {
    LINE_MOST = 1 << 10, /* a longer line is none of a file */
    SIX = 0x3f,
};

enum stage {
    STAGE_LOOSE = 0, /* text around files */
    STAGE_FILE,
    STAGE_BASE64,
};

struct uuencode {
    uint8_t stage; /* enum stage */
    bool part;     /* a part is open */
    bool inside;   /* inside a line that is too long */
};

/* The name behind "begin MODE ", if it is such a line. */
static bool begin_line(struct span line, struct span *name, bool *base64)
{
    struct span rest = line, word, mode;

    if (!span_cut(&rest, ' ', &word) || !span_cut(&rest, ' ', &mode))
        return false;
    *base64 = span_eq(word, SPAN("begin-base64"));
    if ((!*base64 && !span_eq(word, SPAN("begin"))) || mode.len < 3 ||
        mode.len > 4)
        return false;
    for (size_t i = 0; i < mode.len; i++)
        if (mode.ptr[i] < '0' || mode.ptr[i] > '7')
            return false;
    *name = span_trim(rest);
    return name->len > 0;
}

bool uuencode_begins(struct span line)
{
    struct span name;
    bool base64;

    return begin_line(line, &name, &base64);
}

static enum match uuencode_probe(struct span head, const struct hint *hint)
{
    size_t end = span_find(head, '\n');

    if (hint->part->coding.len > 0)
        return MATCH_YES;
    if (!span_starts(head, span_head(SPAN("begin"), head.len)))
        return MATCH_NO;
    if (end == head.len)
        return hint->ended ? MATCH_NO : MATCH_MORE;
    return uuencode_begins(span_head(head, end)) ? MATCH_YES : MATCH_NO;
}

/* --- lines --- */

static bool part_close(struct uuencode *u, struct sink *out)
{
    bool open = u->part;

    u->part = false;
    return !open || out->ops->part_close(out->ctx, PART_WHOLE);
}

static bool part_open(struct uuencode *u, const struct part_info *info,
                      struct sink *out)
{
    bool fine = part_close(u, out) && out->ops->part_open(out->ctx, info);

    u->part = true;
    return fine;
}

static bool put(struct uuencode *u, struct span bytes, struct sink *out)
{
    static const struct part_info loose = {.step = SPAN_INIT("text")};

    if (!u->part && span_trim(bytes).len == 0)
        return true;
    if (!u->part && !part_open(u, &loose, out))
        return false;
    return bytes.len == 0 || out->ops->put(out->ctx, bytes);
}

static bool file_begin(struct uuencode *u, struct span name, bool base64,
                       struct sink *out)
{
    struct part_info info = {.step = name, .name = name};

    if (base64)
        info.coding = SPAN("base64");
    u->stage = base64 ? STAGE_BASE64 : STAGE_FILE;
    return part_open(u, &info, out);
}

static bool file_end(struct uuencode *u, struct sink *out)
{
    u->stage = STAGE_LOOSE;
    return part_close(u, out);
}

/* The six bits of a letter; blanks at the end of a line may be gone. */
static uint32_t six_at(struct span line, size_t at)
{
    return at < line.len ? (uint32_t)(line.ptr[at] - ' ') & SIX : 0;
}

static bool is_coded(struct span line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] < ' ' || line.ptr[i] > '`')
            return false;
    size_t len = six_at(line, 0);
    return line.len > 0 && line.len <= (len + 2) / 3 * 4 + 2;
}

static bool put_coded(struct uuencode *u, struct span line, struct sink *out)
{
    uint8_t room[SIX + 3];
    size_t len = six_at(line, 0), made = 0;

    for (size_t at = 1; made < len; at += 4) {
        uint32_t group = six_at(line, at) << 18 | six_at(line, at + 1) << 12 |
                         six_at(line, at + 2) << 6 | six_at(line, at + 3);
        room[made++] = (uint8_t)(group >> 16);
        room[made++] = (uint8_t)(group >> 8);
        room[made++] = (uint8_t)group;
    }
    return put(u, (struct span){room, len}, out);
}

/* One line with its end. */
static bool take_line(struct uuencode *u, struct span whole, struct sink *out)
{
    struct span line = whole, name;
    bool base64;

    while (line.len > 0 &&
           (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
        line.len--;
    if (u->stage == STAGE_BASE64 && span_eq(line, SPAN("====")))
        return file_end(u, out);
    if (u->stage == STAGE_FILE && span_eq(span_trim(line), SPAN("end")))
        return file_end(u, out);
    if (begin_line(line, &name, &base64))
        return file_begin(u, name, base64, out);
    if (u->stage == STAGE_FILE && is_coded(line))
        return put_coded(u, line, out);
    if (u->stage == STAGE_FILE && !file_end(u, out)) /* no line of a file */
        return false;
    return put(u, whole, out);
}

static struct progress uuencode_feed(void *state, enum dir dir,
                                     struct span bytes, struct sink *out)
{
    struct uuencode *u = state;
    struct span rest = bytes;
    bool fine = true;

    (void)dir;
    while (fine && rest.len > 0) {
        struct span seen = span_head(rest, LINE_MOST);
        size_t end = span_find(seen, '\n');
        bool whole = end < seen.len;
        if (!whole && seen.len < LINE_MOST && !u->inside)
            break;
        struct span line = span_head(seen, end + whole);
        if (u->inside || !whole)
            fine = put(u, line, out);
        else
            fine = take_line(u, line, out);
        u->inside = !whole;
        rest = span_skip(rest, line.len);
    }
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED,
                             bytes.len - rest.len};
}

/* The line around the hole is no line of a file. */
static struct progress uuencode_gap(void *state, enum dir dir, uint64_t len,
                                    struct sink *out)
{
    struct uuencode *u = state;
    bool fine = !u->part || out->ops->gap(out->ctx, len);

    (void)dir;
    u->inside = u->stage == STAGE_FILE;
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status uuencode_end(void *state, enum dir dir,
                                       struct span rest, struct sink *out)
{
    struct uuencode *u = state;
    bool fine = rest.len == 0 || take_line(u, rest, out);

    (void)dir;
    fine = fine && part_close(u, out);
    return fine ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_uuencode = {
    .name = "uuencode",
    .state_size = sizeof(struct uuencode),
    .coding = "uuencode x-uuencode uue x-uue",
    .recodes = true,
    .probe = uuencode_probe,
    .feed = uuencode_feed,
    .gap = uuencode_gap,
    .end = uuencode_end,
};
