// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * header.c - the dictionary of header words and labels.
 *
 * A word is looked up in its normal form, then without numbers behind and
 * words in front of it, then by the parts it holds. What was found for a
 * label is remembered: the labels of a page come thousands of times.
 *
 * It must not look at values. The memory changes speed only, never results.
 */
#include "detect/header.h"

#include <stdlib.h>
#include <string.h>

#include "detect/cell.h"
#include "detect/national.h"
#include "detect/undo.h"
#include "util/hash.h"
#include "util/unicode.h"

enum {
    SLOTS = 2048,      /* of the dictionary, power of two */
    MEMORY = 512,      /* labels remembered, power of two */
    MEMORY_LABEL = 40, /* bytes of a label that is remembered */
    LABEL_MAX = 90,    /* bytes of a label; longer ones are prose */
    ASCII_MAX = 48,    /* and in ASCII earlier */
    CP932_GROWTH = 3,  /* bytes of UTF-8 per byte, at most */
};

struct word {
    struct span text;
    struct claim claim;
};

#define TEXT(word)                                                             \
    {                                                                          \
        (const uint8_t *)(word), sizeof(word) - 1                              \
    }
#define NOTHING(...)

static const struct word words[] = {
#define WORD(type, word) {TEXT(word), {FIELD_##type, CLAIM_FIRM, 0}},
#define WEAK(type, word) {TEXT(word), {FIELD_##type, CLAIM_WEAK, 0}},
#define NOT(word)        {TEXT(word), {FIELD_NONE, CLAIM_NOT, 0}},
#define BANK(word)       {TEXT(word), {FIELD_OTHER, CLAIM_NOT, 0}},
#define PART             NOTHING
#define NOTPART          NOTHING
#define FRONT            NOTHING
#include "detect/headers.def"
#undef WORD
#undef WEAK
#undef NOT
#undef BANK
#undef PART
#undef NOTPART
#undef FRONT
#define NAMED(id, word)                                                        \
    {TEXT(word), {FIELD_NATIONAL_ID, CLAIM_FIRM, NATIONAL_##id}},
#define NATIONAL_ANY(word)   {TEXT(word), {FIELD_NATIONAL_ID, CLAIM_FIRM, 0}},
#define NATIONAL_VAGUE(word) {TEXT(word), {FIELD_NATIONAL_ID, CLAIM_WEAK, 0}},
#include "detect/nationals.def"
#undef NAMED
#undef NATIONAL_ANY
#undef NATIONAL_VAGUE
};

static const struct word parts[] = {
#define WORD             NOTHING
#define WEAK             NOTHING
#define NOT              NOTHING
#define BANK             NOTHING
#define PART(type, word) {TEXT(word), {FIELD_##type, CLAIM_FIRM, 0}},
#define NOTPART(word)    {TEXT(word), {FIELD_NONE, CLAIM_NOT, 0}},
#define FRONT            NOTHING
#include "detect/headers.def"
#undef WORD
#undef WEAK
#undef NOT
#undef BANK
#undef PART
#undef NOTPART
#undef FRONT
};

static const struct span fronts[] = {
#define WORD        NOTHING
#define WEAK        NOTHING
#define NOT         NOTHING
#define BANK        NOTHING
#define PART        NOTHING
#define NOTPART     NOTHING
#define FRONT(word) TEXT(word),
#include "detect/headers.def"
#undef WORD
#undef WEAK
#undef NOT
#undef BANK
#undef PART
#undef NOTPART
#undef FRONT
};

struct known {
    uint8_t len; /* 0: empty */
    struct claim claim;
    uint8_t label[MEMORY_LABEL];
};

struct header {
    struct hash_key key;
    uint16_t slots[SLOTS]; /* place in words + 1; 0: empty */
    uint32_t signs[COUNT(parts)];
    struct known memory[MEMORY];
};

/* Which signs a word has, by their last five bits. */
static uint32_t signs_of(struct span word)
{
    uint32_t signs = 0;

    for (size_t i = 0; i < word.len; i++)
        signs |= UINT32_C(1) << (word.ptr[i] & 31);
    return signs;
}

struct header *header_new(void)
{
    struct header *h = calloc(1, sizeof(*h));

    if (!h)
        return NULL;
    h->key = hash_key_from(1);
    for (size_t i = 0; i < COUNT(parts); i++)
        h->signs[i] = signs_of(parts[i].text);
    for (size_t i = 0; i < COUNT(words); i++) {
        size_t at = hash_bytes(&h->key, words[i].text) % SLOTS;
        while (h->slots[at])
            at = (at + 1) % SLOTS;
        h->slots[at] = (uint16_t)(i + 1);
    }
    return h;
}

void header_free(struct header *h)
{
    free(h);
}

/* Marks that join or surround the words of a label. */
static bool is_mark(uint32_t c)
{
    if (c < 0x80)
        return !cell_is_letter((uint8_t)c) && !cell_is_digit((uint8_t)c);
    return c == 0x30FB || c == 0xFF65 || c == 0x3000 || c == 0xFEFF ||
           c == 0x300C || c == 0x300D || c == 0x3010 || c == 0x3011 ||
           c == 0x25A0 || c == 0x25CF || c == 0x203B || c == 0x2022;
}

/* Letters and digits of text, small; without what stands in brackets. */
static size_t squeeze(struct span text, uint8_t *out)
{
    size_t len = 0;
    unsigned depth = 0;

    while (text.len > 0) {
        uint32_t c;
        size_t used = unicode_decode(text, &c);
        struct span sign = span_head(text, used);
        text = span_skip(text, used);
        if (len > 0 && (c == '(' || c == '['))
            depth++;
        else if (depth > 0 && (c == ')' || c == ']'))
            depth--;
        else if (depth == 0 && !is_mark(c)) {
            if (len + used > HEADER_ROOM)
                return 0;
            for (size_t i = 0; i < used; i++)
                out[len++] = sign.ptr[i] >= 'A' && sign.ptr[i] <= 'Z'
                                 ? (uint8_t)(sign.ptr[i] | 0x20)
                                 : sign.ptr[i];
        }
    }
    return len;
}

/* Keys of JSON may be written as \u53e3\u5ea7, of others as \345\217\243. */
static struct span without_escapes(struct span label, uint8_t *out)
{
    size_t len = 0, used, one;
    uint64_t code;
    uint8_t sign[4];

    for (size_t i = 0; i < label.len;) {
        struct span rest = span_skip(label, i);
        used = undo_escape(rest, sign, &one);
        if (span_starts(rest, SPAN("\\u")) && rest.len >= 6 &&
            span_hex(span_slice(rest, 2, 6), &code)) {
            len += unicode_encode((uint32_t)code, out + len);
            i += 6;
        } else if (used == 4) { /* a byte */
            out[len++] = sign[0];
            i += used;
        } else {
            out[len++] = label.ptr[i++];
        }
    }
    return (struct span){out, len};
}

size_t header_normal(struct span label, uint8_t out[HEADER_ROOM])
{
    uint8_t plain[LABEL_MAX * 4], readable[LABEL_MAX];
    struct buf converted;
    size_t len = 0;

    if (label.len == 0 || label.len > LABEL_MAX)
        return 0;
    if (span_find(label, '\\') < label.len)
        label = without_escapes(label, readable);
    if (unicode_ascii(label))
        return squeeze(label, out);
    buf_init(&converted, LABEL_MAX * CP932_GROWTH);
    if (!unicode_utf8_valid(label)) {
        size_t bad = 0;
        if (unicode_from_cp932(label, &converted, &bad) && bad == 0)
            label = buf_span(&converted);
    }
    len = unicode_short(label, UNICODE_NFKC, plain, sizeof(plain));
    len = len == SIZE_MAX ? 0 : squeeze((struct span){plain, len}, out);
    buf_clear(&converted);
    return len;
}

static struct claim look_up(const struct header *h, struct span word)
{
    size_t at = hash_bytes(&h->key, word) % SLOTS;

    for (; h->slots[at]; at = (at + 1) % SLOTS) {
        const struct word *w = &words[h->slots[at] - 1];
        if (span_eq(w->text, word))
            return w->claim;
    }
    return (struct claim){.type = FIELD_NONE};
}

static struct span without_number(struct span word)
{
    while (word.len > 0 && cell_is_digit(word.ptr[word.len - 1]))
        word = span_head(word, word.len - 1);
    return word;
}

/* The words that may stand in front, off one after the other. */
static struct claim look_behind(const struct header *h, struct span word)
{
    struct claim found = {.type = FIELD_NONE};

    for (unsigned round = 0; round < 3; round++) {
        size_t off = 0;
        for (size_t i = 0; i < COUNT(fronts); i++) {
            if (span_starts(word, fronts[i]) && fronts[i].len > off &&
                fronts[i].len < word.len)
                off = fronts[i].len;
        }
        if (off == 0)
            return found;
        word = span_skip(word, off);
        found = look_up(h, word);
        if (found.force != CLAIM_NONE)
            return found;
    }
    return found;
}

static struct claim look_inside(const struct header *h, struct span word,
                                bool refuse)
{
    bool ascii = unicode_ascii(word);
    uint32_t signs = signs_of(word);

    for (size_t i = 0; i < COUNT(parts); i++) {
        if ((h->signs[i] & ~signs) == 0 &&
            (parts[i].claim.force == CLAIM_NOT) == refuse &&
            (!ascii || parts[i].text.ptr[0] < 0x80) &&
            span_find_run(word, parts[i].text) < word.len)
            return parts[i].claim;
    }
    return (struct claim){.type = FIELD_NONE};
}

/* Addresses and long numbers are values, and sentences are long. */
static bool is_value(struct span label)
{
    size_t digits = 0;

    if (span_find(label, '\\') < label.len)
        return false; /* escapes hold digits */
    for (size_t i = 0; i < label.len; i++) {
        digits += cell_is_digit(label.ptr[i]);
        if (digits > 4 || label.ptr[i] == '@')
            return true;
    }
    return label.len > ASCII_MAX && unicode_ascii(label);
}

static struct claim look(const struct header *h, struct span label)
{
    uint8_t normal[HEADER_ROOM];
    struct span word = {normal, 0};
    struct claim found = {.type = FIELD_NONE};

    if (!is_value(label))
        word.len = header_normal(label, normal);
    if (word.len == 0)
        return found;
    found = look_up(h, word);
    if (found.force == CLAIM_NONE)
        found = look_inside(h, word, true);
    if (found.force == CLAIM_NONE)
        found = look_up(h, without_number(word));
    if (found.force == CLAIM_NONE)
        found = look_behind(h, without_number(word));
    if (found.force == CLAIM_NONE)
        found = look_inside(h, word, false);
    return found;
}

/* A place in memory: only speed hangs on how well it spreads. */
static size_t memory_place(struct span label)
{
    size_t n = label.len, half = n / 2;

    return (n * 31 + label.ptr[0] * 7U + label.ptr[half] * 131U +
            label.ptr[n - 1] * 17U + label.ptr[half / 2] * 61U) %
           MEMORY;
}

struct claim header_find(struct header *h, struct span label)
{
    if (label.len == 0 || label.len > MEMORY_LABEL)
        return look(h, label);
    struct known *k = &h->memory[memory_place(label)];
    if (k->len == label.len && memcmp(k->label, label.ptr, label.len) == 0)
        return k->claim;
    k->claim = look(h, label);
    k->len = (uint8_t)label.len;
    memcpy(k->label, label.ptr, label.len);
    return k->claim;
}
