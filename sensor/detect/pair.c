// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pair.c - a line as labels and values, in the notations people use.
 *
 *     Name: Anna Smith             name = "Anna Smith"
 *     Name ....... Anna Smith      【氏名】佐藤 茂
 *     name | Anna Smith            - {name: "Anna Smith", phone: "..."}
 *     10:22:01 saved name="Anna Smith" phone="..."
 *     array('name' => 'Anna Smith')  SET "full name" = 'Anna Smith', phone =
 * ... The name is Anna Smith. The phone number is ... 氏名は佐藤茂です。
 *
 * Each is a label, a mark and a value; where a line has several, a value
 * reaches up to the next label.
 *
 * It must not decide what a value is.
 */
#include "detect/pair.h"

#include <string.h>

#include "detect/cell.h"
#include "detect/undo.h"
#include "outflow/compiler.h"

enum {
    LABEL_MAX = 64,
    DOTS = 3,
    PLAIN_MARKS = 4, /* the others stand in sentences */
};

#define MARK(text)                                                             \
    {                                                                          \
        (const uint8_t *)(text), sizeof(text) - 1                              \
    }

/* What stands between a label and its value. */
static const struct span marks[] = {
    MARK(":"),
    MARK("=>"),
    MARK("="),
    MARK("\xEF\xBC\x9A"), /* ： */
    MARK("\xE3\x81\xAF"),
    /* は */ MARK(" is "),
    MARK(" was "),
};

/* What a label begins behind, in a line of several. */
static const struct span borders[] = {
    MARK(","),
    MARK(";"),
    MARK("|"),
    MARK("{"),
    MARK("("),
    MARK("\t"),
    MARK(". "),
    MARK("  "),
    MARK("["),
    MARK("\xE3\x80\x82"), /* 。 */
    MARK("\xE3\x80\x81"),
    /* 、 */ MARK("\xEF\xBC\x8C"), /* ， */
    MARK("\xE3\x80\x80"),          /* U+3000 */
};

static size_t starts_one(struct span s, const struct span *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (span_starts(s, words[i]))
            return words[i].len;
    }
    return 0;
}

/* Without quotes around it and signs of lists in front. */
static struct span unquoted(struct span value)
{
    value = cell_trim(value);
    if (value.len > 1 && (value.ptr[0] == '"' || value.ptr[0] == '\'') &&
        value.ptr[value.len - 1] == value.ptr[0])
        value = span_slice(value, 1, value.len - 1);
    return value;
}

/* "- ", "* ", "> " in front of a line. */
static struct span without_bullet(struct span line)
{
    line = cell_trim(line);
    while (line.len > 2 && strchr("-*>+", line.ptr[0]) && line.ptr[1] == ' ')
        line = cell_trim(span_skip(line, 2));
    return line;
}

/* Words in front of a label in a sentence. */
static struct span without_article(struct span label)
{
    static const char *const words[] = {"the ",  "his ",   "her ", "my ",
                                        "your ", "their ", "and "};

    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_starts_nocase(label, span_of(words[i])))
            label = span_trim(span_skip(label, strlen(words[i])));
    }
    return label;
}

struct claim pair_claim(struct header *h, struct buf *plain, struct span *label)
{
    struct claim claim;

    if (span_find(*label, '%') < label->len)
        *label = undo_cell(plain, *label, UNDO_PERCENT);
    for (size_t i = label->len; i > 1; i--) {
        if (label->ptr[i - 1] != '.')
            continue;
        struct span last = span_skip(*label, i);
        claim = header_find(h, last);
        if (claim.force != CLAIM_NONE)
            *label = last;
        if (claim.force != CLAIM_NONE)
            return claim;
        break;
    }
    return header_find(h, *label);
}

/* Where the label in front of place at begins. */
static size_t label_front(struct span line, size_t at, bool equals)
{
    size_t from = at;

    while (from > 0 && at - from < LABEL_MAX) {
        uint8_t c = line.ptr[from - 1];
        if (equals && (c == ' ' || c == '&'))
            break;
        bool ended = false;
        for (size_t i = 0; i < COUNT(borders) && !ended; i++)
            ended = from >= borders[i].len &&
                    span_eq(span_slice(line, from - borders[i].len, from),
                            borders[i]);
        if (ended)
            break;
        from--;
    }
    return from;
}

/* Behind a quoted value at the front of s; 0: it is not quoted. */
static size_t quoted_len(struct span s)
{
    size_t at = 0;

    while (at < s.len && s.ptr[at] == ' ')
        at++;
    if (at == s.len || (s.ptr[at] != '"' && s.ptr[at] != '\''))
        return 0;
    uint8_t quote = s.ptr[at];
    for (size_t end = at + 1; end < s.len; end++) {
        bool twice = end + 1 < s.len && s.ptr[end + 1] == quote;
        if (s.ptr[end] == '\\' || (s.ptr[end] == quote && twice))
            end++;
        else if (s.ptr[end] == quote)
            return end + 1;
    }
    return 0;
}

/*
 * The label that ends in front of the mark at place at: in quotes, or back to
 * where one begins. Empty when there is none.
 */
static struct span label_at(struct span line, size_t at, bool equals)
{
    size_t to = at;

    while (equals && to > 0 && line.ptr[to - 1] == ' ')
        to--;
    if (to < 2 || !strchr("\"'`]", line.ptr[to - 1]) || !equals)
        return span_slice(line, label_front(line, to, equals), to);
    uint8_t open = line.ptr[to - 1] == ']' ? '[' : line.ptr[to - 1];
    for (size_t i = to - 1; i > 0 && to - i < LABEL_MAX; i--) {
        if (line.ptr[i - 1] == open)
            return span_slice(line, i, to - 1);
    }
    return span_slice(line, to, to);
}

/* Where the sentence that s begins with ends. */
static size_t sentence_len(struct span s)
{
    for (size_t i = 2; i + 1 < s.len; i++) {
        bool ends = s.ptr[i] == '.' && s.ptr[i + 1] == ' ';
        /* St. and J. do not end one */
        if (ends && s.ptr[i - 1] != ' ' && s.ptr[i - 2] != ' ' &&
            !(i > 2 && s.ptr[i - 3] == ' ' && !cell_is_digit(s.ptr[i - 1])))
            return i;
    }
    return s.len;
}

/* A value without what separates it from the next label. */
static struct span without_tail(struct span value)
{
    static const struct span tails[] = {
        MARK("\xE3\x81\xA7\xE3\x81\x99\xE3\x80\x82"), /* です。 */
        MARK("\xE3\x81\xA7\xE3\x81\x99"),             /* です */
        MARK("\xE3\x80\x82"),                         /* 。 */
        MARK("\xE3\x80\x81"),                         /* 、 */
    };

    value = cell_trim(value);
    while (value.len > 0 && strchr(",;|}])", value.ptr[value.len - 1]))
        value = cell_trim(span_head(value, value.len - 1));
    for (size_t i = 0; i < COUNT(tails); i++) {
        size_t n = tails[i].len;
        if (value.len > n && span_eq(span_skip(value, value.len - n), tails[i]))
            value = cell_trim(span_head(value, value.len - n));
    }
    if (value.len > 1 && value.ptr[value.len - 1] == '.')
        value = span_head(value, value.len - 1);
    return unquoted(value);
}

/* text is the value of a pair: of a sentence only what the sentence says. */
static void end_value(struct pair *p, struct span text)
{
    p->said = text.ptr[-1] == ' ';
    if (p->said)
        text = span_head(text, sentence_len(text));
    p->value = without_tail(text);
}

/* All labels of a line that are known, or that "=" shows to be labels. */
static size_t take_many(struct header *h, struct buf *plain, struct span line,
                        struct pair *pairs)
{
    size_t count = 0, firm = 0, value = 0, quoted = 0;

    for (size_t at = 1; at < line.len;) {
        size_t mark = starts_one(span_skip(line, at), marks, COUNT(marks));
        bool equals = line.ptr[at] == '=';
        struct span label =
            mark ? label_at(line, at, equals) : (struct span){0};
        size_t from = label.len > 0 ? (size_t)(label.ptr - line.ptr) : at;
        if (label.len == 0 || (count > 0 && from < value)) {
            at++;
            continue;
        }
        label = without_article(unquoted(label));
        struct claim claim = pair_claim(h, plain, &label);
        if (claim.force == CLAIM_NONE && !equals) {
            at++;
            continue;
        }
        if (count > 0)
            end_value(&pairs[count - 1],
                      span_slice(line, value, quoted ? quoted : from));
        if (count == PAIRS_MAX)
            break;
        pairs[count++] = (struct pair){
            .label = label, .value = {line.ptr, 0}, .claim = claim};
        firm += claim.force == CLAIM_FIRM;
        value = at + mark;
        at = value + quoted_len(span_skip(line, value));
        quoted = at > value ? at : 0;
    }
    if (firm < 2)
        return 0;
    end_value(&pairs[count - 1],
              span_slice(line, value, quoted ? quoted : line.len));
    return count;
}

/* Label and value around a run of dots, or a bar. */
static bool cut_drawn(struct span line, struct span *label, struct span *value)
{
    for (size_t i = 1; i < line.len && i < LABEL_MAX; i++) {
        size_t n = i;
        while (n < line.len && line.ptr[n] == line.ptr[i])
            n++;
        bool bar = line.ptr[i] == '|' && n - i == 1;
        if (bar || (line.ptr[i] == '.' && n - i >= DOTS)) {
            *label = cell_trim(span_head(line, i));
            *value = cell_trim(span_skip(line, n));
            return label->len > 0;
        }
    }
    return false;
}

/* Between lenticular brackets: 【氏名】佐藤 茂. */
static bool cut_brackets(struct span line, struct span *label,
                         struct span *value)
{
    static const struct span open = MARK("\xE3\x80\x90");
    static const struct span close = MARK("\xE3\x80\x91");
    size_t end = span_find_run(span_head(line, LABEL_MAX), close);

    if (!span_starts(line, open) || end >= line.len || end >= LABEL_MAX)
        return false;
    *label = cell_trim(span_slice(line, 3, end));
    *value = cell_trim(span_skip(line, end + 3));
    return label->len > 0;
}

/* At the first ':', '=', full-width colon or tab. */
static bool cut_mark(struct span line, struct span *label, struct span *value)
{
    for (size_t i = 0; i < line.len && i < LABEL_MAX; i++) {
        size_t len = starts_one(span_skip(line, i), marks, PLAIN_MARKS);
        if (len == 0 && line.ptr[i] != '\t')
            continue;
        *label = span_trim(span_head(line, i));
        *value = span_trim(span_skip(line, i + (len ? len : 1)));
        return label->len > 0;
    }
    return false;
}

/* One sentence: a label, "is", a value. */
static bool cut_sentence(struct header *h, struct span line, struct pair *p)
{
    for (size_t i = 1; i < line.len && i < LABEL_MAX; i++) {
        size_t len = starts_one(span_skip(line, i), marks + PLAIN_MARKS,
                                COUNT(marks) - PLAIN_MARKS);
        if (len == 0)
            continue;
        p->label = without_article(span_trim(span_head(line, i)));
        p->value = without_tail(span_skip(line, i + len));
        p->spare = false;
        p->said = true;
        p->claim = header_find(h, p->label);
        return p->claim.force != CLAIM_NONE;
    }
    return false;
}

size_t pair_take(struct header *h, struct buf *plain, struct span line,
                 struct pair *pairs)
{
    line = without_bullet(line);
    size_t count = take_many(h, plain, line, pairs);
    if (count > 0)
        return count;
    struct pair *p = &pairs[0];
    p->spare = p->said = false;
    if (!cut_brackets(line, &p->label, &p->value) &&
        !cut_mark(line, &p->label, &p->value) &&
        !cut_drawn(line, &p->label, &p->value))
        return cut_sentence(h, line, p);
    p->label = unquoted(p->label);
    p->claim = pair_claim(h, plain, &p->label);
    if (p->claim.force == CLAIM_NONE)
        p->claim = header_find(h, without_article(p->label));
    if (p->claim.force == CLAIM_NONE && cut_sentence(h, line, p))
        return 1;
    if (p->value.len > 1 && p->value.ptr[p->value.len - 1] == ',')
        p->value = span_head(p->value, p->value.len - 1);
    p->value = unquoted(p->value);
    return 1;
}

struct claim pair_before(struct header *h, struct buf *plain, struct span line)
{
    struct claim none = {.type = FIELD_NONE, .force = CLAIM_NONE};

    /* ":", "=>" and "=" are looked for by others */
    for (size_t i = 3; i < COUNT(marks); i++) {
        struct span mark = i < PLAIN_MARKS ? marks[i] : span_trim(marks[i]);
        if (line.len <= mark.len ||
            !span_eq(span_skip(line, line.len - mark.len), mark))
            continue;
        size_t at = line.len - mark.len;
        size_t from = label_front(line, at, false);
        struct span label =
            without_article(unquoted(span_slice(line, from, at)));
        return pair_claim(h, plain, &label);
    }
    return none;
}

/* Properties that are called otherwise elsewhere. */
static const struct {
    const char *name;
    uint8_t type;
    bool spare;
} properties[] = {
    {"fn", FIELD_PERSON_NAME, false},
    {"cn", FIELD_PERSON_NAME, false},
    {"n", FIELD_PERSON_NAME, true},
    {"displayname", FIELD_PERSON_NAME, true},
    {"adr", FIELD_ADDRESS, false},
    {"street", FIELD_ADDRESS, true},
    {"bday", FIELD_DATE_OF_BIRTH, false},
};

static void claim_property(struct header *h, struct pair *p)
{
    if (span_starts_nocase(p->label, SPAN("x-")))
        p->label = span_skip(p->label, 2);
    for (size_t i = 0; i < COUNT(properties); i++) {
        if (span_eq_nocase(p->label, span_of(properties[i].name))) {
            p->claim =
                (struct claim){.type = properties[i].type, .force = CLAIM_FIRM};
            p->spare = properties[i].spare;
            return;
        }
    }
    p->claim = header_find(h, p->label);
}

/* The parts of a value (RFC 6350: parted by ;) as one text. */
static struct span join_parts(struct buf *plain, struct span value)
{
    size_t from = plain->len;
    bool fits = true, blank = true;

    for (size_t i = 0; i < value.len && fits; i++) {
        uint8_t c = value.ptr[i];
        bool hidden = c == '\\' && i + 1 < value.len;
        if (hidden)
            c = value.ptr[++i];
        if (!hidden && c == ';') {
            fits = blank || buf_add_byte(plain, ' ');
            blank = true;
            continue;
        }
        fits = buf_add_byte(plain, hidden && (c == 'n' || c == 'N') ? ' ' : c);
        blank = c == ' ';
    }
    return cell_trim(span_skip(buf_span(plain), from));
}

/* A note of an address book: "account no: 7348770443", perhaps on lines. */
static size_t note_pairs(struct header *h, struct span note, struct pair *pairs)
{
    static const struct span ends = SPAN_INIT("\\n");
    size_t count = 0;

    while (note.len > 0 && count < PAIRS_MAX) {
        size_t end = span_find_run(note, ends);
        struct span line = span_head(note, end);
        size_t colon = span_find(line, ':');
        struct pair p = {.label = span_trim(span_head(line, colon)),
                         .value = span_trim(span_skip(line, colon + 1))};
        p.claim = header_find(h, p.label);
        if (p.claim.force == CLAIM_FIRM && p.value.len > 0)
            pairs[count++] = p;
        note = span_skip(note, end + ends.len);
    }
    return count;
}

size_t pair_content(struct header *h, struct buf *plain, struct span line,
                    struct pair *p)
{
    size_t colon = span_find(line, ':');
    struct span head = span_head(line, colon);
    struct span value = span_skip(line, colon + 1);
    size_t params = span_find(head, ';'), group;

    if (colon == line.len || head.len == 0)
        return 0;
    *p = (struct pair){.label = span_head(head, params)};
    group = span_find(p->label, '.');
    if (group < p->label.len)
        p->label = span_skip(p->label, group + 1);
    if (span_starts(value, SPAN(":")))
        value = undo_base64(plain, span_trim(span_skip(value, 1)));
    else if (undo_has_word(span_skip(head, params), SPAN("quoted-printable")))
        value = undo_printable(plain, value);
    claim_property(h, p);
    value = span_trim(value);
    if (span_starts_nocase(value, SPAN("tel:")))
        value = span_skip(value, 4);
    if (span_eq_nocase(p->label, SPAN("note"))) {
        size_t noted = note_pairs(h, value, p);
        if (noted > 0)
            return noted;
    }
    p->value = join_parts(plain, value);
    return p->value.len > 0;
}

bool pair_begins_content(struct span line)
{
    return span_starts_nocase(line, SPAN("begin:vcard")) ||
           span_starts_nocase(line, SPAN("dn: ")) ||
           span_starts_nocase(line, SPAN("dn:: "));
}

bool pair_is_border(struct span line)
{
    line = span_trim(line);
    return span_starts_nocase(line, SPAN("end:vcard")) ||
           pair_begins_content(line) || span_starts(line, SPAN("***")) ||
           span_starts(line, SPAN("-[ ")) ||
           (line.len > 2 && line.ptr[0] == '[' &&
            line.ptr[line.len - 1] == ']');
}
