// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * normal.c - normal forms of numbers, e-mails and postal codes.
 *
 * Each is NFKC first; ASCII skips that. It must not allocate.
 */
#include "customer/normal.h"

#include <string.h>

#include "util/unicode.h"

void normal_bytes(struct normal *n, struct span bytes)
{
    if (bytes.len > NORMAL_ROOM - n->len) {
        n->full = true;
        return;
    }
    if (bytes.len > 0)
        memcpy(n->bytes + n->len, bytes.ptr, bytes.len);
    n->len += bytes.len;
}

static struct span to_form(struct span text, enum unicode_form form,
                           uint8_t *room)
{
    size_t len = unicode_short(text, form, room, NORMAL_TEXT);

    return (struct span){room, len == SIZE_MAX ? 0 : len};
}

struct span normal_plain(struct span text, uint8_t *room)
{
    text = span_trim(text);
    if (text.len > NORMAL_TEXT)
        return (struct span){text.ptr, 0};
    if (unicode_ascii(text))
        return text;
    return span_trim(to_form(text, UNICODE_NFKC, room));
}

struct span normal_folded(struct span text, uint8_t *room)
{
    text = span_trim(text);
    if (text.len > NORMAL_TEXT)
        return (struct span){text.ptr, 0};
    return to_form(text, UNICODE_FOLD, room);
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Letters and digits of any script, ASCII letters in upper case. */
static void add_words(struct normal *n, struct span s)
{
    while (s.len > 0) {
        uint32_t code = s.ptr[0];
        size_t len = code < 0x80 ? 1 : unicode_decode(s, &code);
        if (code >= 'a' && code <= 'z')
            normal_byte(n, (uint8_t)(code - 0x20));
        else if (unicode_is_word(code))
            normal_bytes(n, span_head(s, len));
        s = (struct span){s.ptr + len, s.len - len};
    }
}

static bool normal_id(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];

    add_words(n, normal_plain(text, room));
    return true;
}

/* As an id, without the zeros in front: tables lose and gain them. */
static bool normal_account(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];
    struct span s = normal_plain(text, room);

    while (s.len > 0 && (s.ptr[0] < '1' || s.ptr[0] > '9')) {
        uint32_t code = s.ptr[0];
        size_t len = code < 0x80 ? 1 : unicode_decode(s, &code);
        if (code != '0' && unicode_is_word(code))
            break;
        s = (struct span){s.ptr + len, s.len - len};
    }
    add_words(n, s);
    return true;
}

/* "Taro <taro@x>" and "mailto:taro@x" say the same as "taro@x". */
static struct span mail_address(struct span s)
{
    size_t open = span_find(s, '<');

    if (open < s.len) {
        s = span_skip(s, open + 1);
        s = span_head(s, span_find(s, '>'));
    }
    if (span_starts_nocase(s, SPAN("mailto:")))
        s = span_skip(s, 7);
    return span_trim(s);
}

static bool normal_email(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];
    struct span s = mail_address(normal_plain(text, room));
    size_t at = span_find(s, '@');

    if (at == 0 || at + 1 >= s.len)
        return false;
    if (!unicode_ascii(s)) {
        uint8_t folded[NORMAL_TEXT];
        normal_bytes(n, normal_folded(s, folded));
        return true;
    }
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        normal_byte(n, c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c);
    }
    return true;
}

/* What is written in front of a number ("No. 12") has no digits. */
static bool has_digit(const struct normal *n, size_t from)
{
    for (size_t i = from; i < n->len; i++) {
        if (is_digit(n->bytes[i]))
            return true;
    }
    return false;
}

static bool add_typed(struct normal *n, enum field_type type, struct span text)
{
    switch (type) {
    case FIELD_ACCOUNT_NUMBER:
    case FIELD_CARD_NUMBER:
        return normal_account(n, text);
    case FIELD_IBAN:
    case FIELD_NATIONAL_ID:
    case FIELD_POSTAL_CODE:
        return normal_id(n, text);
    case FIELD_EMAIL:
        return normal_email(n, text);
    case FIELD_PHONE:
        return normal_phone(n, text);
    case FIELD_PERSON_NAME:
        return normal_person(n, text);
    case FIELD_DATE_OF_BIRTH:
        return normal_date(n, text);
    case FIELD_ADDRESS:
        return normal_address(n, text);
    default:
        return false;
    }
}

bool normal_add(struct normal *n, enum field_type type, struct span text)
{
    size_t from = n->len;
    bool number = type == FIELD_ACCOUNT_NUMBER || type == FIELD_CARD_NUMBER ||
                  type == FIELD_IBAN || type == FIELD_NATIONAL_ID ||
                  type == FIELD_POSTAL_CODE;

    if (!add_typed(n, type, text) || n->full || n->len == from ||
        (number && !has_digit(n, from))) {
        n->len = from;
        return false;
    }
    return true;
}
