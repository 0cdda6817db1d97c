// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tls.h - TLS over a connected, non-blocking socket.
 *
 * The receiver must show a certificate of the CA for the host that was
 * asked for: there is no way to go on without. It must not know syslog.
 * Spec: RFC 5425 4.2, 5; RFC 8446, RFC 5246.
 */
#ifndef OUTFLOW_OUTPUT_TLS_H
#define OUTFLOW_OUTPUT_TLS_H

#include "outflow/settings.h"

struct tls;

enum { TLS_WHY = 256 }; /* bytes of a reason */

/*
 * Shake hands within wait_ms. The files of to are read anew each time: CA
 * (the system's, when none is named), certificate and key. NULL, and why.
 */
struct tls *tls_open(int fd, const struct output_settings *to, int wait_ms,
                     char why[TLS_WHY]);

/* Bytes taken, 0: none now (poll for the socket), -1: broken. */
int tls_send(struct tls *t, struct span bytes);

/* Has the receiver ended the connection? What it says is not looked at. */
bool tls_gone(struct tls *t);

/* Say goodbye when polite, and release; NULL is fine. */
void tls_close(struct tls *t, bool polite);

#endif
