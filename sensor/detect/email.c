// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * email.c - e-mail addresses.
 *
 * In: a cell or token. Out: is all of it one address. Not: quoted local
 * parts, comments, addresses without a dot. Spec: RFC 5321 2.3.11, 4.5.3.1.
 */
#include "detect/detectors.h"

#include <string.h>

#include "outflow/compiler.h"

enum { LOCAL_MAX = 64, EMAIL_MAX = 254, EMAIL_MIN = 6 };

static bool local_sign(uint8_t c)
{
    return cell_is_letter(c) || cell_is_digit(c) || c >= 0x80 ||
           (c > ' ' && memchr("!#$%&'*+/=?^_`{|}~.-", c, 20));
}

static bool local_valid(struct span s)
{
    if (s.len == 0 || s.len > LOCAL_MAX || s.ptr[0] == '.')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!local_sign(s.ptr[i]))
            return false;
    }
    return true;
}

/* foo@2x.png is an image for fine screens. */
static bool is_file_ending(struct span top)
{
    static const struct span endings[] = {
        {(const uint8_t *)"png", 3},  {(const uint8_t *)"jpg", 3},
        {(const uint8_t *)"jpeg", 4}, {(const uint8_t *)"gif", 3},
        {(const uint8_t *)"svg", 3},  {(const uint8_t *)"webp", 4},
        {(const uint8_t *)"css", 3},  {(const uint8_t *)"js", 2},
    };

    for (size_t i = 0; i < COUNT(endings); i++) {
        if (span_eq_nocase(top, endings[i]))
            return true;
    }
    return false;
}

static bool top_valid(struct span top)
{
    if (span_starts_nocase(top, SPAN("xn--")))
        return true;
    for (size_t i = 0; i < top.len; i++) {
        if (!cell_is_letter(top.ptr[i]) && top.ptr[i] < 0x80)
            return false;
    }
    return top.len >= 2 && !is_file_ending(top);
}

static bool domain_valid(struct span s)
{
    struct span label = {NULL, 0};
    size_t labels = 0;

    if (s.len == 0 || s.ptr[s.len - 1] == '.')
        return false;
    while (span_cut(&s, '.', &label)) {
        if (label.len == 0 || label.len > 63 || label.ptr[0] == '-')
            return false;
        for (size_t i = 0; i < label.len; i++) {
            uint8_t c = label.ptr[i];
            if (!cell_is_letter(c) && !cell_is_digit(c) && c != '-' &&
                c != '_' && c < 0x80)
                return false;
        }
        labels++;
    }
    return labels >= 2 && top_valid(label);
}

bool email_valid(struct span s)
{
    size_t at = span_find(s, '@');

    return s.len >= EMAIL_MIN && s.len <= EMAIL_MAX && at < s.len &&
           local_valid(span_head(s, at)) && domain_valid(span_skip(s, at + 1));
}

static bool email_sure(const struct cell *c)
{
    return c->at && email_valid(c->narrow);
}

const struct detector detector_EMAIL = {email_sure, email_sure};
