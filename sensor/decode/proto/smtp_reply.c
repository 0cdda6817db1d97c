// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * smtp_reply.c - what a mail server's replies say.
 *
 * In:   reply lines, and the ring of commands that wait for theirs.
 * Out:  refused recipients and mails, the accepted log-in, where a message
 *       or TLS begins.
 * Not:  believes no reply once bytes of either side were lost, until one
 *       comes that answers only one command (235, 334, 354).
 * Spec: RFC 5321 4.2, RFC 2920 (order of replies), RFC 4954.
 */
#include "decode/proto/smtp.h"

void smtp_ask(struct smtp *s, enum smtp_asked what, size_t name)
{
    if (s->asked_count == SMTP_ASKED) {
        s->asked_first = (s->asked_first + 1) % SMTP_ASKED;
        s->asked_count--;
        s->adrift = true;
    }
    unsigned at = (s->asked_first + s->asked_count++) % SMTP_ASKED;
    uint8_t about = what == ASKED_RCPT ? s->round : s->mails;
    s->asked[at] = (struct smtp_ask){(uint8_t)what, about, (uint16_t)name};
}

static bool tell(enum note_kind kind, struct span text, struct sink *out)
{
    const struct note note = {
        .kind = kind, .dir = DIR_CLIENT, .text = text, .number = 1};

    return out->ops->note(out->ctx, &note);
}

bool smtp_outcome(unsigned code, struct sink *out)
{
    return tell(code < 400 ? NOTE_ACCEPTED : NOTE_REFUSED, SPAN(""), out);
}

/* The oldest command without reply; false when there is none. */
static bool next_asked(struct smtp *s, struct smtp_ask *ask)
{
    if (s->asked_count == 0)
        return false;
    *ask = s->asked[s->asked_first];
    s->asked_first = (s->asked_first + 1) % SMTP_ASKED;
    s->asked_count--;
    return true;
}

/* Only one command is answered so: drop those before it, if it is there. */
static bool find_asked(struct smtp *s, enum smtp_asked what)
{
    unsigned passed = 0;

    while (passed < s->asked_count &&
           s->asked[(s->asked_first + passed) % SMTP_ASKED].what != what)
        passed++;
    if (passed == s->asked_count)
        return false;
    s->asked_first = (s->asked_first + passed + 1) % SMTP_ASKED;
    s->asked_count -= passed + 1;
    s->adrift = false;
    return true;
}

/*
 * A RCPT was refused: nobody gets the mail there. With everything sent at
 * once the mail may have gone by already.
 */
static bool drop_recipient(struct smtp *s, const struct smtp_ask *ask,
                           struct sink *out)
{
    struct span rest = span_skip(buf_span(&s->to), ask->name), line;

    if (ask->about != s->round || !span_cut(&rest, '\n', &line))
        return true;
    s->to.ptr[ask->name] = '-';
    return (!s->part_open && !s->over) ||
           tell(NOTE_NOT_TO, span_skip(line, 1), out);
}

/* What a final reply means for the command it answers. */
static bool take_answer(struct smtp *s, const struct smtp_ask *ask,
                        unsigned code, struct sink *out)
{
    bool good = code < 400;

    switch ((enum smtp_asked)ask->what) {
    case ASKED_AUTH:
        if (smtp_auth_waits(s))
            s->mode = SMTP_COMMANDS;
        return true;
    case ASKED_RCPT:
        return good || drop_recipient(s, ask, out);
    case ASKED_DATA:
        s->data_refused = !good;
        return true;
    case ASKED_CHUNK:
    case ASKED_MESSAGE:
        if (ask->about != s->mails || (good && ask->what == ASKED_CHUNK))
            return true;
        return smtp_outcome(code, out);
    case ASKED_STARTTLS:
    case ASKED_OTHER:
        break;
    }
    return true;
}

/* 220 greets, or agrees to STARTTLS. */
static void take_ready(struct smtp *s)
{
    if (find_asked(s, ASKED_STARTTLS))
        s->tls = true;
}

/* 235 accepts a log-in, 334 asks for more of it. */
static bool take_login(struct smtp *s, unsigned code, struct sink *out)
{
    struct span user = {s->user, s->user_len};

    if (!find_asked(s, ASKED_AUTH))
        return true;
    if (code == 334) {
        smtp_ask(s, ASKED_AUTH, 0);
        if (s->mode == SMTP_COMMANDS)
            s->mode = SMTP_AUTH_SECRET;
        return true;
    }
    if (smtp_auth_waits(s))
        s->mode = SMTP_COMMANDS;
    return user.len == 0 || tell(NOTE_USER, user, out);
}

/* A reply inside a message: it is refused early, or its end was lost. */
static bool take_early(struct smtp *s, unsigned code)
{
    bool inside = s->mode == SMTP_MESSAGE && s->go_ahead;

    if (inside)
        s->early = code;
    return inside;
}

static bool take_reply(struct smtp *s, unsigned code, struct sink *out)
{
    struct smtp_ask ask;

    switch (code) {
    case 220:
        take_ready(s);
        return true;
    case 235:
    case 334:
        return take_login(s, code, out);
    case 354:
        s->go_ahead = true;
        s->data_refused = false;
        (void)find_asked(s, ASKED_DATA);
        return true;
    default:
        break;
    }
    if (take_early(s, code))
        return true;
    if (!next_asked(s, &ask)) {
        s->adrift = true; /* to a command that was not seen yet */
        return true;
    }
    return s->adrift || take_answer(s, &ask, code, out);
}

bool smtp_reply(struct smtp *s, struct span line, struct sink *out)
{
    struct reply reply;

    if (!line_reply(line, &reply))
        return talk_answer(&s->talk, line, s->listing, out);
    s->listing = !reply.last;
    if (!talk_end(&s->talk, DIR_SERVER, out))
        return false;
    return !reply.last || take_reply(s, reply.code, out);
}
