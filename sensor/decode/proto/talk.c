// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * talk.c - scan the lines of a command connection that are no commands.
 *
 * In:   lines that the decoder of SMTP or FTP has no use for.
 * Out:  a transfer "session" with one text part for a run of such lines.
 * Not:  sees no verb, no reply and no secret.
 */
#include "decode/proto/talk.h"

#include "decode/params.h"

bool talk_line(struct talk *t, enum dir dir, struct span line, struct sink *out)
{
    const struct transfer_info info = {.channel = t->channel,
                                       .step = SPAN("session")};
    const struct part_info part = {.step = {NULL, 0}};

    if (!t->open[dir] && (!out->ops->transfer_open(out->ctx, &info) ||
                          !out->ops->part_open(out->ctx, &part)))
        return false;
    t->open[dir] = true;
    return (line.len == 0 || out->ops->put(out->ctx, line)) &&
           out->ops->put(out->ctx, SPAN("\n"));
}

bool talk_answer(struct talk *t, struct span line, bool listing,
                 struct sink *out)
{
    if (listing && !t->open[DIR_SERVER] && !fields_tell(line))
        return true;
    return talk_line(t, DIR_SERVER, line, out);
}

bool talk_end(struct talk *t, enum dir dir, struct sink *out)
{
    if (!t->open[dir])
        return true;
    t->open[dir] = false;
    return out->ops->part_close(out->ctx, PART_WHOLE) &&
           out->ops->transfer_close(out->ctx);
}
