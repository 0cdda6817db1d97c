// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * expression.c - regular expressions for values, by libhyperscan.
 *
 * A pattern is measured before the library sees it: how many places it has
 * once its repeats are written out, and whether a repeat without end stands
 * inside another. It is compiled between the ends of a value.
 *
 * It must not use anything but the library and libc: the build runs it
 * alone, to refuse a library that loses matches (expression_trusted).
 */
#include "detect/expression.h"

#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATTERN_MOST = 512, /* signs of a pattern */
    PLACES_MOST = 2000, /* with repeats written out: 1 ms and 100 KiB */
    REPEAT_MOST = 1000,
    DEPTH_MOST = 16,
    VALUE_MOST = 256,
};

struct expression {
    hs_database_t *database;
    hs_scratch_t *scratch;
};

/* What stands inside of one pair of brackets, and its last piece. */
struct level {
    unsigned places;
    bool loops; /* a repeat without end */
    unsigned last;
    bool last_loops, repeatable;
};

struct measure {
    const char *at;
    struct level level[DEPTH_MOST];
    unsigned depth;
    const char *want; /* what is wrong, NULL nothing */
};

static void piece(struct measure *m, unsigned places, bool loops)
{
    struct level *l = &m->level[m->depth];

    l->places += places;
    l->last = places;
    l->last_loops = loops;
    l->loops = l->loops || loops;
    l->repeatable = true;
}

static void measure_open(struct measure *m)
{
    if (m->at[1] == '?' && m->at[2] != ':')
        m->want = "groups ( ) and (?: ) only";
    else if (m->depth + 1 == DEPTH_MOST)
        m->want = "at most 15 brackets inside one another";
    else
        m->level[++m->depth] = (struct level){.places = 0};
    m->at += m->at[1] == '?' ? 3 : 1;
}

static void measure_close(struct measure *m)
{
    if (m->depth == 0) {
        m->want = "a ( for every )";
        return;
    }
    struct level inner = m->level[m->depth--];
    piece(m, inner.places, inner.loops);
    m->at++;
}

static void measure_escape(struct measure *m)
{
    char c = m->at[1];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9');

    if (c == 0 || (letter && !strchr("dDwWsStnr", c)))
        m->want = "\\d \\w \\s \\t \\n \\r or a sign behind \\";
    piece(m, 1, false);
    m->at += 2;
}

static void measure_class(struct measure *m)
{
    const char *at = m->at + 1;

    at += *at == '^';
    at += *at == ']';
    for (; *at && *at != ']'; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (*at == '[')
            break;
    }
    if (*at != ']')
        m->want = "a ] for every [, and no [ inside";
    piece(m, 1, false);
    m->at = at + 1;
}

/* {n} {n,} {n,m}; most is 0 without an end. */
static bool take_bounds(struct measure *m, unsigned *least, unsigned *most)
{
    char *end;

    *least = (unsigned)strtoul(m->at + 1, &end, 10);
    if (end == m->at + 1 || m->at[1] == '-' || *least > REPEAT_MOST)
        return false;
    *most = *least;
    if (*end == ',') {
        const char *from = end + 1;
        *most = *from == '}' ? 0 : (unsigned)strtoul(from, &end, 10);
        if (*from == '}')
            end++;
        else if (end == from || *from == '-' || *most < *least || *most == 0)
            return false;
    }
    m->at = end + 1;
    return *end == '}' && *most <= REPEAT_MOST && (*most > 0 || *least < 999);
}

static void measure_repeat(struct measure *m)
{
    struct level *l = &m->level[m->depth];
    unsigned least = *m->at == '+', most = *m->at == '?';

    if (!l->repeatable) {
        m->want = "something in front of a repeat";
        return;
    }
    if (*m->at == '{' ? !take_bounds(m, &least, &most) : (m->at++, false)) {
        m->want = "{n}, {n,} or {n,m} up to 1000";
        return;
    }
    bool endless = most == 0;
    if (endless && l->last_loops)
        m->want = "no repeat without end inside another";
    unsigned times = endless ? least + 1 : most;
    l->places += l->last * times - l->last;
    l->loops = l->loops || endless;
    l->repeatable = false;
    if (l->places > PLACES_MOST)
        m->want = "at most 2000 signs with all repeats written out";
    m->at += *m->at == '?'; /* the shortest: all the same for a whole value */
}

static void measure_sign(struct measure *m)
{
    switch (*m->at) {
    case '(':
        measure_open(m);
        break;
    case ')':
        measure_close(m);
        break;
    case '[':
        measure_class(m);
        break;
    case '\\':
        measure_escape(m);
        break;
    case '|':
        m->level[m->depth].repeatable = false;
        m->at++;
        break;
    case '*':
    case '+':
    case '?':
    case '{':
        measure_repeat(m);
        break;
    case '^':
    case '$':
        m->want = "^ and $ at the ends only, or not at all";
        break;
    default:
        piece(m, 1, false);
        m->at++;
    }
}

/* What is wrong with a pattern, NULL when nothing is. */
static const char *measure(const char *pattern)
{
    struct measure m = {.at = pattern};

    if (*pattern == 0)
        return "a pattern";
    while (*m.at && !m.want) {
        if ((unsigned char)*m.at < ' ')
            return "no control signs";
        measure_sign(&m);
        if (!m.want && m.level[m.depth].places > PLACES_MOST)
            m.want = "at most 2000 signs with all repeats written out";
    }
    if (!m.want && m.depth > 0)
        m.want = "a ) for every (";
    return m.want;
}

/* Without ^ and $ around it, where they hold for all of it. */
static bool bare(const char *pattern, char out[PATTERN_MOST])
{
    size_t len = strlen(pattern);

    if (len >= PATTERN_MOST)
        return false;
    if (*pattern == '^') {
        pattern++;
        len--;
    }
    if (len > 0 && pattern[len - 1] == '$' &&
        (len < 2 || pattern[len - 2] != '\\'))
        len--;
    memcpy(out, pattern, len);
    out[len] = 0;
    return true;
}

static struct expression *compile(const char *pattern, char *why)
{
    char whole[PATTERN_MOST + 16];
    hs_compile_error_t *error = NULL;
    struct expression *e = calloc(1, sizeof(*e));

    snprintf(whole, sizeof(whole), "\\A(?:%s)\\z", pattern);
    if (e &&
        hs_compile(whole, HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH, HS_MODE_BLOCK,
                   NULL, &e->database, &error) == HS_SUCCESS &&
        hs_alloc_scratch(e->database, &e->scratch) == HS_SUCCESS)
        return e;
    snprintf(why, EXPRESSION_WHY, "a pattern of libhyperscan (%.90s)",
             error ? error->message : "no memory");
    hs_free_compile_error(error);
    expression_free(e);
    return NULL;
}

struct expression *expression_new(const char *pattern, char why[EXPRESSION_WHY])
{
    char plain[PATTERN_MOST];
    const char *want;

    if (!bare(pattern, plain))
        want = "less than 512 signs";
    else if (hs_valid_platform() != HS_SUCCESS)
        want = "a processor with SSSE3 for it";
    else
        want = measure(plain);
    if (!want)
        return compile(plain, why);
    snprintf(why, EXPRESSION_WHY, "%s", want);
    return NULL;
}

void expression_free(struct expression *e)
{
    if (!e)
        return;
    hs_free_scratch(e->scratch);
    hs_free_database(e->database);
    free(e);
}

static int see(unsigned id, unsigned long long from, unsigned long long to,
               unsigned flags, void *ctx)
{
    bool *found = ctx;

    (void)id;
    (void)from;
    (void)to;
    (void)flags;
    *found = true;
    return 1;
}

bool expression_matches(const struct expression *e, struct span value)
{
    bool found = false;

    if (value.len == 0 || value.len > VALUE_MOST)
        return false;
    hs_scan(e->database, (const char *)value.ptr, (unsigned)value.len, 0,
            e->scratch, see, &found);
    return found;
}

/*
 * The test of the library: three patterns over made text, each alone and all
 * in one, as a block and as a stream cut anywhere; where they end is known.
 */
enum { TRIAL = 192 << 10, TRIALS = 3, TRIAL_PIECE = 1460 };

static const char *const trials[TRIALS] = {
    "[a-z]{2,8}@[a-z]{2,8}\\.com",
    "[0-9]{4}-[0-9]{4}",
    "(?:ab|ba)[0-9]{3}z",
};

struct ends {
    size_t count;
    uint64_t sum; /* of the places, each by its pattern */
};

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void trial_text(char *text)
{
    static const char *const words[] = {
        "ab",       "ba12", "@",      ".com",  "1234-", "5678", "-90",
        "xy@mn.co", "m ",   "a@b.",   "ab123", "z",     "zz",   "q@rs.com",
        "0000",     " ",    "long@w", "ords",  "12",    ".",    "ba999z",
    };
    uint32_t seed = 5;

    for (size_t len = 0; len < TRIAL;) {
        const char *word =
            words[next(&seed) % (sizeof(words) / sizeof(*words))];
        size_t more = strlen(word);
        more = more < TRIAL - len ? more : TRIAL - len;
        memcpy(text + len, word, more);
        len += more;
    }
}

static bool is_in(char c, char from, char to)
{
    return c >= from && c <= to;
}

/* Signs of a range in front of a place, at most most. */
static size_t run(const char *text, size_t end, const char *range, size_t most)
{
    size_t n = 0;

    while (n < most && n < end && is_in(text[end - 1 - n], range[0], range[1]))
        n++;
    return n;
}

/* Does the pattern end at a place? A loop for each, to compare with. */
static bool ends_at(const char *text, size_t end, size_t trial)
{
    if (trial == 0) {
        if (end < 4 || memcmp(text + end - 4, ".com", 4) != 0)
            return false;
        size_t host = run(text, end - 4, "az", 9);
        size_t at = end - 4 - host;
        return host >= 2 && host <= 8 && at > 0 && text[at - 1] == '@' &&
               run(text, at - 1, "az", 2) == 2;
    }
    if (trial == 1)
        return end >= 9 && run(text, end, "09", 4) == 4 &&
               text[end - 5] == '-' && run(text, end - 5, "09", 4) == 4;
    return end >= 6 && text[end - 1] == 'z' &&
           run(text, end - 1, "09", 3) == 3 &&
           (memcmp(text + end - 6, "ab", 2) == 0 ||
            memcmp(text + end - 6, "ba", 2) == 0);
}

static void add(struct ends *e, size_t trial, uint64_t end)
{
    e->count++;
    e->sum += (end + 1) * (2 * trial + 1) * UINT64_C(0x9E3779B97F4A7C15);
}

static int count_end(unsigned id, unsigned long long from,
                     unsigned long long to, unsigned flags, void *ctx)
{
    (void)from;
    (void)flags;
    add(ctx, id, to);
    return 0;
}

/* Trials [first, last) in one database, as a block or in pieces. */
static bool count_with(const char *text, size_t first, size_t last,
                       unsigned mode, struct ends *out)
{
    const unsigned flags[TRIALS] = {0}, ids[TRIALS] = {0, 1, 2};
    hs_database_t *database = NULL;
    hs_scratch_t *scratch = NULL;
    hs_stream_t *stream = NULL;
    hs_compile_error_t *error = NULL;
    uint32_t seed = 9;
    bool good = hs_compile_multi(trials + first, flags, ids + first,
                                 (unsigned)(last - first), mode, NULL,
                                 &database, &error) == HS_SUCCESS &&
                hs_alloc_scratch(database, &scratch) == HS_SUCCESS;

    if (good && mode == HS_MODE_BLOCK)
        good = hs_scan(database, text, TRIAL, 0, scratch, count_end, out) ==
               HS_SUCCESS;
    else if (good)
        good = hs_open_stream(database, 0, &stream) == HS_SUCCESS;
    for (size_t at = 0; good && stream && at < TRIAL;) {
        size_t len = 1 + next(&seed) % TRIAL_PIECE;
        len = len < TRIAL - at ? len : TRIAL - at;
        good = hs_scan_stream(stream, text + at, (unsigned)len, 0, scratch,
                              count_end, out) == HS_SUCCESS;
        at += len;
    }
    if (stream)
        hs_close_stream(stream, scratch, count_end, out);
    hs_free_compile_error(error);
    hs_free_scratch(scratch);
    hs_free_database(database);
    return good;
}

static bool same(const char *text, size_t first, size_t last, unsigned mode)
{
    struct ends want = {0, 0}, have = {0, 0};

    for (size_t trial = first; trial < last; trial++) {
        for (size_t end = 1; end <= TRIAL; end++) {
            if (ends_at(text, end, trial))
                add(&want, trial, end);
        }
    }
    return count_with(text, first, last, mode, &have) && want.count > 100 &&
           want.count == have.count && want.sum == have.sum;
}

bool expression_trusted(char why[EXPRESSION_WHY])
{
    char *text = malloc(TRIAL);
    bool good = text && hs_valid_platform() == HS_SUCCESS;

    if (good)
        trial_text(text);
    for (size_t i = 0; i <= TRIALS && good; i++) {
        size_t first = i < TRIALS ? i : 0, last = i < TRIALS ? i + 1 : TRIALS;
        good = same(text, first, last, HS_MODE_BLOCK) &&
               same(text, first, last, HS_MODE_STREAM);
    }
    free(text);
    if (!good)
        snprintf(why, EXPRESSION_WHY,
                 "a libhyperscan that finds every match (%.60s does not)",
                 hs_version());
    return good;
}
