// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * embed.c - files in base64 inside of text: members of JSON and XML, data:
 * URIs, armor, columns of CSV, lines in a letter.
 *
 * In:   text, whatever it is.
 * Out:  the text as one part; each file that stands in it in base64 as a part
 *       aside, while the text goes on behind it. The first digits of a file
 *       stay in the text.
 * Not:  takes no hashes, tokens, pictures or values of one field: what is
 *       taken begins as a format of the table does, or as a text of rows.
 * Spec: RFC 4648 4 and 5; escapes of JSON, XML and URIs in it.
 *
 * Nothing is looked at before 56 digits stand in a row, and to know that one
 * byte in many is looked at.
 */
#include <string.h>

#include "decode/format/base64.h"
#include "decode/format/embed_sign.h"
#include "decode/sealed/sealed.h"
#include "outflow/limits.h"

enum {
    TEXT = 32,       /* bytes that tell text */
    GATE = 56,       /* digits in a row; lines of Ruby's base64 have 60 */
    WINDOW = 16,     /* of them looked at, */
    STRIDE = 40,     /* so far apart */
    LOOK = 720,      /* bytes that tell: more than LIMIT_PROBE undone */
    PUT_ROOM = 4096, /* digits put at a time */
};

enum stage {
    STAGE_SEEK = 0,
    STAGE_LOOK, /* the gate was reached: what is it? */
    STAGE_TAKE, /* the part aside is open */
    STAGE_PASS, /* nothing of ours, to the end of the run */
};

struct embed {
    uint8_t run[GATE]; /* of the run being read; put already */
    uint8_t len;       /* of it */
    uint8_t before;    /* the byte in front of it; 0: none */
    uint8_t stage;     /* enum stage */
    bool any;          /* bytes were put */
    uint16_t width;    /* digits of a line; 0: the first one */
    uint32_t line;     /* digits of this line */
};

/* Digits, and what escapes one. */
static bool in_run(uint8_t byte)
{
    return base64_values[byte] < 64 || byte == '\\';
}

/* Digits stand in text; what has control bytes is none, nor UTF-16. */
static bool is_control(uint8_t byte)
{
    return byte < '\t' || (byte > '\r' && byte < ' ' && byte != 0x1b);
}

static enum match embed_probe(struct span head, const struct hint *hint)
{
    size_t at = 0;

    if (hint->part->coding.len > 0 || head.len == 0 ||
        span_eq(hint->part->step, SPAN("headers")))
        return MATCH_NO;
    while (at < TEXT && at < head.len && !is_control(head.ptr[at]))
        at++;
    if (at < TEXT && at < head.len)
        return MATCH_NO;
    return at < TEXT && !hint->ended ? MATCH_MORE : MATCH_YES;
}

/* --- where a run is long enough --- */

static bool text_put(struct embed *e, struct span bytes, struct sink *out)
{
    e->any = true;
    return bytes.len == 0 || out->ops->put(out->ctx, bytes);
}

/* The run goes on, or begins, with bytes. */
static void run_add(struct embed *e, struct span bytes)
{
    memcpy(e->run + e->len, bytes.ptr, bytes.len);
    e->len = (uint8_t)(e->len + bytes.len);
}

/* What ends bytes may be the beginning of a run: at most GATE - 1. */
static void run_keep(struct embed *e, struct span bytes, size_t from)
{
    size_t at = bytes.len;

    while (at > from && in_run(bytes.ptr[at - 1]))
        at--;
    e->len = 0;
    e->before = at > 0 ? bytes.ptr[at - 1] : 0;
    run_add(e, span_skip(bytes, at));
}

/* Is one of eight bytes below '+', as blanks and quotes are and no digit is? */
static bool any_below(const uint8_t *p)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t word;

    memcpy(&word, p, sizeof(word));
    uint64_t above = ((word & each * 0x7F) + each * (0x80 - '+')) | word;
    return (~above & each * 0x80) != 0;
}

/*
 * A run of GATE bytes covers one of any windows of WINDOW bytes that begin
 * STRIDE apart. Place of the first from here on that may be in a run.
 */
static size_t window_seek(struct span bytes, size_t from)
{
    while (from + WINDOW <= bytes.len &&
           (any_below(bytes.ptr + from) | any_below(bytes.ptr + from + 8)))
        from += STRIDE;
    return from;
}

/* Bytes up to the place where a run has GATE bytes; the run then has them. */
static size_t seek(struct embed *e, struct span bytes)
{
    size_t at = 0, end;
    size_t room = (size_t)GATE - e->len;

    while (at < bytes.len && at < room && in_run(bytes.ptr[at]))
        at++;
    if (at == bytes.len || at == room) {
        run_add(e, span_head(bytes, at));
        return at;
    }
    do { /* the byte at place at is in no run */
        size_t window = window_seek(bytes, at + 1);
        if (window + WINDOW > bytes.len)
            break;
        size_t front = window + WINDOW - 1;
        while (front > at && in_run(bytes.ptr[front]))
            front--;
        end = window + WINDOW;
        while (end < bytes.len && end - front <= GATE && in_run(bytes.ptr[end]))
            end++;
        if (end - front > GATE) {
            e->len = 0;
            e->before = bytes.ptr[front];
            run_add(e, span_slice(bytes, front + 1, front + 1 + GATE));
            return front + 1 + GATE;
        }
        at = end < bytes.len ? end : front;
    } while (end < bytes.len);
    run_keep(e, bytes, at + 1);
    return bytes.len;
}

static size_t stage_seek(struct embed *e, struct span bytes, struct sink *out,
                         enum decode_status *status)
{
    size_t len = seek(e, bytes);

    if (e->len == GATE)
        e->stage = STAGE_LOOK;
    if (!text_put(e, span_head(bytes, len), out))
        *status = DECODE_REFUSED;
    return len;
}

/* --- what is it? --- */

/* May a value stand behind this byte? 0: the beginning. */
static bool begins_value(uint8_t byte)
{
    static const char begins[] = " \t\r\n\"'`>,;:=(|";

    return memchr(begins, byte, sizeof(begins)); /* its NUL, too */
}

static bool ends_value(const struct embed_sign *s)
{
    static const char ends[] = " \t\r\n\"'`<,;)|&\\]}";

    return s->kind != SIGN_STOP || memchr(ends, s->byte, sizeof(ends));
}

/* Digits of a run, undone; *ended: the run ended in there. */
struct look {
    uint8_t digits[LOOK];
    size_t len;
    bool ended;
    bool more; /* not known yet */
    bool good; /* what ends it may end a value */
};

static void look_at(struct look *l, struct span bytes, bool ended)
{
    struct embed_lines lines = {0, 0};
    struct embed_sign s;

    while (l->len < LOOK) {
        embed_sign(bytes, &lines, ended, &s);
        if (s.kind != SIGN_DIGIT && s.kind != SIGN_BLANK)
            break;
        if (s.kind == SIGN_DIGIT)
            l->digits[l->len++] = s.byte;
        bytes = span_skip(bytes, s.used);
    }
    if (l->len == LOOK) {
        l->good = true;
        return;
    }
    l->more = s.kind == SIGN_MORE;
    l->ended = true;
    l->good = ends_value(&s);
}

/* Letters of either case: lists of numbers, hashes and words are none. */
static bool is_mixed(struct span s)
{
    bool small = false, large = false, other = false;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        small |= c >= 'g' && c <= 'z';
        large |= c >= 'A' && c <= 'Z';
        other |= c == '-' || c == '_';
    }
    return small && large && (!other || span_find(s, '/') == s.len);
}

/* Text that is more than the value of one field. */
static bool is_rows(struct span s, bool whole)
{
    enum { LONG = 400 };
    static const char opens[] = "{[<";
    bool lines = false;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        if (c < ' ' && c != '\t' && c != '\r' && c != '\n' && c != 0x1b)
            return false;
        lines |= c == '\n' && i + 1 < s.len;
    }
    return lines || (!whole && s.len >= LONG) ||
           (s.len > 0 && memchr(opens, *s.ptr, sizeof(opens) - 1) != NULL);
}

/* Does any format of the table begin so? */
static bool is_format(struct span head, bool ended)
{
    const struct part_info part = {.aside = true};
    const struct hint hint = {.part = &part, .ended = ended};
    const struct decoder *d;

    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++)
        if (!d->protocol && !d->through && d->probe(head, &hint) == MATCH_YES)
            return true;
    return false;
}

static bool is_wanted(struct span digits, bool ended)
{
    uint8_t room[LOOK];
    size_t len = base64_decode(digits, room, sizeof(room));
    struct span head = {room, len};
    bool wide = span_starts(head, SPAN("\xff\xfe")) ||
                span_starts(head, SPAN("\xfe\xff"));

    return is_mixed(digits) &&
           (wide || is_rows(head, ended) || is_format(head, ended));
}

/* Put the run that was kept; gives bytes of rest that complete an escape. */
static size_t put_run(struct embed *e, struct span rest, struct sink *out,
                      bool *fine);

/* SIZE_MAX: not known yet. */
static size_t stage_look(struct embed *e, struct span bytes, bool ended,
                         struct sink *out, enum decode_status *status)
{
    const struct part_info info = {
        .step = SPAN("base64"), .coding = SPAN("base64"), .aside = true};
    uint8_t room[GATE + LOOK];
    struct span seen = span_head(bytes, LOOK);
    struct look l = {.len = 0};
    bool fine = true;

    e->stage = STAGE_PASS;
    if (!begins_value(e->before) || !is_mixed((struct span){e->run, GATE}))
        return 0;
    memcpy(room, e->run, GATE);
    if (seen.len > 0)
        memcpy(room + GATE, seen.ptr, seen.len);
    look_at(&l, (struct span){room, GATE + seen.len},
            ended || seen.len == LOOK);
    if (l.more) {
        e->stage = STAGE_LOOK;
        return SIZE_MAX;
    }
    if (!l.good || !is_wanted((struct span){l.digits, l.len}, l.ended))
        return 0;
    e->stage = STAGE_TAKE;
    e->width = 0;
    e->line = 0;
    fine = out->ops->part_open(out->ctx, &info);
    size_t used = fine ? put_run(e, bytes, out, &fine) : 0;
    if (!fine)
        *status = DECODE_REFUSED;
    return used;
}

/* --- taking it out --- */

/* Digits up to what ends the run; *over: it ended. */
static size_t take_digits(struct embed *e, struct span bytes, bool ended,
                          struct sink *out, bool *over)
{
    uint8_t room[PUT_ROOM];
    struct embed_lines lines = {e->width, e->line};
    struct embed_sign s = {.kind = SIGN_DIGIT};
    size_t at = 0, made = 0;

    while (at < bytes.len && made < sizeof(room)) {
        embed_sign(span_skip(bytes, at), &lines, ended, &s);
        if (s.kind == SIGN_STOP || s.kind == SIGN_MORE)
            break;
        room[made++] = s.kind == SIGN_BLANK ? '\n' : s.byte;
        at += s.used;
    }
    e->width = lines.width;
    e->line = lines.line;
    *over = s.kind == SIGN_STOP;
    if (made > 0 && !out->ops->put(out->ctx, (struct span){room, made}))
        return SIZE_MAX;
    return at;
}

static size_t put_run(struct embed *e, struct span rest, struct sink *out,
                      bool *fine)
{
    uint8_t room[2 * SIGN_MOST];
    bool over;
    size_t used =
        take_digits(e, (struct span){e->run, GATE}, false, out, &over);

    e->len = 0;
    *fine = used != SIZE_MAX;
    if (!*fine || used == GATE)
        return 0;
    size_t left = GATE - used; /* an escape that goes on in rest */
    struct span seen = span_head(rest, SIGN_MOST);
    if (left > SIGN_MOST)
        return 0;
    memcpy(room, e->run + used, left);
    if (seen.len > 0)
        memcpy(room + left, seen.ptr, seen.len);
    struct embed_lines lines = {e->width, e->line};
    struct embed_sign s;
    embed_sign((struct span){room, left + seen.len}, &lines, true, &s);
    e->width = lines.width;
    e->line = lines.line;
    if (s.kind == SIGN_STOP || s.used < left)
        return 0;
    uint8_t byte = s.kind == SIGN_BLANK ? '\n' : s.byte;
    *fine = out->ops->put(out->ctx, (struct span){&byte, 1});
    return s.used - left;
}

static size_t stage_take(struct embed *e, struct span bytes, bool ended,
                         struct sink *out, enum decode_status *status)
{
    bool over = false;
    size_t used = take_digits(e, bytes, ended, out, &over);

    if (used == SIZE_MAX) {
        *status = DECODE_REFUSED;
        return 0;
    }
    if (!over)
        return used > 0 ? used : SIZE_MAX;
    e->stage = STAGE_SEEK;
    e->len = 0;
    e->before = 0;
    if (!out->ops->part_close(out->ctx, PART_WHOLE))
        *status = DECODE_REFUSED;
    return used;
}

/* A run that is none of ours is text to its end. */
static size_t stage_pass(struct embed *e, struct span bytes, struct sink *out,
                         enum decode_status *status)
{
    size_t len = 0;

    while (len < bytes.len && in_run(bytes.ptr[len]))
        len++;
    if (len < bytes.len) {
        e->stage = STAGE_SEEK;
        e->len = 0;
        e->before = bytes.ptr[len];
    }
    if (!text_put(e, span_head(bytes, len), out))
        *status = DECODE_REFUSED;
    return len;
}

static struct progress run(struct embed *e, struct span bytes, bool ended,
                           struct sink *out)
{
    enum decode_status status = DECODE_MORE;
    struct span rest = bytes;

    while (status == DECODE_MORE && (rest.len > 0 || e->stage == STAGE_LOOK)) {
        size_t used = 0;
        if (e->stage == STAGE_SEEK)
            used = stage_seek(e, rest, out, &status);
        else if (e->stage == STAGE_LOOK)
            used = stage_look(e, rest, ended, out, &status);
        else if (e->stage == STAGE_TAKE)
            used = stage_take(e, rest, ended, out, &status);
        else
            used = stage_pass(e, rest, out, &status);
        if (used == SIZE_MAX)
            break;
        rest = span_skip(rest, used);
    }
    return (struct progress){status, bytes.len - rest.len};
}

static struct progress embed_feed(void *state, enum dir dir, struct span bytes,
                                  struct sink *out)
{
    (void)dir;
    return run(state, bytes, false, out);
}

/* A file goes on behind a hole; what was looked at is text. */
static struct progress embed_gap(void *state, enum dir dir, uint64_t len,
                                 struct sink *out)
{
    struct embed *e = state;
    bool fine = true;

    (void)dir;
    if (e->stage != STAGE_TAKE) {
        if (!e->any)
            fine = out->ops->put(out->ctx, (struct span){NULL, 0});
        e->any = true;
        e->stage = e->stage == STAGE_SEEK ? STAGE_SEEK : STAGE_PASS;
        e->len = 0;
        e->before = 'x';
    }
    fine = fine && out->ops->gap(out->ctx, len);
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status embed_end(void *state, enum dir dir, struct span rest,
                                    struct sink *out)
{
    struct embed *e = state;
    struct progress p = run(e, rest, true, out);

    (void)dir;
    if (p.status != DECODE_MORE)
        return p.status;
    if (e->stage == STAGE_TAKE && !out->ops->part_close(out->ctx, PART_WHOLE))
        return DECODE_REFUSED;
    return DECODE_DONE;
}

const struct decoder decoder_embed = {
    .name = "embed",
    .state_size = sizeof(struct embed),
    .through = true,
    .last = true,
    .probe = embed_probe,
    .feed = embed_feed,
    .gap = embed_gap,
    .end = embed_end,
};
