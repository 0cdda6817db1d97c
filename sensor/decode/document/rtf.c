// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rtf.c - the text of rich text files.
 *
 * In:   a part that begins "{\rtf".
 * Out:  its text in UTF-8; cells of tables set off by tabs, a line a row;
 *       embedded objects as parts of their own.
 * Not:  no pictures, styles or fields' instructions.
 * Spec: Rich Text Format (RTF) Specification 1.9.1; [MS-OLEDS] 2.2.
 *
 *     { group }   \word123 (a blank behind it is part of it)   \'82 a byte
 *     \u24179?    a character, and what older readers show for it
 *
 * Bytes are in the code page of their font. Behind a hole text is taken to
 * be text: a picture that it cut in two may then look like some.
 */
#include <string.h>

#include "decode/document/cells.h"
#include "decode/document/codepage.h"
#include "decode/document/rtf_object.h"
#include "outflow/decoder.h"

enum {
    DEPTH = 64,       /* groups told apart; deeper ones are like their parent */
    WORD_MOST = 32,   /* letters of a control word */
    FONTS_MOST = 128, /* fonts whose code page is kept */
    PENDING = 8,      /* bytes of a character that is not whole */
    ANSI = 1252,
};

enum stage {
    STAGE_TEXT = 0,
    STAGE_CONTROL, /* behind a backslash */
    STAGE_WORD,
    STAGE_NUMBER,
    STAGE_HEX,
    STAGE_HEX_LOW,
    STAGE_BINARY,
};

enum target { TARGET_TEXT = 0, TARGET_SKIP, TARGET_FONTS, TARGET_OBJECT };

enum action {
    DO_CHAR,
    DO_PARAGRAPH,
    DO_CELL,
    DO_ROW,
    DO_TABLE,
    DO_UNICODE,
    DO_FALLBACK,
    DO_BINARY,
    DO_CODEPAGE,
    DO_FONT,
    DO_FONT_DEFAULT,
    DO_FONT_PLAIN,
    DO_FONT_SET,
    DO_FONT_CODEPAGE,
    DO_FONTS,
    DO_OBJECT,
    DO_KEEP,
    DO_SKIP,
};

struct group {
    uint8_t target;    /* enum target */
    uint8_t fallback;  /* characters behind \u to pass */
    uint16_t codepage; /* of its font */
};

struct font {
    int32_t number;
    uint16_t codepage;
};

struct rtf {
    struct cells cells;
    bool begun;    /* cells is in use */
    uint8_t stage; /* enum stage */
    bool star;     /* "\*": readers may ignore the group */
    bool table;    /* the paragraph is in a table */
    bool tab;      /* a cell ended: a tab before the next one */
    bool numbered; /* the word has a number */
    bool negative;
    bool over;    /* the outermost group ended */
    bool torn;    /* a hole was met: groups are not balanced */
    uint8_t high; /* digit of \' */
    uint8_t word_len;
    uint8_t pending_len;
    uint16_t codepage; /* of the document */
    uint16_t pass;     /* characters of a fallback still to pass */
    uint16_t pair;     /* first half of a surrogate pair */
    uint32_t depth;
    int64_t number;
    uint64_t binary; /* bytes of \bin left */
    int32_t font;    /* being defined */
    int32_t font_default;
    uint32_t font_count;
    char word[WORD_MOST];
    uint8_t pending[PENDING];
    struct group groups[DEPTH];
    struct font fonts[FONTS_MOST];
    struct rtf_object object;
};

static enum match rtf_probe(struct span head, const struct hint *hint)
{
    struct span want = span_head(SPAN("{\\rtf"), head.len);

    (void)hint;
    if (head.len == 0 || !span_starts(head, want))
        return MATCH_NO;
    return want.len == 5 ? MATCH_YES : MATCH_MORE;
}

static struct group *group_of(struct rtf *r)
{
    uint32_t at = r->depth > 0 ? r->depth - 1 : 0;

    return &r->groups[at < DEPTH ? at : DEPTH - 1];
}

/* --- characters --- */

static void put_code(struct rtf *r, uint32_t code)
{
    uint8_t utf8[8];

    if (r->tab && code != '\n')
        cells_text(&r->cells, SPAN("\t"));
    r->tab = false;
    cells_text(&r->cells, (struct span){utf8, charset_put(code, utf8)});
}

/* A character by its code; false: it was of a fallback. */
static void take_code(struct rtf *r, uint32_t code)
{
    if (r->pass > 0)
        r->pass--;
    else if (group_of(r)->target == TARGET_TEXT)
        put_code(r, code);
}

/* Bytes that are a character in their code page, or may become one. */
static void take_byte(struct rtf *r, uint8_t byte)
{
    struct group *g = group_of(r);
    uint16_t codepage = g->codepage > 0 ? g->codepage : r->codepage;
    uint32_t code;

    if (r->pass > 0) {
        r->pass--;
        return;
    }
    if (g->target != TARGET_TEXT)
        return;
    if (r->pending_len == 0 && byte < 0x80) {
        put_code(r, byte);
        return;
    }
    r->pending[r->pending_len++] = byte;
    struct span all = {r->pending, r->pending_len};
    size_t len = charset_decode(codepage_find(codepage), all, &code);
    if (len == 0 && r->pending_len < PENDING)
        return;
    r->pending_len = 0;
    if (code != CHARSET_BAD && len > 0)
        put_code(r, code);
}

static void take_unicode(struct rtf *r)
{
    uint32_t unit = (uint32_t)(r->number & 0xffff);

    r->pass = 0;
    if ((unit & 0xfc00) == 0xd800)
        r->pair = (uint16_t)unit;
    else if ((unit & 0xfc00) == 0xdc00 && r->pair > 0)
        take_code(r, 0x10000 + ((r->pair & 0x3ffU) << 10) + (unit & 0x3ff));
    else if (unit > 0 && (unit & 0xfc00) != 0xdc00)
        take_code(r, unit);
    r->pass = group_of(r)->fallback;
}

/* --- fonts --- */

static struct font *font_find(struct rtf *r, int32_t number)
{
    for (uint32_t i = 0; i < r->font_count; i++)
        if (r->fonts[i].number == number)
            return &r->fonts[i];
    return NULL;
}

static void font_define(struct rtf *r, uint16_t codepage)
{
    struct font *f = font_find(r, r->font);

    if (group_of(r)->target != TARGET_FONTS)
        return;
    if (f == NULL && r->font_count < FONTS_MOST)
        f = &r->fonts[r->font_count++];
    if (f != NULL)
        *f = (struct font){r->font, codepage};
}

static void font_choose(struct rtf *r, int32_t number)
{
    const struct font *f = font_find(r, number);

    r->font = number;
    if (group_of(r)->target != TARGET_FONTS)
        group_of(r)->codepage = f != NULL ? f->codepage : 0;
}

/* --- control words --- */

/* A paragraph in a cell stays in its line. */
static void take_paragraph(struct rtf *r)
{
    take_code(r, r->table ? ' ' : '\n');
}

static void take_cell(struct rtf *r)
{
    if (group_of(r)->target != TARGET_TEXT)
        return;
    if (r->tab)
        cells_text(&r->cells, SPAN("\t"));
    r->tab = true;
}

static void take_row(struct rtf *r)
{
    r->tab = false;
    take_code(r, '\n');
}

static void font_do(struct rtf *r, enum action action)
{
    uint32_t number = (uint32_t)(r->number & 0xffff);

    switch (action) {
    case DO_FONT:
        font_choose(r, (int32_t)r->number);
        break;
    case DO_FONT_DEFAULT:
        r->font_default = (int32_t)r->number;
        break;
    case DO_FONT_PLAIN:
        font_choose(r, r->font_default);
        break;
    case DO_FONT_SET: /* 0 and 1 say nothing: the document's code page */
        font_define(r, number > 1 ? (uint16_t)codepage_of_font(number) : 0);
        break;
    case DO_FONT_CODEPAGE:
        font_define(r, (uint16_t)number);
        break;
    default:
        break;
    }
}

/* What a group is for. */
static void target_do(struct rtf *r, enum action action)
{
    struct group *g = group_of(r);

    if (g->target == TARGET_SKIP)
        return;
    if (action == DO_FONTS)
        g->target = TARGET_FONTS;
    else if (action == DO_SKIP)
        g->target = TARGET_SKIP;
    else if (action == DO_OBJECT) {
        g->target = TARGET_OBJECT;
        rtf_object_begin(&r->object);
    }
}

static void word_do(struct rtf *r, enum action action, uint32_t value)
{
    switch (action) {
    case DO_CHAR:
        take_code(r, value);
        break;
    case DO_PARAGRAPH:
        take_paragraph(r);
        break;
    case DO_CELL:
        take_cell(r);
        break;
    case DO_ROW:
        take_row(r);
        break;
    case DO_TABLE:
        r->table = value != 0;
        break;
    case DO_UNICODE:
        take_unicode(r);
        break;
    case DO_FALLBACK:
        group_of(r)->fallback = (uint8_t)(r->number & 0xff);
        break;
    case DO_BINARY:
        r->binary = r->number > 0 ? (uint64_t)r->number : 0;
        break;
    case DO_CODEPAGE:
        r->codepage = (uint16_t)(r->numbered ? r->number : (int64_t)value);
        break;
    case DO_FONTS:
    case DO_OBJECT:
    case DO_KEEP:
    case DO_SKIP:
        target_do(r, action);
        break;
    default:
        font_do(r, action);
        break;
    }
}

/* The word is complete. */
static void take_word(struct rtf *r)
{
    static const struct {
        const char *name;
        uint8_t action;
        uint16_t value;
    } words[] = {
#define WORD(name_, action_, value_) {name_, DO_##action_, value_},
#include "decode/document/rtf_words.def"
    };
    const struct span word = {(const uint8_t *)r->word, r->word_len};
    bool star = r->star;

    r->stage = STAGE_TEXT;
    r->star = false;
    r->number = r->negative ? -r->number : r->number;
    for (size_t i = 0; i < COUNT(words); i++) {
        if (words[i].name[0] != r->word[0] ||
            !span_eq(word, span_of(words[i].name)))
            continue;
        if (words[i].action != DO_CHAR)
            r->pending_len = 0;
        word_do(r, (enum action)words[i].action, words[i].value);
        r->stage = r->binary > 0 ? STAGE_BINARY : STAGE_TEXT;
        return;
    }
    if (star)
        target_do(r, DO_SKIP);
}

/* A backslash and one other character. */
static void take_symbol(struct rtf *r, uint8_t byte)
{
    r->stage = STAGE_TEXT;
    switch (byte) {
    case '\'':
        r->stage = STAGE_HEX;
        break;
    case '*':
        r->star = true;
        break;
    case '~':
        take_code(r, ' ');
        break;
    case '_':
        take_code(r, '-');
        break;
    case '\n':
    case '\r':
        take_paragraph(r);
        break;
    case '\\':
    case '{':
    case '}':
        take_byte(r, byte);
        break;
    default:
        break;
    }
}

/* --- groups and bytes --- */

static void group_begin(struct rtf *r)
{
    const struct group g = *group_of(r);

    r->pending_len = 0;
    r->pass = 0;
    r->depth++;
    *group_of(r) = g;
}

static void group_end(struct rtf *r)
{
    if (group_of(r)->target == TARGET_OBJECT)
        rtf_object_end(&r->object, &r->cells);
    r->pending_len = 0;
    r->pass = 0;
    if (r->depth > 0)
        r->depth--;
    if (r->depth == 0 && r->torn) /* what began in a hole ends, too */
        r->depth = 1;
    r->over = r->depth == 0;
}

static void text_byte(struct rtf *r, uint8_t byte)
{
    switch (byte) {
    case '{':
        group_begin(r);
        break;
    case '}':
        group_end(r);
        break;
    case '\\':
        r->stage = STAGE_CONTROL;
        break;
    case '\r':
    case '\n':
    case '\0':
        break;
    default:
        if (group_of(r)->target == TARGET_OBJECT)
            rtf_object_digit(&r->object, byte, &r->cells);
        else
            take_byte(r, byte);
        break;
    }
}

static bool letter(uint8_t byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* A word begins, or it is a symbol. */
static void control_byte(struct rtf *r, uint8_t byte)
{
    r->word_len = 0;
    r->number = 0;
    r->numbered = false;
    r->negative = false;
    if (!letter(byte)) {
        take_symbol(r, byte);
        return;
    }
    r->word[r->word_len++] = (char)byte;
    r->stage = STAGE_WORD;
}

/* More of a word; false: the byte is not part of it. */
static bool word_byte(struct rtf *r, uint8_t byte)
{
    static const int64_t most = INT64_C(1) << 40;

    if (r->stage == STAGE_WORD && letter(byte)) {
        if (r->word_len < WORD_MOST)
            r->word[r->word_len++] = (char)byte;
        return true;
    }
    if (r->stage == STAGE_WORD && byte == '-') {
        r->negative = true;
        r->stage = STAGE_NUMBER;
        return true;
    }
    if (byte >= '0' && byte <= '9') {
        r->stage = STAGE_NUMBER;
        r->numbered = true;
        if (r->number < most)
            r->number = r->number * 10 + (byte - '0');
        return true;
    }
    take_word(r);
    return byte == ' ';
}

static void hex_byte(struct rtf *r, uint8_t byte)
{
    unsigned digit = span_hex_digit(byte);

    if (digit > 15) {
        r->stage = STAGE_TEXT;
        text_byte(r, byte);
    } else if (r->stage == STAGE_HEX) {
        r->high = (uint8_t)digit;
        r->stage = STAGE_HEX_LOW;
    } else {
        r->stage = STAGE_TEXT;
        take_byte(r, (uint8_t)((unsigned)r->high << 4 | digit));
    }
}

/* Letters and blanks that mean themselves, at the front of bytes. */
static size_t plain_len(const struct rtf *r, struct span bytes)
{
    size_t len = 0;

    if (r->pending_len > 0 || r->pass > 0 || r->tab)
        return 0;
    while (len < bytes.len && bytes.ptr[len] >= 0x20 && bytes.ptr[len] < 0x80 &&
           bytes.ptr[len] != '\\' && bytes.ptr[len] != '{' &&
           bytes.ptr[len] != '}')
        len++;
    return len;
}

/* Several bytes at once, where they need no looking at; gives how many. */
static size_t rtf_run(struct rtf *r, struct span bytes)
{
    enum target target = (enum target)group_of(r)->target;
    size_t len = 0;

    if (r->stage == STAGE_BINARY) {
        len = span_head(bytes, (size_t)r->binary).len;
        if (target == TARGET_OBJECT)
            rtf_object_bytes(&r->object, span_head(bytes, len), &r->cells);
        r->binary -= len;
        if (r->binary == 0)
            r->stage = STAGE_TEXT;
    } else if (r->stage == STAGE_TEXT && target != TARGET_OBJECT) {
        len = plain_len(r, bytes);
        if (target == TARGET_TEXT)
            cells_text(&r->cells, span_head(bytes, len));
    }
    return len;
}

static void rtf_byte(struct rtf *r, uint8_t byte)
{
    if (r->stage == STAGE_CONTROL)
        control_byte(r, byte);
    else if (r->stage == STAGE_HEX || r->stage == STAGE_HEX_LOW)
        hex_byte(r, byte);
    else if (r->stage == STAGE_TEXT || !word_byte(r, byte))
        text_byte(r, byte);
}

static void rtf_begin(struct rtf *r, struct sink *out)
{
    if (!r->begun) {
        cells_init(&r->cells, out);
        cells_open(&r->cells, SPAN("rtf"), "text/plain");
        r->groups[0].fallback = 1;
        r->codepage = ANSI;
    }
    r->begun = true;
    r->cells.out = out;
}

static struct progress rtf_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct rtf *r = state;
    struct span rest = bytes;

    (void)dir;
    rtf_begin(r, out);
    while (rest.len > 0 && !r->cells.refused && !r->over) {
        size_t len = rtf_run(r, rest);
        rest = span_skip(rest, len);
        if (rest.len == 0 || r->stage == STAGE_BINARY)
            continue;
        uint8_t byte = *rest.ptr;
        rest = span_skip(rest, 1);
        if (r->stage == STAGE_BINARY)
            continue;
        rtf_byte(r, byte);
    }
    enum decode_status status = r->over ? DECODE_DONE : DECODE_MORE;
    if (r->over)
        cells_close(&r->cells, PART_WHOLE);
    if (r->cells.refused)
        status = DECODE_REFUSED;
    return (struct progress){status, bytes.len - rest.len};
}

/* Where it goes on is not known: in text, most likely. */
static struct progress rtf_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    struct rtf *r = state;

    (void)dir;
    rtf_begin(r, out);
    rtf_object_end(&r->object, &r->cells);
    cells_gap(&r->cells, len);
    uint32_t known = r->depth < DEPTH ? r->depth : (uint32_t)DEPTH;
    if (r->binary > len) {
        r->binary -= len;
    } else {
        r->binary = 0;
        r->stage = STAGE_TEXT;
        for (uint32_t i = 0; i < known; i++)
            r->groups[i].target = TARGET_TEXT;
    }
    r->torn = true;
    r->pending_len = 0;
    r->pass = 0;
    return (struct progress){r->cells.refused ? DECODE_REFUSED : DECODE_MORE,
                             0};
}

static enum decode_status rtf_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    struct rtf *r = state;

    (void)dir;
    (void)rest;
    rtf_begin(r, out);
    rtf_object_end(&r->object, &r->cells);
    cells_close(&r->cells, PART_CUT);
    return r->cells.refused ? DECODE_REFUSED : DECODE_DONE;
}

static void rtf_close(void *state)
{
    struct rtf *r = state;

    if (r->begun)
        cells_clear(&r->cells);
}

const struct decoder decoder_rtf = {
    .name = "rtf",
    .state_size = sizeof(struct rtf),
    .recodes = true,
    .probe = rtf_probe,
    .feed = rtf_feed,
    .gap = rtf_gap,
    .end = rtf_end,
    .close = rtf_close,
};
