// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * xml.c - cut XML into tags and text, whatever happened to it.
 *
 * A tag that is whole in the bytes given is not copied. A '<' always begins
 * something new, as it may stand in no value, so nothing that is open can
 * swallow what follows.
 *
 * It must not keep more than one tag.
 */
#include "util/xml.h"

#include <string.h>

#include "outflow/compiler.h"
#include "outflow/limits.h"
#include "util/unicode.h"

enum xml_state {
    IN_TEXT = 0,
    IN_GAP,     /* until the next '<' */
    IN_REF,     /* behind '&' */
    IN_TAG,     /* behind '<', also while it is not known what it is */
    IN_COMMENT, /* the next three end as ENDS says */
    IN_CDATA,
    IN_PI,
    IN_DTD,
    IN_DTD_COMMENT,
};

enum xml_wide { WIDE_ASK = 0, WIDE_NO, WIDE_LE, WIDE_BE };

static const struct span ends[] = {
    [IN_COMMENT] = SPAN_INIT("-->"),
    [IN_CDATA] = SPAN_INIT("]]>"),
    [IN_PI] = SPAN_INIT("?>"),
    [IN_DTD_COMMENT] = SPAN_INIT("-->"),
};

void xml_init(struct xml *x, const struct xml_events *events, void *ctx)
{
    *x = (struct xml){.events = events, .ctx = ctx};
    buf_init(&x->held, LIMIT_XML_TAG);
}

void xml_clear(struct xml *x)
{
    buf_clear(&x->held);
}

void xml_gap(struct xml *x)
{
    bool dtd = x->state == IN_DTD || x->state == IN_DTD_COMMENT;

    buf_reset(&x->held);
    x->state = dtd ? IN_DTD : IN_GAP;
    x->half = false;
    x->surrogate = 0;
    x->quote = 0;
    x->seen = 0;
    if (x->wide == WIDE_ASK)
        x->wide = WIDE_NO;
}

/* --- references --- */

/* A reference without '&' and ';' as UTF-8; 0: none that we replace. */
static size_t ref_plain(struct span ref, uint8_t out[4])
{
    static const struct {
        struct span name;
        uint8_t byte;
    } names[] = {{SPAN_INIT("amp"), '&'},
                 {SPAN_INIT("lt"), '<'},
                 {SPAN_INIT("gt"), '>'},
                 {SPAN_INIT("quot"), '"'},
                 {SPAN_INIT("apos"), '\''}};
    uint64_t code;

    for (size_t i = 0; i < COUNT(names); i++) {
        out[0] = names[i].byte;
        if (span_eq(ref, names[i].name))
            return 1;
    }
    bool number = span_starts(ref, SPAN("#"));
    bool hex = span_starts_nocase(ref, SPAN("#x"));
    if (hex ? !span_hex(span_skip(ref, 2), &code)
            : !number || !span_number(span_skip(ref, 1), &code))
        return 0;
    bool character = code > 0 && code < 0x110000 && (code & ~0x7ffu) != 0xd800;
    return character ? unicode_encode((uint32_t)code, out) : 0;
}

/* '&' and what ref holds, as text. */
static bool ref_put(struct xml *x, bool ended)
{
    struct span ref = {x->ref, x->ref_len};
    uint8_t plain[4];
    size_t len = ended ? ref_plain(ref, plain) : 0;

    x->state = IN_TEXT;
    if (len > 0)
        return x->events->text(x->ctx, (struct span){plain, len});
    return x->events->text(x->ctx, SPAN("&")) &&
           (ref.len == 0 || x->events->text(x->ctx, ref)) &&
           (!ended || x->events->text(x->ctx, SPAN(";")));
}

/* Bytes of a reference; what ends it otherwise than ';' is left. */
static bool ref_feed(struct xml *x, struct span *rest)
{
    while (rest->len > 0) {
        uint8_t byte = *rest->ptr;
        bool word = byte == '#' || (byte >= '0' && byte <= '9') ||
                    (byte >= 'A' && byte <= 'Z') ||
                    (byte >= 'a' && byte <= 'z');
        if (byte == ';')
            *rest = span_skip(*rest, 1);
        if (!word || x->ref_len == sizeof(x->ref))
            return ref_put(x, byte == ';');
        x->ref[x->ref_len++] = byte;
        *rest = span_skip(*rest, 1);
    }
    return true;
}

struct span xml_plain(struct span text, uint8_t *to, size_t room)
{
    size_t len = 0;

    if (span_find(text, '&') == text.len)
        return text;
    while (text.len > 0 && len + 4 <= room) {
        size_t end = span_find(span_head(text, 16), ';');
        size_t more = *text.ptr == '&' && end < text.len && end < 16
                          ? ref_plain(span_slice(text, 1, end), to + len)
                          : 0;
        if (more == 0) {
            to[len++] = *text.ptr;
            text = span_skip(text, 1);
            continue;
        }
        len += more;
        text = span_skip(text, end + 1);
    }
    return (struct span){to, len};
}

/* --- tags --- */

static bool blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Cut "w:tbl" in two. */
static void name_cut(struct span name, struct span *prefix, struct span *local)
{
    size_t colon = span_find(name, ':');

    *prefix = (struct span){name.ptr, 0};
    *local = name;
    if (colon < name.len) {
        *prefix = span_head(name, colon);
        *local = span_skip(name, colon + 1);
    }
}

/* The tag between '<' and '>'; false: it has no name. */
static bool tag_read(struct span inside, struct xml_tag *tag)
{
    size_t len = 0;

    while (len < inside.len && !blank(inside.ptr[len]) &&
           inside.ptr[len] != '/')
        len++;
    name_cut(span_head(inside, len), &tag->prefix, &tag->name);
    tag->rest = span_skip(inside, len);
    return tag->name.len > 0;
}

bool xml_next(struct span *rest, struct xml_attribute *a)
{
    struct span s = *rest;

    while (s.len > 0 && (blank(*s.ptr) || *s.ptr == '/'))
        s = span_skip(s, 1);
    size_t name = 0;
    while (name < s.len && s.ptr[name] != '=' && !blank(s.ptr[name]))
        name++;
    name_cut(span_head(s, name), &a->prefix, &a->name);
    s = span_skip(s, name);
    while (s.len > 0 && (blank(*s.ptr) || *s.ptr == '='))
        s = span_skip(s, 1);
    if (s.len == 0 || (*s.ptr != '"' && *s.ptr != '\'')) {
        *rest = (struct span){s.ptr, 0};
        return false;
    }
    uint8_t quote = *s.ptr;
    s = span_skip(s, 1);
    a->value = span_head(s, span_find(s, quote));
    *rest = span_skip(s, a->value.len + 1);
    return true;
}

bool xml_value(const struct xml_tag *tag, struct span name, struct span *value)
{
    struct span rest = tag->rest;
    struct xml_attribute a;

    while (xml_next(&rest, &a))
        if (span_eq(a.name, name)) {
            *value = a.value;
            return true;
        }
    return false;
}

/* A whole tag, without '<' and '>'. */
static bool tag_put(struct xml *x, struct span inside)
{
    bool ends_itself = inside.len > 0 && inside.ptr[inside.len - 1] == '/';
    struct xml_tag tag;

    if (span_starts(inside, SPAN("/"))) {
        if (!tag_read(span_skip(inside, 1), &tag))
            return true;
        return x->events->close(x->ctx, tag.name);
    }
    if (!tag_read(inside, &tag))
        return true;
    return x->events->open(x->ctx, &tag) &&
           (!ends_itself || x->events->close(x->ctx, tag.name));
}

/* Where the tag ends: place of its '>' or of a '<' in it; or len. */
static size_t tag_end(struct xml *x, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t byte = bytes.ptr[i];

        if (byte > '>')
            continue;
        if (byte == '<')
            return i;
        if (byte == '>' && x->quote == 0)
            return i;
        if (byte == x->quote)
            x->quote = 0;
        else if ((byte == '"' || byte == '\'') && x->quote == 0)
            x->quote = byte;
    }
    return bytes.len;
}

/* Keep bytes of a tag that is cut; no more than there is room for. */
static bool tag_hold(struct xml *x, struct span bytes)
{
    size_t room = x->held.cap - x->held.len;

    return buf_add(&x->held, span_head(bytes, room));
}

/* What begins with "<!" or "<?", by what is held; IN_TAG: not known yet. */
static enum xml_state held_kind(struct span held)
{
    if (held.len == 0)
        return IN_TAG;
    if (*held.ptr == '?')
        return IN_PI;
    if (span_eq(held, SPAN("!--")))
        return IN_COMMENT;
    if (span_eq(held, SPAN("![CDATA[")))
        return IN_CDATA;
    if (span_starts(SPAN("!--"), held) || span_starts(SPAN("![CDATA["), held))
        return IN_TAG;
    return IN_DTD;
}

/* The first bytes behind '<' when they are '!' or '?'. */
static bool mark_feed(struct xml *x, struct span *rest)
{
    enum xml_state kind = IN_TAG;

    while (rest->len > 0 && kind == IN_TAG) {
        if (!tag_hold(x, span_head(*rest, 1)))
            return false;
        *rest = span_skip(*rest, 1);
        kind = held_kind(buf_span(&x->held));
    }
    if (kind == IN_TAG)
        return true;
    if (kind == IN_DTD) { /* its last byte may be one that counts */
        *rest = (struct span){rest->ptr - 1, rest->len + 1};
        x->dtd = true;
    }
    buf_reset(&x->held);
    x->state = (uint8_t)kind;
    x->seen = 0;
    x->brackets = 0;
    x->quote = 0;
    return true;
}

static bool tag_feed(struct xml *x, struct span *rest)
{
    uint8_t first = x->held.len > 0 ? *x->held.ptr : *rest->ptr;

    if (first == '!' || first == '?')
        return mark_feed(x, rest);
    size_t end = tag_end(x, *rest);
    struct span piece = span_head(*rest, end);
    if (end == rest->len) {
        *rest = span_skip(*rest, end);
        return tag_hold(x, piece);
    }
    bool anew = rest->ptr[end] == '<';
    bool good = true;
    if (!anew && x->held.len == 0) {
        good = tag_put(x, piece);
    } else if (!anew) {
        good = tag_hold(x, piece) && tag_put(x, buf_span(&x->held));
    }
    *rest = span_skip(*rest, end + 1);
    buf_reset(&x->held);
    x->quote = 0;
    x->state = anew ? IN_TAG : IN_TEXT;
    return good;
}

/* --- what is neither --- */

/* Pass on until the end of this; text of CDATA is put. */
static bool until_end(struct xml *x, struct span *rest)
{
    const struct span end = ends[x->state];
    const uint8_t first = *end.ptr;
    const bool put = x->state == IN_CDATA;

    while (rest->len > 0) {
        size_t run = x->seen == 0 ? span_find(*rest, first) : 0;
        if (run > 0) {
            if (put && !x->events->text(x->ctx, span_head(*rest, run)))
                return false;
            *rest = span_skip(*rest, run);
            continue;
        }
        if (*rest->ptr == end.ptr[x->seen]) {
            *rest = span_skip(*rest, 1);
            if (++x->seen < end.len)
                continue;
            x->state = x->state == IN_DTD_COMMENT ? IN_DTD : IN_TEXT;
            x->seen = 0;
            return true;
        }
        bool stays = x->seen == 2 && *rest->ptr == first; /* "]]]>" */
        if (put &&
            !x->events->text(x->ctx, span_head(end, stays ? 1 : x->seen)))
            return false;
        x->seen = stays ? 2 : 0;
        if (stays)
            *rest = span_skip(*rest, 1);
    }
    return true;
}

/* A DTD up to its '>'; seen counts what is there of "<!--". */
static bool dtd_feed(struct xml *x, struct span *rest)
{
    static const char comment[] = "<!--";

    while (rest->len > 0) {
        uint8_t byte = *rest->ptr;

        *rest = span_skip(*rest, 1);
        x->seen = byte == (uint8_t)comment[x->seen] ? x->seen + 1 : byte == '<';
        if (x->seen == 4) {
            x->state = IN_DTD_COMMENT;
            x->seen = 0;
            return true;
        }
        if (x->quote != 0) {
            x->quote = byte == x->quote ? 0 : x->quote;
            continue;
        }
        if (byte == '"' || byte == '\'')
            x->quote = byte;
        x->brackets += byte == '[';
        if (byte == ']')
            x->brackets = 0;
        if (byte == '>' && x->brackets == 0) {
            x->state = IN_TEXT;
            x->seen = 0;
            return true;
        }
    }
    return true;
}

static bool text_feed(struct xml *x, struct span *rest)
{
    size_t len = span_find(*rest, '<');
    struct span text = span_head(*rest, len);
    size_t ref = x->state == IN_GAP ? len : span_find(text, '&');

    if (ref < len)
        text = span_head(text, ref);
    *rest = span_skip(*rest, text.len);
    if (text.len > 0 && x->state == IN_TEXT && !x->events->text(x->ctx, text))
        return false;
    if (rest->len == 0)
        return true;
    *rest = span_skip(*rest, 1); /* '<' or '&' */
    x->state = ref < len ? IN_REF : IN_TAG;
    x->ref_len = 0;
    return true;
}

static bool narrow_feed(struct xml *x, struct span rest)
{
    bool good = true;

    while (rest.len > 0 && good)
        switch ((enum xml_state)x->state) {
        case IN_TEXT:
        case IN_GAP:
            good = text_feed(x, &rest);
            break;
        case IN_REF:
            good = ref_feed(x, &rest);
            break;
        case IN_TAG:
            good = tag_feed(x, &rest);
            break;
        case IN_DTD:
            good = dtd_feed(x, &rest);
            break;
        case IN_COMMENT:
        case IN_CDATA:
        case IN_PI:
        case IN_DTD_COMMENT:
            good = until_end(x, &rest);
            break;
        }
    return good;
}

/* --- UTF-16 --- */

/* A unit of UTF-16 as UTF-8 at to; gives its bytes. */
static size_t unit_narrow(struct xml *x, uint16_t unit, uint8_t *to)
{
    uint32_t high = x->surrogate;

    x->surrogate = 0;
    if ((unit & 0xfc00) == 0xd800) {
        x->surrogate = unit;
        return 0;
    }
    if ((unit & 0xfc00) != 0xdc00)
        return unit == 0xfeff ? 0 : unicode_encode(unit, to);
    if (high == 0)
        return 0;
    return unicode_encode(0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff),
                          to);
}

static bool wide_feed(struct xml *x, struct span bytes)
{
    enum { ROOM = 1024, LONGEST = 4 };
    uint8_t room[ROOM];
    size_t len = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t byte = bytes.ptr[i];

        x->half = !x->half;
        if (x->half) {
            x->odd = byte;
            continue;
        }
        uint16_t unit = (uint16_t)(x->wide == WIDE_LE ? x->odd | byte << 8
                                                      : x->odd << 8 | byte);
        len += unit_narrow(x, unit, room + len);
        if (len + LONGEST <= ROOM)
            continue;
        if (!narrow_feed(x, (struct span){room, len}))
            return false;
        len = 0;
    }
    return narrow_feed(x, (struct span){room, len});
}

/* How are characters coded? By the first two bytes of all. */
static bool wide_ask(struct xml *x, struct span *bytes)
{
    uint8_t first[2];

    if (!x->half && bytes->len == 1) {
        x->odd = *bytes->ptr;
        x->half = true;
        *bytes = span_skip(*bytes, 1);
        return true;
    }
    bool was = x->half;
    first[0] = was ? x->odd : bytes->ptr[0];
    first[1] = bytes->ptr[was ? 0 : 1];
    bool le = (first[0] == 0xff && first[1] == 0xfe) || first[1] == 0;
    bool be = (first[0] == 0xfe && first[1] == 0xff) || first[0] == 0;
    x->wide = be ? WIDE_BE : le ? WIDE_LE : WIDE_NO;
    if (x->wide != WIDE_NO || !was)
        return true;
    x->half = false;
    return narrow_feed(x, (struct span){first, 1});
}

bool xml_feed(struct xml *x, struct span bytes)
{
    if (x->wide == WIDE_ASK && bytes.len > 0 && !wide_ask(x, &bytes))
        return false;
    if (x->wide == WIDE_LE || x->wide == WIDE_BE)
        return wide_feed(x, bytes);
    return narrow_feed(x, bytes);
}

/* --- the first element --- */

struct root {
    struct xml_tag *tag;
    bool found;
};

static bool root_open(void *ctx, const struct xml_tag *tag)
{
    struct root *r = ctx;

    *r->tag = *tag;
    r->found = true;
    return false;
}

static bool root_close(void *ctx, struct span name)
{
    (void)ctx;
    (void)name;
    return true;
}

static bool root_text(void *ctx, struct span text)
{
    (void)ctx;
    return span_trim(text).len == 0;
}

/* The ASCII of UTF-16 is enough to know a root by. */
static struct span head_narrow(struct span head, struct xml_head *to)
{
    size_t len = 0;

    if (span_starts(head, SPAN("\xef\xbb\xbf")))
        return span_skip(head, 3);
    bool marked = span_starts(head, SPAN("\xff\xfe")) ||
                  span_starts(head, SPAN("\xfe\xff"));
    if (!marked && !span_starts(head, SPAN("<\0")) &&
        !span_starts(head, SPAN("\0<")))
        return head;
    for (size_t i = marked ? 2 : 0; i < head.len && len < sizeof(to->room); i++)
        if (head.ptr[i] != 0)
            to->room[len++] = head.ptr[i];
    return (struct span){to->room, len};
}

int xml_root(struct span head, struct xml_head *to)
{
    static const struct xml_events events = {root_open, root_close, root_text};
    struct root r = {&to->tag, false};
    struct xml x;

    head = head_narrow(head, to);
    xml_init(&x, &events, &r);
    x.wide = WIDE_NO;
    bool good = xml_feed(&x, head);
    size_t held = x.held.len; /* it lies at the end of head, too */
    bool cut = good && x.state == IN_TAG && held > 0;
    xml_clear(&x);
    if (r.found)
        return 1;
    if (!good)
        return -1;
    return cut && tag_read(span_skip(head, head.len - held), &to->tag) &&
           to->tag.rest.len > 0;
}
