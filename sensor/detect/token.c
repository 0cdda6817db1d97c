// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * token.c - numbers and e-mail addresses in running text.
 *
 * A named hot loop: called for every number on the wire that scan.h shows, it
 * indexes inside the span it is given and gives up early.
 *
 * It must not decide what a value means for its row.
 */
#include "detect/token.h"

#include <endian.h>
#include <string.h>

#include "detect/detectors.h"
#include "detect/token_signs.h"
#include "outflow/compiler.h"
#include "util/unicode.h"

enum {
    TOKEN_MAX = 48,  /* bytes to either side; longer is no number of ours */
    EMAIL_MAX = 128, /* bytes to either side of an @ */
    NUMBER_MIN = 7,
    EXTENDED_MIN = 10, /* digits in front of an extension */
    EXTENSION_MAX = 6, /* and of it */
    COUNTRY_MAX = 4,   /* digits in front of an area in brackets */
    LETTERED_MAX = 18, /* letters and digits of an identifier */
    WORD_MAX = 64,     /* bytes of a word to either side */
    AROUND_MAX = 64,   /* blanks and quotes between a value and a separator */
};

/* clang-format off */
const uint8_t token_signs[256] = {
    0x00, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x78, 0x10, 0x00, 0x00, 0x10, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40,
    0x2A, 0x00, 0x38, 0x00, 0x00, 0x00, 0x10, 0x28,
    0x0A, 0x02, 0x00, 0x08, 0x50, 0x02, 0x02, 0x02,
    0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05,
    0x05, 0x05, 0x60, 0x50, 0x10, 0x00, 0x10, 0x10,
    0x00, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04,
    0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04,
    0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04,
    0x04, 0x04, 0x04, 0x10, 0x00, 0x00, 0x40, 0x04,
    0x00, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04,
    0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04,
    0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04,
    0x04, 0x04, 0x04, 0x10, 0x50, 0x10, 0x40, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};
/* clang-format on */

/* Does a letter or digit stand right in front of place at? */
static bool is_glued(struct span text, size_t at)
{
    if (at == 0 || !is(text.ptr[at - 1], WORD))
        return false;
    /* the second byte of a Japanese sign may look like a letter */
    return at < 2 || !unicode_cp932_lead(text.ptr[at - 2]);
}

/*
 * How many of the bytes at p are digits, up to eight: those of a word whose
 * bytes are 30 to 39 leave no bit of 80 behind.
 */
static size_t digits_of_eight(const uint8_t *p)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t word;

    memcpy(&word, p, sizeof(word));
    word = le64toh(word) ^ each * '0';
    uint64_t other = ((word & each * 0x7F) + each * 0x76) | word;
    other &= each * 0x80;
    return other ? (size_t)__builtin_ctzll(other) / 8 : 8;
}

/* Behind the digits at place at, or behind most of them. */
static size_t digits_end(struct span text, size_t at, size_t most)
{
    size_t end = text.len - at < most ? text.len : at + most;

    while (end - at >= 8) {
        size_t count = digits_of_eight(text.ptr + at);
        at += count;
        if (count < 8)
            return at;
    }
    while (at < end && cell_is_digit(text.ptr[at]))
        at++;
    return at;
}

/* Do digits go on behind the mark at p[1], or in front of p[0]? */
static bool is_joined(uint8_t near, uint8_t far)
{
    return is(near, MARK) && (cell_is_digit(far) || is(far, MARK));
}

size_t token_short(struct span text, size_t pos)
{
    const uint8_t *p = text.ptr;
    size_t from = pos;

    while (from > 2 && pos - from < NUMBER_MIN && cell_is_digit(p[from - 1]))
        from--;
    if (from < 2 || pos - from >= NUMBER_MIN || text.len - from < 16)
        return 0;
    size_t to = from + digits_of_eight(p + from);
    if (to - from >= NUMBER_MIN || is(p[from - 1], WORD) || is(p[to], WORD) ||
        is_joined(p[from - 1], p[from - 2]) || is_joined(p[to], p[to + 1]))
        return 0;
    return to;
}

/*
 * Two marks between groups, one of a bracket: behind it, or in front of it
 * and behind the few digits of a country.
 */
static bool is_bracket(struct span text, size_t at)
{
    const uint8_t *p = text.ptr + at;
    size_t n = 0;

    if (p[0] == ')')
        return p[1] == ' ' || p[1] == '-' || p[1] == '/';
    if (p[1] != '(' || (p[0] != ' ' && p[0] != '-'))
        return false;
    while (n < at && n <= COUNTRY_MAX && cell_is_digit(text.ptr[at - 1 - n]))
        n++;
    return n <= COUNTRY_MAX;
}

/* First digit of the number that the digit at pos is part of. */
static size_t number_front(struct span text, size_t pos)
{
    const uint8_t *p = text.ptr;
    size_t floor = pos > TOKEN_MAX ? pos - TOKEN_MAX : 0;

    while (pos > floor) {
        if (cell_is_digit(p[pos - 1]))
            pos--;
        else if (pos >= 2 && is(p[pos - 1], MARK) && cell_is_digit(p[pos - 2]))
            pos -= 2;
        else if (pos >= 3 && cell_is_digit(p[pos - 3]) &&
                 is_bracket(text, pos - 2))
            pos -= 3;
        else
            break;
    }
    return pos;
}

/* Signs between the group that ends at i and the next, 0: no next group. */
static size_t mark_len(struct span text, size_t i, bool last, bool *more)
{
    const uint8_t *p = text.ptr;

    *more = false;
    if (i >= text.len || (is(p[i], MARK) && i + 1 >= text.len)) {
        *more = !last;
        return 0;
    }
    if (!is(p[i], MARK))
        return 0;
    if (cell_is_digit(p[i + 1]))
        return 1;
    if (!is_bracket(text, i))
        return 0;
    if (i + 2 >= text.len) {
        *more = !last;
        return 0;
    }
    return cell_is_digit(p[i + 2]) ? 2 : 0;
}

static enum token_find take_groups(struct span text, bool last, struct token *t)
{
    size_t i = t->from;
    bool more;

    for (;;) {
        size_t from = i;
        while (i < text.len && cell_is_digit(text.ptr[i]))
            i++;
        t->to = i;
        t->digits += i - from;
        if (t->groups == TOKEN_GROUPS || i - t->from > 2 * TOKEN_MAX)
            return TOKEN_NONE;
        size_t mark = mark_len(text, i, last, &more);
        if (more)
            return TOKEN_MORE;
        t->size[t->groups] = (uint8_t)(i - from);
        t->mark[t->groups++] = mark ? text.ptr[i] : 0;
        if (mark == 0)
            return TOKEN_FOUND;
        i += mark;
    }
}

/* Digits alone, without a mark beside them: the usual number. */
static enum token_find take_plain(struct span text, size_t from, size_t to,
                                  struct token *t)
{
    t->from = from;
    t->to = to;
    t->digits = to - from;
    t->groups = 1;
    t->mark[0] = 0;
    if (t->digits < NUMBER_MIN || t->digits > TOKEN_MAX ||
        is_glued(text, from) || (to < text.len && is(text.ptr[to], WORD)))
        return TOKEN_NONE;
    t->size[0] = (uint8_t)t->digits;
    if (from > 0 && text.ptr[from - 1] == '+')
        t->from--;
    return TOKEN_FOUND;
}

/* Digits behind an x: an extension. False: more has to come to know. */
static bool take_extension(struct span text, bool last, struct token *t)
{
    size_t at = t->to;

    if (t->digits < EXTENDED_MIN || at == text.len ||
        (text.ptr[at] | 0x20) != 'x')
        return true;
    size_t end = digits_end(text, at + 1, EXTENSION_MAX + 1);
    if (end == text.len && !last && end - at <= EXTENSION_MAX + 1)
        return false;
    if (end > at + 1 && end - at <= EXTENSION_MAX + 1)
        t->to = end;
    return true;
}

enum token_find token_number(struct span text, size_t pos, bool last,
                             struct token *t)
{
    size_t from = pos, to = pos + 1;

    while (from > 0 && pos - from < TOKEN_MAX &&
           cell_is_digit(text.ptr[from - 1]))
        from--;
    to = digits_end(text, to, TOKEN_MAX - 1);
    if (to - pos == TOKEN_MAX) {
        t->to = to;
        return TOKEN_NONE;
    }
    if (to == text.len && !last)
        return TOKEN_MORE;
    if ((from == 0 || !is(text.ptr[from - 1], MARK)) &&
        (to == text.len ||
         (!is(text.ptr[to], MARK) && (text.ptr[to] | 0x20) != 'x')))
        return take_plain(text, from, to, t);
    *t = (struct token){.from = number_front(text, pos)};
    enum token_find found = take_groups(text, last, t);
    if (found != TOKEN_FOUND)
        return found;
    if (!take_extension(text, last, t))
        return TOKEN_MORE;
    if (t->from > 0 && text.ptr[t->from - 1] == '(')
        t->from--;
    if (t->from > 0 && text.ptr[t->from - 1] == '+')
        t->from--;
    if (t->digits < NUMBER_MIN || is_glued(text, t->from) ||
        (t->to < text.len && is(text.ptr[t->to], WORD)))
        return TOKEN_NONE;
    return TOKEN_FOUND;
}

static bool is_local(uint8_t c)
{
    return is(c, WORD) || c == '.' || c == '-' || c == '+' || c == '%' ||
           c == '\'';
}

/* What may stand right beside an @: the same as scan.h says. */
static bool is_inner(uint8_t c)
{
    return is(c, WORD) || c == '-';
}

enum token_find token_email(struct span text, size_t pos, bool last,
                            struct token *t)
{
    size_t from = pos, to = pos + 1;

    if (pos == 0 || !is_inner(text.ptr[pos - 1]))
        return TOKEN_NONE;
    if (to < text.len && !is_inner(text.ptr[to]))
        return TOKEN_NONE;
    while (from > 0 && pos - from < EMAIL_MAX && is_local(text.ptr[from - 1]))
        from--;
    while (from < pos && (text.ptr[from] == '\'' || text.ptr[from] == '.'))
        from++;
    if (from == pos)
        return TOKEN_NONE;
    while (
        to < text.len && to - pos < EMAIL_MAX &&
        (is(text.ptr[to], WORD) || text.ptr[to] == '.' || text.ptr[to] == '-'))
        to++;
    if (to == text.len && !last && to - pos < EMAIL_MAX)
        return TOKEN_MORE;
    while (to > pos + 1 && (text.ptr[to - 1] == '.' || text.ptr[to - 1] == '-'))
        to--;
    *t = (struct token){.from = from, .to = to};
    return email_valid(span_slice(text, from, to)) ? TOKEN_FOUND : TOKEN_NONE;
}

/* Where group number group begins in the text. */
static size_t group_at(struct span text, const struct token *t, size_t group)
{
    size_t i = t->from;

    for (size_t g = 0;; g++) {
        while (!cell_is_digit(text.ptr[i]))
            i++;
        if (g == group)
            return i;
        i += t->size[g];
    }
}

/* Does an issuer begin so? Not the times of logs and APIs. */
static bool has_issuer(const uint8_t *digits)
{
    uint8_t first = digits[0];

    return first != '0' && first != '7' && first != '9' &&
           (first != '1' || digits[1] == '8');
}

static bool is_card(struct span text, const struct token *t, size_t group,
                    size_t groups, struct span *card)
{
    uint8_t digits[LONG_MAX];
    size_t from = group_at(text, t, group);
    size_t to =
        group_at(text, t, group + groups - 1) + t->size[group + groups - 1];
    struct span all = span_slice(text, from, to);

    if (!has_issuer(all.ptr))
        return false;
    size_t count = cell_digits(all, digits, LONG_MAX);

    *card = all;
    return count <= LONG_MAX && card_digits((struct span){digits, count});
}

/* Do groups from group on have these sizes, with one mark between them? */
static bool sized(const struct token *t, size_t group, const uint8_t *sizes,
                  size_t count)
{
    if (group + count > t->groups)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (t->size[group + i] != sizes[i])
            return false;
        if (i + 1 < count && (t->mark[group + i] != t->mark[group] ||
                              (t->mark[group] != ' ' && t->mark[group] != '-')))
            return false;
    }
    return true;
}

static const struct {
    uint8_t sizes[5];
    uint8_t count;
} embossed[] = {{{4, 4, 4, 4, 3}, 5},
                {{4, 4, 4, 4, 0}, 4},
                {{4, 6, 5, 0, 0}, 3},
                {{4, 6, 4, 0, 0}, 3}};

bool token_card(struct span text, const struct token *t, struct span *card)
{
    if (t->digits < LONG_MIN)
        return false;
    if (t->groups == 1 && !has_issuer(text.ptr + t->to - t->digits))
        return false;
    for (size_t g = 0; g < t->groups; g++) {
        if (t->size[g] >= LONG_MIN && t->size[g] <= LONG_MAX &&
            is_card(text, t, g, 1, card))
            return true;
        for (size_t e = 0; e < COUNT(embossed); e++) {
            if (sized(t, g, embossed[e].sizes, embossed[e].count) &&
                is_card(text, t, g, embossed[e].count, card))
                return true;
        }
    }
    return false;
}

bool token_long(const struct token *t)
{
    if (t->digits < LONG_MIN)
        return false;
    for (size_t g = 0; g < t->groups; g++) {
        if (t->size[g] >= LONG_MIN && t->size[g] <= LONG_MAX)
            return true;
        for (size_t e = 0; e < COUNT(embossed); e++) {
            if (sized(t, g, embossed[e].sizes, embossed[e].count))
                return true;
        }
    }
    return false;
}

static void token_look(struct span text, const struct token *t, struct cell *c)
{
    *c = (struct cell){.text = span_slice(text, t->from, t->to)};
    c->narrow = c->text;
    c->digits = (uint16_t)t->digits;
}

bool token_phone(struct span text, const struct token *t)
{
    struct cell c;

    bool plus = text.ptr[t->from] == '+';

    if (!plus &&
        (t->groups < 3 || t->groups > 4 || t->digits < 10 || t->digits > 11))
        return false;
    token_look(text, t, &c);
    return phone_sure(&c);
}

bool token_host(const struct token *t)
{
    for (size_t g = 0; g < t->groups; g++) {
        if (t->size[g] > 3 || t->mark[g] != (g < 3 ? '.' : 0))
            return false;
    }
    return t->groups == 4;
}

/* 4-2-2, 2-2-4, 1-1-4 ... with one mark: a day. */
static bool is_day(const struct token *t)
{
    if (t->groups != 3 || t->mark[0] != t->mark[1] || t->mark[0] == ' ')
        return false;
    if (t->size[0] == 4)
        return t->size[1] <= 2 && t->size[2] <= 2;
    return t->size[2] == 4 && t->size[0] <= 2 && t->size[1] <= 2;
}

/* Groups as identifiers of countries are written in: sizes as digits. */
static bool is_written(const struct token *t)
{
    static const uint32_t known[] = {324,  333,  334,   444,   423,    451,
                                     233,  4511, 2333,  3442,  3332,   632,
                                     6421, 3333, 23342, 22232, 1222332};
    uint32_t sizes = 0;

    if (t->groups == 2 && t->mark[0] == '-')
        return (t->size[0] == 6 && (t->size[1] == 4 || t->size[1] == 7)) ||
               (t->size[0] == 8 && t->size[1] == 4) ||
               (t->size[0] == 4 && t->size[1] == 6);
    for (size_t g = 0; g < t->groups; g++)
        sizes = sizes * 10 + t->size[g] % 10;
    for (size_t i = 0; i < COUNT(known) && t->groups > 2; i++) {
        if (known[i] == sizes)
            return true;
    }
    return false;
}

static bool is_sign(uint8_t c)
{
    return cell_is_digit(c) || cell_is_letter(c);
}

/* Seven to ten, and the longer ones that there are. */
static bool is_length(size_t len)
{
    return (len >= 7 && len <= 10) || len == 12 || len == 13 || len == 15 ||
           len == 18;
}

enum token_find token_lettered(struct span text, size_t pos, bool last,
                               struct token *t)
{
    const uint8_t *p = text.ptr;
    size_t from = pos, to = pos + 1;

    while (from > 0 && pos - from < LETTERED_MAX && is_sign(p[from - 1]))
        from--;
    while (to < text.len && to - from <= LETTERED_MAX && is_sign(p[to]))
        to++;
    *t = (struct token){.from = from, .to = to};
    if (to - from > LETTERED_MAX)
        return TOKEN_NONE;
    if (to + 3 > text.len && !last)
        return TOKEN_MORE;
    if (to + 2 < text.len && p[to] == '(' && is_sign(p[to + 1]) &&
        p[to + 2] == ')')
        t->to += 3; /* Hong Kong's check digit */
    bool glued = (from > 0 && is(p[from - 1], WORD)) ||
                 (t->to < text.len && is(p[t->to], WORD));
    return !glued && is_length(to - from) ? TOKEN_FOUND : TOKEN_NONE;
}

enum token_find token_word(struct span text, size_t pos, bool last,
                           struct token *t)
{
    size_t from = pos, to = pos + 1;

    while (from > 0 && pos - from < WORD_MAX && is_inner(text.ptr[from - 1]))
        from--;
    while (to < text.len && to - pos < WORD_MAX && is_inner(text.ptr[to]))
        to++;
    *t = (struct token){.from = from, .to = to};
    if (pos - from == WORD_MAX || to - pos == WORD_MAX)
        return TOKEN_NONE;
    return to == text.len && !last ? TOKEN_MORE : TOKEN_FOUND;
}

bool token_cell(struct span text, const struct token *t)
{
    if (t->groups == 1)
        return t->digits <= LONG_MAX;
    return is_day(t) || token_long(t) || token_phone(text, t) || is_written(t);
}

static bool is_end(uint8_t c)
{
    return c == '\n' || c == '\r';
}

/* What may stand between a value and the separators of its cell. */
static bool is_around(uint8_t c)
{
    return c == '"' || c == ' ' || c == '\'' || c == '=';
}

bool token_spaced(struct span text, const struct token *t)
{
    uint8_t before = t->from > 0 ? text.ptr[t->from - 1] : '\n';
    uint8_t behind = t->to < text.len ? text.ptr[t->to] : '\n';

    return (before == ' ' || is_end(before)) &&
           (behind == ' ' || is_end(behind)) &&
           (before == ' ' || behind == ' ');
}

/* Two blanks, or where the line ends. */
static bool is_wide_gap(struct span text, size_t at, bool back)
{
    size_t left = back ? at : text.len - at;
    const uint8_t *p = text.ptr + at;

    if (left == 0 || is_end(back ? p[-1] : p[0]))
        return true;
    return left > 1 && (back ? p[-1] : p[0]) == ' ' &&
           (back ? p[-2] : p[1]) == ' ';
}

bool token_day_apart(struct span text, const struct token *t)
{
    return is_day(t) && is_wide_gap(text, t->from, true) &&
           is_wide_gap(text, t->to, false);
}

/* In front of a whole value: 1, behind one: 2. */
static const uint8_t ends[256] = {
    ['"'] = 3,  ['\''] = 3, [','] = 3,  [' '] = 3, [':'] = 1,
    ['['] = 1,  ['>'] = 1,  [']'] = 2,  ['}'] = 2, ['<'] = 2,
    ['\n'] = 2, ['\r'] = 2, ['\\'] = 2,
};

bool token_value(struct span text, const struct token *t)
{
    return t->from > 0 && t->to < text.len && ends[text.ptr[t->from - 1]] & 1 &&
           ends[text.ptr[t->to]] & 2;
}

/* Behind what stands around the value up to a separator. */
static size_t around_end(struct span text, const struct token *t)
{
    size_t to = t->to;

    while (to < text.len && to - t->to < AROUND_MAX && is_around(text.ptr[to]))
        to++;
    return to;
}

bool token_unended(struct span text, const struct token *t)
{
    size_t to = around_end(text, t);

    return to == text.len && to - t->to < AROUND_MAX;
}

bool token_alone(struct span text, const struct token *t)
{
    size_t from = t->from, to = around_end(text, t);
    uint8_t before = '\n', behind = '\n';

    while (from > 0 && t->from - from < AROUND_MAX &&
           is_around(text.ptr[from - 1]))
        from--;
    if (from > 0)
        before = text.ptr[from - 1];
    if (to < text.len)
        behind = text.ptr[to];
    if (is(before, SEPARATOR))
        return behind == before || is_end(behind);
    return is_end(before) && (is_end(behind) || is(behind, SEPARATOR));
}
