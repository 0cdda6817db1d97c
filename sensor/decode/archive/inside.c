// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * inside.c - find the zip that does not stand at the beginning of a file.
 *
 * In:   a part that begins as no text and no format we know: a program or
 * script that unpacks itself, a picture with an archive behind it, a later
 * volume of a split zip, an upload whose beginning was lost. Out:  the same
 * bytes as the same part; from the first header of an entry on, they are a part
 * that is opened as a zip. Not:  finds no other archive: their marks are too
 * short to be certain. Spec: zip_head.h tells what a header is.
 */
#include "decode/archive/zip_head.h"
#include "outflow/decoder.h"
#include "outflow/limits.h"

enum { SEEN = 32 }; /* bytes that tell text from no text */

struct inside {
    bool open;  /* a part is */
    bool found; /* it is the zip */
};

static bool is_control(uint8_t byte)
{
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' &&
           byte != 0x1b && byte != '\f';
}

static enum match inside_probe(struct span head, const struct hint *hint)
{
    size_t at = 0;

    if (hint->part->coding.len > 0)
        return MATCH_NO;
    if (span_starts(head, SPAN("#!")) || span_starts(head, SPAN("@echo")))
        return MATCH_YES;
    while (at < SEEN && at < head.len && !is_control(head.ptr[at]))
        at++;
    if (at < SEEN && at < head.len)
        return MATCH_YES;
    return at < SEEN && !hint->ended ? MATCH_MORE : MATCH_NO;
}

/* Place of the first header of an entry, or of what may be one's beginning. */
static size_t header_seek(struct span bytes, bool *found)
{
    struct zip_head head;
    size_t at = 0;

    *found = false;
    while (at < bytes.len) {
        at += span_find(span_skip(bytes, at), 'P');
        if (at + 1 < bytes.len && bytes.ptr[at + 1] != 'K') {
            at++;
            continue;
        }
        enum zip_record record = zip_head_read(span_skip(bytes, at), &head);
        *found = record == ZIP_LOCAL;
        if (*found || (record == ZIP_PART && at < bytes.len))
            return at;
        at++;
    }
    return bytes.len;
}

static bool put(struct inside *i, struct span bytes, struct sink *out)
{
    const struct part_info same = {.step = {NULL, 0}};

    if (bytes.len == 0)
        return true;
    if (!i->open && !out->ops->part_open(out->ctx, &same))
        return false;
    i->open = true;
    return out->ops->put(out->ctx, bytes);
}

static struct progress inside_feed(void *state, enum dir dir, struct span bytes,
                                   struct sink *out)
{
    struct inside *i = state;
    bool found, fine;

    (void)dir;
    if (i->found) {
        fine = put(i, bytes, out);
        return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED,
                                 bytes.len};
    }
    size_t at = header_seek(bytes, &found);
    fine = put(i, span_head(bytes, at), out);
    if (fine && found && i->open)
        fine = out->ops->part_close(out->ctx, PART_WHOLE);
    if (found) {
        i->found = true;
        i->open = false;
        fine = fine && put(i, span_skip(bytes, at), out);
        at = bytes.len;
    }
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, at};
}

static struct progress inside_gap(void *state, enum dir dir, uint64_t len,
                                  struct sink *out)
{
    struct inside *i = state;
    bool fine = !i->open || out->ops->gap(out->ctx, len);

    (void)dir;
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status inside_end(void *state, enum dir dir,
                                     struct span rest, struct sink *out)
{
    struct inside *i = state;

    (void)dir;
    return put(i, rest, out) ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_inside = {
    .name = "inside",
    .state_size = sizeof(struct inside),
    .through = true,
    .probe = inside_probe,
    .feed = inside_feed,
    .gap = inside_gap,
    .end = inside_end,
};
