// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ftp_address.h - the ways in which FTP writes an address and a port.
 *
 * It must not know which command or reply they stand in.
 */
#ifndef OUTFLOW_DECODE_PROTO_FTP_ADDRESS_H
#define OUTFLOW_DECODE_PROTO_FTP_ADDRESS_H

#include "outflow/addr.h"
#include "outflow/span.h"

struct ftp_address {
    struct addr host;
    uint16_t port;
};

/* RFC 959: "h1,h2,h3,h4,p1,p2" anywhere in text; false leaves *out. */
bool ftp_six(struct span text, struct ftp_address *out);

/*
 * RFC 2428: "|1|192.0.2.1|5001|" in brackets or bare; an address that is
 * left out is other. False leaves *out.
 */
bool ftp_extended(struct span text, const struct addr *other,
                  struct ftp_address *out);

#endif
