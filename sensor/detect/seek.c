// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * seek.c - passes over text that names nobody, at several bytes a cycle.
 *
 * Looks only where the masks of scan.h show a fourth digit in a row, a few
 * groups of digits, an @ or a line end. What stands there is judged at once:
 * a value alone between separators begins a sample, one behind a label hands
 * over to the readers of labels, a card in running text is noted. A token
 * that the bytes so far cut off is judged when it is whole.
 *
 * It must not keep anything of a line that has no sign.
 */
#include <string.h>

#include "detect/detectors.h"
#include "detect/front.h"
#include "detect/readers.h"
#include "detect/token.h"
#include "outflow/compiler.h"

enum {
    BLOCKS = 16,      /* masks made at once */
    FIRST_LINES = 16, /* lines of a part that may be a header */
    HEADER_MIN = 4,
    CUT_BACK = 256, /* bytes to look for a place to cut a line */
    HEADER_BACK = 3,
    HEADER_MAX = 4096,
    STRONG_REST = 64, /* lines that even strong signs wait after failures */
};

/* What an event leads to. */
enum turn {
    GO_ON = 0,
    WAIT, /* more bytes are needed to judge it */
    TURN, /* another reader takes over */
};

uint32_t seek_reach(const struct rows *r)
{
    uint32_t from = r->kind == TEXT_LINES ? r->row : r->at;
    uint32_t reach = r->kind >= TEXT_MARKUP ? LIMIT_PAGE
                     : r->kind == TEXT_JSON ? LIMIT_LOOKBACK
                                            : LIMIT_LINES;

    return from > reach ? from - reach : 0;
}

/*
 * Text from a little before the line (or as far back as may be) on: where a
 * line was cut, a number may lie across the cut.
 */
static struct span text_at(const struct rows *r, uint32_t *base)
{
    uint32_t before = r->row < SCAN_BLOCK ? r->row : SCAN_BLOCK;

    *base = r->kind == TEXT_LINES ? r->row - before : seek_reach(r);
    return rows_span(r, *base, r->len);
}

static bool may_sample(const struct rows *r, bool strong)
{
    if (r->kind != TEXT_LINES || r->row < r->settled)
        return false;
    if (r->rest == 0)
        return true;
    return strong && r->rest < STRONG_REST;
}

/* Start of the line in front of the one that begins at row, or row. */
static uint32_t line_before(const struct rows *r, uint32_t row)
{
    uint32_t floor = r->row > LIMIT_LINES ? r->row - LIMIT_LINES : 0;
    uint32_t at = row;

    floor = floor > r->settled ? floor : r->settled;
    if (at <= floor)
        return row;
    at--;
    if (at > floor && r->bytes[at] == '\n' && r->bytes[at - 1] == '\r')
        at--;
    while (at > floor && r->bytes[at - 1] != '\n' && r->bytes[at - 1] != '\r')
        at--;
    /* at the floor only what is known to begin a line does */
    return at > floor || at == r->settled ? at : row;
}

/* A header may stand up to three lines before the first row. */
static enum turn begin_sample(struct rows *r)
{
    uint32_t from = r->row;

    for (int i = 0; i < HEADER_BACK; i++)
        from = line_before(r, from);
    return sample_begin(r, from) ? TURN : GO_ON;
}

/* Lines of fixed width: a number between blanks may be a column's. */
static enum turn begin_words(struct rows *r, struct span text,
                             const struct token *t, bool strong)
{
    if (r->rest_words > 0 || r->kind != TEXT_LINES || r->overlap ||
        r->row < r->settled || !token_spaced(text, t) || !token_cell(text, t))
        return GO_ON;
    if (!strong && !r->spaced && !token_day_apart(text, t)) {
        /* one number is in any line */
        r->spaced = true;
        return GO_ON;
    }
    if (begin_sample(r) != TURN)
        return GO_ON;
    r->words = true;
    return TURN;
}

/* A value behind a label that only the notation of its line shows. */
static enum turn unlabelled(struct rows *r, uint32_t at)
{
    if (r->kind != TEXT_LINES || !pairs_sign(r, at))
        return GO_ON;
    pairs_begin(r);
    return TURN;
}

/* Is one of the lines in front a header of customers? */
static bool has_header(struct rows *r)
{
    uint32_t to = r->row;

    for (int i = 0; i < HEADER_BACK; i++) {
        uint32_t from = line_before(r, to);
        if (from == to)
            return false;
        if (sample_header(r, span_trim(rows_span(r, from, to))))
            return true;
        to = from;
    }
    return false;
}

/* A value alone in its cell: a row of the known table, or of another one. */
static enum turn sign_alone(struct rows *r, bool strong)
{
    enum wake wake = strong && r->table ? wake_judge(r) : WAKE_NOT;

    if (wake == WAKE_WAITS)
        return WAIT;
    if (wake == WAKE_UP && !has_header(r)) {
        wake_up(r);
        return TURN;
    }
    return may_sample(r, strong) ? begin_sample(r) : GO_ON;
}

/* Is the value at place at behind "=" or "=>", not behind ":"? */
static bool behind_equals(const struct rows *r, uint32_t at)
{
    while (at > 0 && r->bytes[at - 1] && strchr("\"' ", r->bytes[at - 1]))
        at--;
    return at > 1 && (r->bytes[at - 1] == '=' ||
                      (r->bytes[at - 1] == '>' && r->bytes[at - 2] == '='));
}

/* A value behind a label that the dictionary knows. */
static enum turn labelled(struct rows *r, const struct front *front,
                          uint32_t at)
{
    if (front->claim.force != CLAIM_FIRM)
        return unlabelled(r, at);
    if (r->kind == TEXT_JSON ||
        (front->sign == '"' &&
         !(r->kind == TEXT_LINES && behind_equals(r, at))))
        return object_begin(r, at) ? TURN : GO_ON;
    if (r->kind >= TEXT_MARKUP || front->sign == '<')
        return page_begin(r, at) ? TURN : GO_ON;
    if (r->row < r->paired)
        return GO_ON;
    pairs_begin(r);
    return TURN;
}

static struct front front_at(const struct rows *r, struct span text,
                             size_t from)
{
    struct detect *d = r->detect;

    return front_of(d->fronts, d->header, &d->plain, text, from);
}

/* A strong value without a label: what its kind of text makes of it. */
static enum turn strong_sign(struct rows *r, uint32_t at)
{
    if (r->kind == TEXT_JSON)
        return object_begin(r, at) ? TURN : GO_ON;
    if (r->kind >= TEXT_MARKUP)
        return page_begin(r, at) ? TURN : GO_ON;
    return GO_ON;
}

/* Seconds or milliseconds since 1970, as APIs tell times. */
static bool is_time(struct span text, const struct token *t)
{
    return t->groups == 1 && text.ptr[t->from] == '1' &&
           (t->digits == 10 || t->digits == 13);
}

/* A number in a text with structure: a row of it may have more to say. */
static enum turn weak_sign(struct rows *r, uint32_t at, struct span text,
                           const struct token *t, const struct front *front)
{
    if (r->kind == TEXT_LINES || is_time(text, t) || !token_value(text, t) ||
        front->claim.force == CLAIM_NOT)
        return GO_ON;
    if (r->rest > 0) {
        r->rest--;
        return GO_ON;
    }
    return strong_sign(r, at);
}

/* Is it one of our own numbers? Those whose check fails count too. */
static bool see_own(struct rows *r, struct span number)
{
    bool like;

    if (!numbers_any(r->detect->numbers))
        return false;
    enum field_type own = numbers_match(r->detect->numbers, number, &like);

    if (like)
        waiting_seen(r, SHARE_OWN, own != FIELD_NONE);
    return own != FIELD_NONE;
}

/* Is the line one of statements or tuples? */
static bool may_sql(const struct rows *r)
{
    uint32_t at = r->row;

    if (r->kind != TEXT_LINES)
        return false;
    while (at < r->len && (r->bytes[at] == ' ' || r->bytes[at] == '\t'))
        at++;
    return at < r->len && strchr("IiRrCc(", r->bytes[at]) && r->bytes[at];
}

/* What a look for a token came to: TURN when it is there and whole. */
static enum turn token_whole(const struct rows *r, struct span text,
                             enum token_find found, const struct token *t)
{
    if (found == TOKEN_NONE)
        return GO_ON;
    bool cut = t->to + 2 > text.len || token_unended(text, t);
    return found == TOKEN_MORE || (cut && !r->last) ? WAIT : TURN;
}

/* A value inside a statement, or behind a label. */
static enum turn framed(struct rows *r, const struct front *front, uint32_t at)
{
    if (may_sql(r) && sql_begin(r))
        return TURN;
    return labelled(r, front, at);
}

/* A number with letters around it: a label's value, or a cell alone. */
static enum turn see_lettered(struct rows *r, struct span text, uint32_t pos,
                              uint32_t base)
{
    struct token t;
    enum token_find found = token_lettered(text, pos - base, r->last, &t);
    enum turn turn = token_whole(r, text, found, &t);

    if (turn != TURN)
        return turn;
    r->judged = base + (uint32_t)t.to;
    struct front front = front_at(r, text, t.from);
    turn = framed(r, &front, base + (uint32_t)t.from);
    if (turn != GO_ON)
        return turn;
    return may_sample(r, false) && token_alone(text, &t) ? begin_sample(r)
                                                         : GO_ON;
}

/* One of our own numbers that may have letters. */
static enum turn see_word(struct rows *r, struct span text, uint32_t pos,
                          uint32_t base)
{
    struct token t;
    enum token_find found = token_word(text, pos - base, r->last, &t);

    enum turn turn = token_whole(r, text, found, &t);
    if (turn != TURN)
        return turn;
    if (!see_own(r, span_slice(text, t.from, t.to)))
        return GO_ON;
    r->judged = base + (uint32_t)t.to;
    struct front front = front_at(r, text, t.from);
    turn = labelled(r, &front, base + (uint32_t)t.from);
    if (turn != GO_ON)
        return turn;
    if (may_sample(r, true) && token_alone(text, &t) && begin_sample(r) == TURN)
        return TURN;
    r->card = r->card || r->kind == TEXT_LINES;
    return strong_sign(r, pos);
}

/*
 * Is the digit at pos part of a member that names nobody: one that its label
 * excludes, or a time? Then the place behind it, else 0. Such are most of the
 * numbers that machines send each other.
 */
static size_t idle_member(struct rows *r, struct span text, size_t pos)
{
    struct member m;

    if (r->kind != TEXT_JSON || numbers_any(r->detect->numbers) ||
        !token_member(text, pos, &m))
        return 0;
    const struct claim *claim = front_known(r->detect->fronts, m.label);
    size_t digits = m.to - m.from;
    if (claim == NULL || claim->force == CLAIM_FIRM)
        return 0;
    if (claim->force == CLAIM_NOT && digits < LONG_MIN)
        return m.to;
    const uint8_t *p = text.ptr + m.from;
    if (p[0] != '1' || p[1] == '8' || (digits != 10 && digits != 13))
        return 0;
    if (digits >= LONG_MIN)
        waiting_seen(r, SHARE_CARD, false);
    return m.to;
}

static enum turn see_number(struct rows *r, uint32_t pos)
{
    uint32_t base;
    struct span text = text_at(r, &base), card;
    struct token t;

    if (pos < r->judged)
        return GO_ON;
    bool letters = numbers_letters(r->detect->numbers);
    if (letters) {
        enum turn word = see_word(r, text, pos, base);
        if (word != GO_ON || pos < r->judged)
            return word;
    }
    size_t end = letters ? 0 : token_short(text, pos - base);
    if (end == 0)
        end = idle_member(r, text, pos - base);
    if (end > 0) {
        r->judged = base + (uint32_t)end;
        return GO_ON;
    }
    enum token_find found = token_number(text, pos - base, r->last, &t);
    enum turn turn = token_whole(r, text, found, &t);
    if (turn == WAIT)
        return WAIT;
    if (turn == GO_ON) {
        turn = see_lettered(r, text, pos, base);
        if (turn == GO_ON && r->judged < base + t.to)
            r->judged = base + (uint32_t)t.to;
        return turn;
    }
    uint32_t judged = r->judged;
    r->judged = base + (uint32_t)t.to;
    if (token_host(&t))
        return GO_ON;
    struct front front = front_at(r, text, t.from);
    turn = framed(r, &front, base + (uint32_t)t.from);
    if (turn != GO_ON)
        return turn;
    bool is_long = token_long(&t);
    bool is_card = is_long && token_card(text, &t, &card);
    bool strong = is_card || token_phone(text, &t);
    if (((strong && r->table) || may_sample(r, strong)) &&
        token_cell(text, &t) && token_alone(text, &t))
        turn = sign_alone(r, strong);
    if (turn == WAIT)
        r->judged = judged;
    if (turn != GO_ON)
        return turn;
    if (begin_words(r, text, &t, strong) == TURN)
        return TURN;
    if (is_long)
        waiting_seen(r, SHARE_CARD, is_card);
    bool is_own = see_own(r, span_slice(text, t.from, t.to));
    r->card = r->card || ((is_card || is_own) && r->kind == TEXT_LINES);
    return strong || is_own ? strong_sign(r, pos)
                            : weak_sign(r, pos, text, &t, &front);
}

static enum turn see_email(struct rows *r, uint32_t pos)
{
    uint32_t base;
    struct span text = text_at(r, &base);
    struct token t;

    enum token_find found = token_email(text, pos - base, r->last, &t);
    enum turn turn = token_whole(r, text, found, &t);
    if (turn != TURN)
        return turn;
    struct front front = front_at(r, text, t.from);
    turn = framed(r, &front, base + (uint32_t)t.from);
    if (turn != GO_ON)
        return turn;
    if (token_alone(text, &t))
        turn = sign_alone(r, true);
    return turn != GO_ON ? turn : strong_sign(r, pos);
}

/* Four full-width digits in a row, in UTF-8 or CP932. */
static bool wide_digits(struct span s, bool *more)
{
    bool utf = s.ptr[0] == 0xEF;
    size_t step = utf ? 3 : 2;

    for (size_t i = 0; i < 4 * step; i += step) {
        *more = i + step > s.len;
        if (*more)
            return false;
        const uint8_t *p = s.ptr + i;
        if (utf ? p[0] != 0xEF || p[1] != 0xBC || p[2] < 0x90 || p[2] > 0x99
                : p[0] != 0x82 || p[1] < 0x4F || p[1] > 0x58)
            return false;
    }
    return true;
}

static enum turn see_wide(struct rows *r, uint32_t pos)
{
    bool more = false;

    if (!may_sample(r, false))
        return GO_ON;
    if (wide_digits(rows_span(r, pos, r->len), &more))
        return begin_sample(r);
    return more && !r->last ? WAIT : GO_ON;
}

/* May the line be a header, or a row that nothing else shows? */
static bool may_open(const struct rows *r, struct span line)
{
    return r->kind == TEXT_LINES && r->lines < FIRST_LINES &&
           r->row >= r->settled && line.len >= HEADER_MIN &&
           line.len <= HEADER_MAX;
}

static enum turn line_end(struct rows *r, uint32_t pos)
{
    struct span line = rows_span(r, r->row, pos);
    uint32_t next = pos + 1;

    if (r->bytes[pos] == '\r') {
        if (next == r->len && !r->last && !r->ended)
            return WAIT;
        if (next < r->len && r->bytes[next] == '\n')
            next++;
    }
    if (r->kind == TEXT_LINES && r->lines < FIRST_LINES && sql_begins(line) &&
        sql_begin(r))
        return TURN;
    if (r->kind == TEXT_LINES && r->lines < FIRST_LINES &&
        r->row >= r->paired && pair_begins_content(line)) {
        pairs_begin(r);
        return TURN;
    }
    if (may_open(r, line) &&
        ((sample_header(r, line) && sample_begin(r, r->row)) ||
         (opening_person(r, line) && begin_sample(r) == TURN)))
        return TURN;
    if (r->card)
        waiting_line(r, next);
    rows_seek(r, next);
    return GO_ON;
}

/* A line longer than any row: its rest goes on as a line of its own. */
static bool cut_line(struct rows *r, uint32_t pos)
{
    uint32_t most = r->row + LIMIT_ROW, end = most;

    if (r->kind != TEXT_LINES || pos < most)
        return false;
    while (most - end < CUT_BACK && !memchr(" ,;|\t", r->bytes[end - 1], 5))
        end--;
    end = most - end < CUT_BACK ? end : most;
    if (r->card)
        waiting_line(r, end);
    rows_seek(r, end);
    r->judged = end;
    return true;
}

static enum turn event(struct rows *r, uint32_t pos)
{
    uint8_t sign = r->bytes[pos];

    if (pos < r->row)
        return GO_ON; /* the LF of a CR LF */
    if (cut_line(r, pos))
        return TURN;
    if (sign == '\n' || sign == '\r')
        return line_end(r, pos);
    if (sign == '@')
        return see_email(r, pos);
    return sign & 0x80 ? see_wide(r, pos) : see_number(r, pos);
}

/* What the scan must know of the bytes before r->at. */
static struct scan_before before_at(const struct rows *r)
{
    struct scan_before before = {0, 0, 0};
    struct scan_block unused;
    uint8_t block[SCAN_BLOCK] = {0};
    uint32_t from = r->at;

    while (from > 0 && r->at - from < SCAN_BLOCK &&
           (cell_is_digit(r->bytes[from - 1]) || r->bytes[from - 1] == ' ' ||
            (uint8_t)(r->bytes[from - 1] - '-') <= '/' - '-'))
        from--;
    if (from == r->at)
        return before;
    memcpy(block + SCAN_BLOCK - (r->at - from), r->bytes + from, r->at - from);
    r->detect->isa->blocks(block, 1, &before, &unused);
    return before;
}

/* May the lines of a block be passed over together? */
static bool may_pass(const struct rows *r, const struct scan_block *b,
                     uint64_t valid, uint32_t base)
{
    uint64_t last = valid ^ valid >> 1; /* a CR there may go on */

    if (r->card || b->cr & last)
        return false;
    return r->kind != TEXT_LINES ||
           (r->lines >= FIRST_LINES && base + SCAN_BLOCK - r->row < LIMIT_ROW);
}

/* Only line ends: the row begins behind the last of them. */
static void pass_lines(struct rows *r, const struct scan_block *b,
                       uint64_t valid, uint32_t base)
{
    uint64_t newline = b->newline & valid;
    uint64_t both = b->cr & (newline & ~b->cr) >> 1; /* CR of a CR LF */
    uint64_t ends = newline & ~both;

    if (r->row > base) /* the LF of a CR LF whose CR ended the last block */
        ends &= ~UINT64_C(1);
    if (ends == 0)
        return;
    r->row = base + 64 - (uint32_t)__builtin_clzll(ends);
    rows_passed(r, (uint32_t)__builtin_popcountll(ends));
}

/* The events of one block; valid says which of its bytes are there. */
static enum turn read_block(struct rows *r, const struct scan_block *b,
                            uint64_t valid, uint32_t base)
{
    uint64_t signs = b->signs & valid;

    if (signs == 0 && may_pass(r, b, valid, base)) {
        pass_lines(r, b, valid, base);
        return GO_ON;
    }
    for (uint64_t left = signs | (b->newline & valid); left; left &= left - 1) {
        uint32_t pos = base + (uint32_t)__builtin_ctzll(left);
        r->at = pos;
        enum turn turn = event(r, pos);
        if (turn != GO_ON)
            return turn;
    }
    return GO_ON;
}

/* 1 when the last byte is known only by what comes behind it. */
static uint32_t open_end(const struct rows *r)
{
    uint8_t c = r->len > 0 && !r->last ? r->bytes[r->len - 1] : 0;

    return c == '@' || c == 0xEF || c == 0x82;
}

/* Up to BLOCKS blocks from r->at on; more: bytes are left behind them. */
static enum turn read_blocks(struct rows *r, bool *more)
{
    struct scan_block blocks[BLOCKS];
    uint32_t start = r->at, left = r->len - start;
    size_t count = (left + SCAN_BLOCK - 1) / SCAN_BLOCK;

    count = count < BLOCKS ? count : BLOCKS;
    struct scan_before before = before_at(r);
    r->detect->isa->blocks(r->bytes + start, count, &before, blocks);
    for (size_t i = 0; i < count; i++) {
        const struct scan_block *b = &blocks[i];
        uint32_t base = start + (uint32_t)i * SCAN_BLOCK;
        uint32_t n = r->len - base;
        uint64_t valid = n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
        if ((b->newline | b->signs) == 0)
            continue;
        enum turn turn = read_block(r, b, valid, base);
        if (turn != GO_ON)
            return turn;
    }
    *more = left > count * SCAN_BLOCK;
    r->at = *more ? start + (uint32_t)count * SCAN_BLOCK : r->len - open_end(r);
    return GO_ON;
}

bool seek_read(struct rows *r)
{
    bool more = r->at < r->len;

    while (more) {
        enum turn turn = read_blocks(r, &more);
        if (turn != GO_ON)
            return turn == TURN;
        if (cut_line(r, r->at))
            return true;
    }
    if (r->last && r->row < r->len && !r->overlap) {
        if (r->card)
            waiting_line(r, r->len);
        rows_seek(r, r->len);
    }
    return false;
}
