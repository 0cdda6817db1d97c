// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * whole.c - hold, hand over, count what was not read.
 */
#include "decode/whole.h"

bool whole_open(void *state, const struct hint *hint)
{
    struct whole *w = state;

    held_open(&w->held, hint);
    w->helper = hint->helper;
    return true;
}

static bool tell(const char *format, enum why why, uint64_t bytes,
                 struct sink *out)
{
    const struct note note = {.kind = NOTE_UNREAD,
                              .text = span_of(format),
                              .number = bytes,
                              .why = why};

    return bytes == 0 || out->ops->note(out->ctx, &note);
}

/* There is no room for it: what is held was held in vain. */
static enum decode_status give_up(struct whole *w, const char *format,
                                  struct sink *out)
{
    bool told = tell(format, WHY_LIMIT, held_known(&w->held), out);

    held_clear(&w->held);
    return told ? DECODE_LIMIT : DECODE_REFUSED;
}

struct progress whole_feed(struct whole *w, const char *format,
                           struct span bytes, struct sink *out)
{
    if (held_add(&w->held, bytes))
        return (struct progress){DECODE_MORE, bytes.len};
    return (struct progress){give_up(w, format, out), 0};
}

struct progress whole_gap(struct whole *w, const char *format, uint64_t len,
                          struct sink *out)
{
    if (held_gap(&w->held, len))
        return (struct progress){DECODE_MORE, 0};
    return (struct progress){give_up(w, format, out), 0};
}

/* What is not read, by how the reading ended. */
static enum why why_of(enum helper_end end)
{
    switch (end) {
    case HELPER_DONE:
        return WHY_NONE;
    case HELPER_NONE:
        return WHY_UNSUPPORTED;
    case HELPER_REFUSED:
    case HELPER_LIMIT:
        return WHY_LIMIT;
    case HELPER_DIED:
        return WHY_DAMAGED;
    }
    return WHY_DAMAGED;
}

enum decode_status whole_end(struct whole *w, const char *format,
                             struct span rest, struct sink *out)
{
    const struct helper_object object = {
        .format = format,
        .bytes = held_span(&w->held),
        .holes = w->held.holes,
        .hole_count = w->held.hole_count,
    };
    enum helper_end end = HELPER_NONE;
    uint64_t known = held_known(&w->held) + rest.len, read = 0;

    if (object.bytes.len == 0)
        return DECODE_DONE;
    if (w->helper != NULL)
        end = w->helper->read(w->helper->ctx, &object, out, &read);
    held_clear(&w->held);
    enum why why = why_of(end);
    if (why == WHY_NONE)
        return DECODE_DONE;
    if (!tell(format, why, read < known ? known - read : known, out))
        return DECODE_REFUSED;
    return why == WHY_DAMAGED ? DECODE_BAD : DECODE_LIMIT;
}

void whole_close(void *state)
{
    struct whole *w = state;

    held_clear(&w->held);
}
