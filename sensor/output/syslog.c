// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * syslog.c - alerts of a run to a syslog receiver.
 *
 * One message for each, sent at once: a run has no spool.
 */
#include <stdlib.h>
#include <string.h>

#include "outflow/output.h"
#include "output/message.h"
#include "output/wire.h"

enum { PORT = 514, PORT_TLS = 6514 }; /* RFC 5426 3.3, RFC 5425 4.1 */

struct syslog {
    struct output_settings to; /* with defaults; its texts are borrowed */
    struct wire wire;
    struct message_writer message;
};

static bool fill(struct syslog *s, const struct output_settings *from,
                 struct problems *problems)
{
    static char local[] = "unix", device[] = "/dev/log";

    s->to = *from;
    if (!s->to.transport)
        s->to.transport = local;
    if (!s->to.path)
        s->to.path = device;
    if (s->to.port == 0)
        s->to.port = strcmp(s->to.transport, "tls") == 0 ? PORT_TLS : PORT;
    if (strcmp(s->to.transport, "unix") == 0 || s->to.host)
        return true;
    problems_add(problems, "%s:%u: host: want the receiver's name", from->file,
                 from->line);
    return false;
}

struct syslog *syslog_open(const struct output_settings *settings,
                           const struct run_info *run,
                           struct problems *problems)
{
    struct syslog *s = calloc(1, sizeof(*s));

    if (!s) {
        problems_add(problems, "syslog: out of memory");
        return NULL;
    }
    s->wire.to = &s->to;
    s->wire.link.fd = -1;
    buf_init(&s->wire.tail, LIMIT_RESEND);
    if (!message_init(&s->message, settings, run)) {
        problems_add(problems,
                     "%s:%u: format: want one of lines for syslog, have %s",
                     settings->file, settings->line, settings->format);
    } else if (fill(s, settings, problems)) {
        if (wire_open(&s->wire))
            return s;
        problems_add(problems, "%s:%u: outputs: cannot reach syslog at %s: %s",
                     settings->file, settings->line,
                     s->to.host ? s->to.host : s->to.path, s->wire.why);
    }
    syslog_close(s);
    return NULL;
}

enum err syslog_send(struct syslog *s, const struct alert *a)
{
    enum err err = message_alert(&s->message, a);

    return err == ERR_OK ? wire_send(&s->wire, buf_span(&s->message.bytes))
                         : err;
}

void syslog_close(struct syslog *s)
{
    if (!s)
        return;
    wire_close(&s->wire);
    message_clear(&s->message);
    free(s);
}
