// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * params.c - header fields, their parameters, their encoded words.
 *
 * Spec: RFC 5322 2.2, RFC 2045 5.1, RFC 2231, RFC 2047, RFC 5987. Lenient:
 * what senders get wrong is taken as they meant it.
 *
 * It must not allocate.
 */
#include "decode/params.h"

#include <ctype.h>
#include <string.h>

#include "decode/format/base64.h"
#include "outflow/buf.h"
#include "outflow/limits.h"
#include "util/guess.h"
#include "util/unicode.h"

/* --- lines --- */

static uint8_t byte_at(struct span s, size_t at)
{
    return at < s.len ? s.ptr[at] : 0;
}

bool fields_next(struct span *block, struct field_line *line)
{
    if (block->len == 0)
        return false;
    size_t end = 0;
    do {
        struct span rest = span_skip(*block, end);
        size_t at = span_find(rest, '\n');
        end += at < rest.len ? at + 1 : at;
    } while (byte_at(*block, end) == ' ' || byte_at(*block, end) == '\t');

    struct span whole = span_head(*block, end);
    *block = span_skip(*block, end);
    size_t colon = span_find(whole, ':');
    if (colon == whole.len) {
        *line = (struct field_line){{whole.ptr, 0}, span_trim(whole)};
        return true;
    }
    line->name = span_trim(span_head(whole, colon));
    line->value = span_trim(span_skip(whole, colon + 1));
    return true;
}

bool fields_is(struct span line)
{
    size_t at = 0;

    if (line.len > 0 && (*line.ptr == ' ' || *line.ptr == '\t'))
        return true;
    while (at < line.len && (isalnum(line.ptr[at]) || line.ptr[at] == '-' ||
                             line.ptr[at] == '_'))
        at++;
    return at > 0 && at < line.len && line.ptr[at] == ':';
}

size_t fields_end(struct span bytes)
{
    enum { STRANGE_MAX = 3 }; /* one byte makes two */
    size_t at = 0, good = 0, from = 0, strange = 0;

    while (at < bytes.len) {
        struct span rest = span_skip(bytes, at);
        size_t end = span_find(rest, '\n');
        struct span line = span_head(rest, end);
        if (end == rest.len)
            return 0;
        if (end == 0 || (end == 1 && *line.ptr == '\r'))
            return at + end + 1;
        bool field = fields_is(line);
        good += field;
        from = strange == 0 ? at : from;
        strange = field ? 0 : strange + 1;
        if (good > 0 && strange == STRANGE_MAX)
            return from;
        at += end + 1;
    }
    return 0;
}

/* A digit, a separator between digits, or neither. */
enum { CLASS_DIGIT = 1, CLASS_JOIN = 2 };

static const uint8_t classes[128] = {
    ['0'] = CLASS_DIGIT, ['1'] = CLASS_DIGIT, ['2'] = CLASS_DIGIT,
    ['3'] = CLASS_DIGIT, ['4'] = CLASS_DIGIT, ['5'] = CLASS_DIGIT,
    ['6'] = CLASS_DIGIT, ['7'] = CLASS_DIGIT, ['8'] = CLASS_DIGIT,
    ['9'] = CLASS_DIGIT, [' '] = CLASS_JOIN,  ['-'] = CLASS_JOIN,
    ['.'] = CLASS_JOIN,
};

static bool is_run(struct span s, size_t at)
{
    uint8_t byte = s.ptr[at];

    return byte < 0x80 && (classes[byte] & (CLASS_DIGIT | CLASS_JOIN)) != 0;
}

/* Nine digits, at most one separator between two, in [from, to)? */
static bool run_tells(struct span s, size_t from, size_t to)
{
    enum { ENOUGH = 9 };
    unsigned digits = 0;
    bool joined = false;

    for (; from < to && digits < ENOUGH; from++) {
        bool join = classes[s.ptr[from]] == CLASS_JOIN;
        digits = join ? (joined ? 0 : digits) : digits + 1;
        joined = join;
    }
    return digits >= ENOUGH;
}

/* Bytes beyond ASCII? A hot loop: eight at a time. */
static bool has_high(struct span s)
{
    uint64_t all = 0, word;
    size_t at = 0;

    for (; at + sizeof(word) <= s.len; at += sizeof(word)) {
        memcpy(&word, s.ptr + at, sizeof(word));
        all |= word;
    }
    for (; at < s.len; at++)
        all |= s.ptr[at];
    return (all & UINT64_C(0x8080808080808080)) != 0;
}

/* A hot loop: a run of nine bytes holds every eighth place once. */
bool fields_tell(struct span block)
{
    enum { STEP = 8 };

    if (has_high(block) || span_find(block, '@') < block.len)
        return true;
    for (size_t at = 0; at < block.len; at += STEP) {
        size_t from = at, to = at;
        if (!is_run(block, at))
            continue;
        while (from > 0 && is_run(block, from - 1))
            from--;
        while (to < block.len && is_run(block, to))
            to++;
        if (run_tells(block, from, to))
            return true;
        at += (to - at) / STEP * STEP;
    }
    return false;
}

/* --- parameters --- */

struct span params_value(struct span value)
{
    return span_trim(span_head(value, span_find(value, ';')));
}

/* Where the parameter's value ends: a semicolon that is not quoted. */
static size_t value_end(struct span rest)
{
    bool quoted = false;
    size_t i = 0;

    for (; i < rest.len; i++) {
        if (rest.ptr[i] == '"')
            quoted = !quoted;
        else if (quoted && rest.ptr[i] == '\\')
            i++;
        else if (!quoted && rest.ptr[i] == ';')
            break;
    }
    return i < rest.len ? i : rest.len;
}

/* Take the next parameter; quotes around its value are taken off. */
static bool params_next(struct span *rest, struct field_line *param)
{
    if (rest->len == 0)
        return false;
    size_t end = value_end(*rest);
    struct span whole = span_head(*rest, end);
    *rest = span_skip(*rest, end + 1);

    size_t equals = span_find(whole, '=');
    param->name = span_trim(span_head(whole, equals));
    param->value = span_trim(span_skip(whole, equals + 1));
    if (byte_at(param->value, 0) == '"') {
        param->value = span_skip(param->value, 1);
        size_t last = param->value.len;
        if (last > 0 && param->value.ptr[last - 1] == '"')
            param->value.len--;
    }
    return true;
}

struct span params_raw(struct span value, struct span name)
{
    struct span rest = span_skip(value, span_find(value, ';') + 1);
    struct field_line param;

    while (params_next(&rest, &param))
        if (span_eq_nocase(param.name, name))
            return param.value;
    return (struct span){NULL, 0};
}

/* --- decoding --- */

/* A text being written to the caller's room. */
struct text_out {
    uint8_t *out;
    size_t len;
    size_t room;
};

static void out_byte(struct text_out *t, uint8_t byte)
{
    if (t->len < t->room)
        t->out[t->len++] = byte;
}

static void out_span(struct text_out *t, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        out_byte(t, bytes.ptr[i]);
}

/* What bytes are in that say they are in declared, or that say nothing. */
static enum charset charset_of(struct span bytes, enum charset declared)
{
    bool told = declared == CHARSET_ISO2022 || charset_is_wide(declared);
    const struct guess_text text = {bytes, declared, CHARSET_NONE, false,
                                    false};

    if (told || unicode_utf8_valid(bytes))
        return told ? declared : CHARSET_UTF8;
    if (declared != CHARSET_NONE && declared != CHARSET_UTF8 &&
        charset_bad(declared, bytes, false) == 0)
        return declared; /* a name is too short for a better guess */
    return guess_charset(&text).charset;
}

/* Bytes in a charset as UTF-8. */
static void out_charset(struct text_out *t, struct span label,
                        struct span bytes)
{
    enum charset charset = charset_of(bytes, charset_find(label));
    struct buf converted;

    if (charset == CHARSET_UTF8 || bytes.len == 0) {
        out_span(t, bytes);
        return;
    }
    buf_init(&converted, (size_t)LIMIT_NAME * 8);
    if (charset_text(charset, bytes, &converted))
        bytes = buf_span(&converted);
    out_span(t, bytes);
    buf_clear(&converted);
}

size_t params_name(struct span bytes, uint8_t *out, size_t room)
{
    struct text_out t = {out, 0, room};

    out_charset(&t, (struct span){NULL, 0}, bytes);
    return t.len;
}

/* Value of two hexadecimal digits at place at, or -1. */
static int hex_pair(struct span s, size_t at)
{
    uint64_t value;

    if (at + 2 > s.len || !span_hex(span_slice(s, at, at + 2), &value))
        return -1;
    return (int)value;
}

/* Undo %XX (mark '%') or =XX (mark '=', with _ for a blank). */
static size_t unescape(struct span s, uint8_t mark, uint8_t *out, size_t room)
{
    struct text_out t = {out, 0, room};

    for (size_t i = 0; i < s.len; i++) {
        uint8_t byte = s.ptr[i];
        int pair = byte == mark ? hex_pair(s, i + 1) : -1;
        if (pair >= 0) {
            out_byte(&t, (uint8_t)pair);
            i += 2;
        } else {
            out_byte(&t, byte == '_' && mark == '=' ? ' ' : byte);
        }
    }
    return t.len;
}

/* One "=?charset?B?text?=" at the front of s; gives its length or 0. */
static size_t encoded_word(struct span s, struct text_out *t)
{
    uint8_t bytes[LIMIT_NAME];
    struct span rest = span_skip(s, 2), charset, way, text;

    if (!span_starts(s, SPAN("=?")) || !span_cut(&rest, '?', &charset) ||
        !span_cut(&rest, '?', &way) || way.len != 1)
        return 0;
    size_t end = span_find_run(rest, SPAN("?="));
    if (end == rest.len)
        return 0;
    text = span_head(rest, end);
    size_t len;
    if ((*way.ptr | 0x20) == 'b')
        len = base64_decode(text, bytes, sizeof(bytes));
    else
        len = unescape(text, '=', bytes, sizeof(bytes));
    charset = span_head(charset, span_find(charset, '*')); /* RFC 2231 5 */
    out_charset(t, charset, (struct span){bytes, len});
    return (size_t)(rest.ptr - s.ptr) + end + 2;
}

/* Blanks between two encoded words do not count. */
static size_t blanks_between(struct span s)
{
    size_t at = 0;

    while (byte_at(s, at) == ' ' || byte_at(s, at) == '\t' ||
           byte_at(s, at) == '\r' || byte_at(s, at) == '\n')
        at++;
    return span_starts(span_skip(s, at), SPAN("=?")) ? at : 0;
}

/* A quoted or plain value with its encoded words. */
static void out_words(struct text_out *t, struct span value)
{
    while (value.len > 0 && t->len < t->room) {
        size_t used = encoded_word(value, t);
        if (used > 0) {
            value = span_skip(value, used);
            value = span_skip(value, blanks_between(value));
            continue;
        }
        uint8_t next = byte_at(value, 1);
        bool escape = *value.ptr == '\\' && (next == '"' || next == '\\');
        out_byte(t, escape ? next : *value.ptr);
        value = span_skip(value, escape ? 2 : 1);
    }
}

size_t fields_text(struct span value, uint8_t *out, size_t room)
{
    struct text_out t = {out, 0, room};

    out_words(&t, value);
    return t.len;
}

/* A name of RFC 2231: base, base*, base*0, base*0*. Which? */
struct extended {
    bool is;
    bool percent;    /* its value is percent-encoded */
    uint64_t number; /* place among continuations */
};

static struct extended extended_name(struct span name, struct span base)
{
    struct extended e = {.is = false};

    if (!span_starts_nocase(name, base) || byte_at(name, base.len) != '*')
        return e;
    struct span rest = span_skip(name, base.len + 1);
    e.percent = rest.len == 0 || rest.ptr[rest.len - 1] == '*';
    if (rest.len > 0 && e.percent)
        rest.len--;
    e.is = rest.len == 0 || span_number(rest, &e.number);
    return e;
}

/* RFC 2231: the pieces in their order, the charset in front of the first. */
static size_t params_extended(struct span value, struct span name, uint8_t *out,
                              size_t room)
{
    struct text_out t = {out, 0, room};
    struct span charset = {NULL, 0};
    uint8_t bytes[LIMIT_NAME]; /* a character may be cut over two pieces */
    size_t len = 0;

    for (uint64_t number = 0;; number++) {
        struct span rest = span_skip(value, span_find(value, ';') + 1);
        struct field_line param = {{NULL, 0}, {NULL, 0}};
        struct extended e = {.is = false};

        while (!(e.is && e.number == number) && params_next(&rest, &param))
            e = extended_name(param.name, name);
        if (!e.is || e.number != number)
            break;
        struct span piece = param.value;
        struct span language;
        if (e.percent && number == 0 &&
            (!span_cut(&piece, '\'', &charset) ||
             !span_cut(&piece, '\'', &language)))
            break;
        len += unescape(piece, e.percent ? '%' : 0, bytes + len,
                        sizeof(bytes) - len);
    }
    out_charset(&t, charset, (struct span){bytes, len});
    return t.len;
}

size_t params_text(struct span value, struct span name, uint8_t *out,
                   size_t room)
{
    struct text_out t = {out, 0, room};
    size_t len = params_extended(value, name, out, room);

    if (len > 0)
        return len;
    struct span raw = params_raw(value, name);
    if (unicode_utf8_valid(raw) || raw.len > LIMIT_NAME)
        out_words(&t, raw);
    else /* as it is, in the charset of the sender's machine */
        out_charset(&t, (struct span){NULL, 0}, raw);
    return t.len;
}

size_t params_file(struct span value, struct span name, uint8_t *out,
                   size_t room)
{
    size_t len = params_text(value, name, out, room);
    size_t at = len;

    while (at > 0 && out[at - 1] != '/' && out[at - 1] != '\\')
        at--;
    if (at > 0 && at < len)
        memmove(out, out + at, len - at);
    return at < len ? len - at : len;
}
