// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ftp_address.c - read the addresses of FTP commands and replies.
 *
 * In:   the argument of PORT or EPRT, the text of a 227 or 229 reply.
 * Out:  an address and a port.
 * Not:  believes no port 0 and repairs nothing.
 * Spec: RFC 959 4.1.2, RFC 1123 4.1.2.6 (no brackets to rely on), RFC 2428.
 */
#include "decode/proto/ftp_address.h"

#include "outflow/reader.h"

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* One number of up to 255 in front of r, its digits taken either way. */
static bool take_byte(struct reader *r, uint8_t *value)
{
    size_t digits = 0;
    uint64_t n = 0;

    while (is_digit(reader_peek(r, digits)))
        digits++;
    bool fine = span_number(reader_take(r, digits), &n) && n <= UINT8_MAX;
    *value = (uint8_t)n;
    return fine;
}

/* Six numbers with commas between, at the front of r. */
static bool take_six(struct reader *r, struct ftp_address *out)
{
    uint8_t v[6];

    for (size_t i = 0; i < sizeof(v); i++) {
        if (i > 0 && reader_peek(r, 0) != ',')
            return false;
        if (i > 0)
            reader_skip(r, 1);
        if (!take_byte(r, &v[i]))
            return false;
    }
    uint16_t port = (uint16_t)(v[4] << 8 | v[5]);
    if (port == 0)
        return false;
    *out = (struct ftp_address){addr_v4(v), port};
    return true;
}

bool ftp_six(struct span text, struct ftp_address *out)
{
    struct reader r = reader_over(text);

    while (reader_left(&r) > 0) {
        if (!is_digit(reader_peek(&r, 0)))
            reader_skip(&r, 1);
        else if (take_six(&r, out))
            return true;
    }
    return false;
}

bool ftp_extended(struct span text, const struct addr *other,
                  struct ftp_address *out)
{
    size_t bracket = span_find(text, '(');
    struct reader r =
        reader_over(span_skip(text, bracket < text.len ? bracket + 1 : 0));
    uint8_t bar = reader_u8(&r);
    struct span rest = r.rest, family = {0}, address = {0}, port = {0};
    struct addr host = *other;
    uint64_t n = 0;

    if (bar <= ' ' || bar > '~' || is_digit(bar) ||
        !span_cut(&rest, bar, &family) || !span_cut(&rest, bar, &address) ||
        !span_cut(&rest, bar, &port) || !span_number(port, &n) || n == 0 ||
        n > UINT16_MAX || (address.len > 0 && !addr_parse(address, &host)))
        return false;
    *out = (struct ftp_address){host, (uint16_t)n};
    return true;
}
