// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * member.c - put what stands behind the header of an archive's member.
 *
 * A part is opened by its first byte, so directories and links are none. It
 * must not read headers.
 */
#include "decode/archive/member.h"

#include <string.h>

#include "decode/params.h"

static bool part_close(struct member *m, enum part_end how, struct sink *out)
{
    bool open = m->open;

    m->open = false;
    m->loose = false;
    return !open || out->ops->part_close(out->ctx, how);
}

static bool part_open(struct member *m, struct sink *out)
{
    uint8_t room[LIMIT_NAME];
    struct span name = {m->name, m->name_len};

    name = (struct span){room, params_name(name, room, sizeof(room))};
    struct part_info info = {.step = name, .name = name};

    if (m->loose)
        info = (struct part_info){.step = SPAN("rest"), .amid = true};
    m->open = true;
    return out->ops->part_open(out->ctx, &info);
}

bool member_begin(struct member *m, struct span name, struct sink *out)
{
    if (!part_close(m, PART_WHOLE, out))
        return false;
    *m = (struct member){.name_len = 0};
    name = span_head(name, sizeof(m->name));
    m->name_len = (uint16_t)name.len;
    if (name.len > 0)
        memcpy(m->name, name.ptr, name.len);
    return true;
}

bool member_going(const struct member *m)
{
    return m->left > 0 || m->pass > 0;
}

bool member_feed(struct member *m, struct span *rest, struct sink *out)
{
    struct span data = span_head(*rest, m->left);

    m->left -= data.len;
    *rest = span_skip(*rest, data.len);
    if (data.len > 0) {
        if (!m->open && !part_open(m, out))
            return false;
        if (!out->ops->put(out->ctx, data))
            return false;
    }
    if (m->left > 0)
        return true;
    struct span pad = span_head(*rest, m->pass);
    m->pass -= pad.len;
    *rest = span_skip(*rest, pad.len);
    return part_close(m, m->holed ? PART_CUT : PART_WHOLE, out);
}

bool member_gap(struct member *m, uint64_t *len, struct sink *out)
{
    uint64_t data = *len < m->left ? *len : m->left;
    uint64_t pad = *len - data < m->pass ? *len - data : m->pass;

    *len -= data + pad;
    m->left -= data;
    m->pass -= pad;
    if (data == 0)
        return true;
    m->holed = true;
    if (!m->open && !part_open(m, out))
        return false;
    return out->ops->gap(out->ctx, data) &&
           (m->left > 0 || part_close(m, PART_CUT, out));
}

static bool blank(uint8_t byte)
{
    return byte <= ' ' || byte == 0xff;
}

bool member_loose(struct member *m, struct span bytes, struct sink *out)
{
    if (!m->open) {
        while (bytes.len > 0 && blank(*bytes.ptr))
            bytes = span_skip(bytes, 1);
        if (bytes.len == 0)
            return true;
        m->loose = true;
        if (!part_open(m, out))
            return false;
    }
    return bytes.len == 0 || out->ops->put(out->ctx, bytes);
}

bool member_end(struct member *m, struct sink *out)
{
    bool cut = m->left > 0 || m->holed;

    return part_close(m, cut ? PART_CUT : PART_WHOLE, out);
}

bool member_hole(struct member *m, uint64_t len, struct sink *out)
{
    if (!member_gap(m, &len, out))
        return false;
    return len == 0 || !m->open || out->ops->gap(out->ctx, len);
}

enum decode_status member_last(struct member *m, struct span rest,
                               struct sink *out)
{
    bool whole = !member_going(m);

    if (!member_loose(m, rest, out) || !member_end(m, out))
        return DECODE_REFUSED;
    return whole ? DECODE_DONE : DECODE_BAD;
}

struct span member_word(struct span bytes)
{
    return span_head(bytes, span_find(bytes, '\0'));
}

bool member_number(struct span digits, unsigned base, uint64_t *value)
{
    uint64_t made = 0;
    bool any = false;

    while (digits.len > 0 && *digits.ptr == ' ')
        digits = span_skip(digits, 1);
    for (; digits.len > 0; digits = span_skip(digits, 1)) {
        unsigned digit = span_hex_digit(*digits.ptr);
        if (digit >= base)
            break;
        if (made > (UINT64_MAX - digit) / base)
            return false;
        made = made * base + digit;
        any = true;
    }
    for (; digits.len > 0; digits = span_skip(digits, 1))
        if (*digits.ptr != '\0' && *digits.ptr != ' ')
            return false;
    *value = made;
    return any;
}
