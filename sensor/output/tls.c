// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tls.c - TLS by GnuTLS over a non-blocking socket.
 */
#include "output/tls.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>

enum { STEP_MS = 100, BIN = 1024 };

struct tls {
    gnutls_session_t session;
    gnutls_certificate_credentials_t own; /* CA, certificate, key */
    size_t held; /* bytes that a call which would block must get again */
};

static const char versions[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

static void say(char why[TLS_WHY], const char *what, const char *name,
                int error)
{
    bool ended = error == GNUTLS_E_PULL_ERROR || error == GNUTLS_E_PUSH_ERROR ||
                 error == GNUTLS_E_PREMATURE_TERMINATION;

    (void)snprintf(
        why, TLS_WHY, "%s%s%s: %s", what, name ? " " : "", name ? name : "",
        ended ? "the receiver ended the connection" : gnutls_strerror(error));
}

static bool load(struct tls *t, const struct output_settings *to,
                 char why[TLS_WHY])
{
    int done = gnutls_certificate_allocate_credentials(&t->own);

    if (done == GNUTLS_E_SUCCESS)
        done = to->ca ? gnutls_certificate_set_x509_trust_file(
                            t->own, to->ca, GNUTLS_X509_FMT_PEM)
                      : gnutls_certificate_set_x509_system_trust(t->own);
    if (done <= 0) {
        say(why, "ca", to->ca, done < 0 ? done : GNUTLS_E_NO_CERTIFICATE_FOUND);
        return false;
    }
    if (!to->cert)
        return true;
    done = gnutls_certificate_set_x509_key_file(
        t->own, to->cert, to->key ? to->key : to->cert, GNUTLS_X509_FMT_PEM);
    if (done < 0)
        say(why, "cert", to->cert, done);
    return done >= 0;
}

static bool is_address(const char *host)
{
    unsigned char bytes[16];

    return inet_pton(AF_INET, host, bytes) == 1 ||
           inet_pton(AF_INET6, host, bytes) == 1;
}

static bool prepare(struct tls *t, int fd, const struct output_settings *to,
                    char why[TLS_WHY])
{
    int done = gnutls_init(&t->session,
                           GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);

    if (done == GNUTLS_E_SUCCESS)
        done = gnutls_priority_set_direct(t->session, versions, NULL);
    if (done == GNUTLS_E_SUCCESS)
        done =
            gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, t->own);
    if (done == GNUTLS_E_SUCCESS && !is_address(to->host))
        done = gnutls_server_name_set(t->session, GNUTLS_NAME_DNS, to->host,
                                      strlen(to->host));
    if (done != GNUTLS_E_SUCCESS) {
        say(why, "TLS", NULL, done);
        return false;
    }
    gnutls_session_set_verify_cert(t->session, to->host, 0);
    gnutls_transport_set_int(t->session, fd);
    return true;
}

/* Wait for the socket as the session wants it. */
static bool wait_for(const struct tls *t, int fd, int *left_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    if (gnutls_record_get_direction(t->session) == 1)
        p.events = POLLOUT;
    (void)poll(&p, 1, *left_ms < STEP_MS ? *left_ms : STEP_MS);
    *left_ms -= p.revents == 0 ? STEP_MS : 1;
    return *left_ms > 0;
}

static void say_distrust(struct tls *t, char why[TLS_WHY])
{
    unsigned status = gnutls_session_get_verify_cert_status(t->session);
    gnutls_datum_t text = {NULL, 0};

    if (gnutls_certificate_verification_status_print(
            status, GNUTLS_CRT_X509, &text, 0) == GNUTLS_E_SUCCESS)
        (void)snprintf(why, TLS_WHY, "certificate: %s", text.data);
    gnutls_free(text.data);
}

static bool shake(struct tls *t, int fd, int wait_ms, char why[TLS_WHY])
{
    int done = gnutls_handshake(t->session);

    while (done < 0 && !gnutls_error_is_fatal(done)) {
        if ((done == GNUTLS_E_AGAIN || done == GNUTLS_E_INTERRUPTED) &&
            !wait_for(t, fd, &wait_ms)) {
            (void)snprintf(why, TLS_WHY, "TLS: no answer");
            return false;
        }
        done = gnutls_handshake(t->session);
    }
    if (done == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
        say_distrust(t, why);
    else if (done < 0)
        say(why, "TLS", NULL, done);
    return done >= 0;
}

struct tls *tls_open(int fd, const struct output_settings *to, int wait_ms,
                     char why[TLS_WHY])
{
    struct tls *t = calloc(1, sizeof(*t));

    if (!t) {
        (void)snprintf(why, TLS_WHY, "out of memory");
        return NULL;
    }
    if (load(t, to, why) && prepare(t, fd, to, why) &&
        shake(t, fd, wait_ms, why))
        return t;
    tls_close(t, false);
    return NULL;
}

int tls_send(struct tls *t, struct span bytes)
{
    /* A call that would block must come again with the same length. */
    size_t len = t->held > 0 && t->held < bytes.len ? t->held : bytes.len;
    ssize_t sent = gnutls_record_send(t->session, bytes.ptr, len);

    t->held = sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED ? len : 0;
    if (sent >= 0)
        return (int)sent;
    return t->held > 0 ? 0 : -1;
}

bool tls_gone(struct tls *t)
{
    uint8_t bin[BIN];
    ssize_t got;

    do {
        got = gnutls_record_recv(t->session, bin, sizeof(bin));
    } while (got > 0);
    return got == 0 || gnutls_error_is_fatal((int)got) != 0;
}

void tls_close(struct tls *t, bool polite)
{
    if (!t)
        return;
    if (t->session && polite)
        (void)gnutls_bye(t->session, GNUTLS_SHUT_WR);
    if (t->session)
        gnutls_deinit(t->session);
    if (t->own)
        gnutls_certificate_free_credentials(t->own);
    free(t);
}
