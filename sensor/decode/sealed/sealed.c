// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sealed.c - files that are named and not opened, known by their first bytes.
 *
 * In:   a part that begins with one of the magics of sealed.def.
 * Out:  nothing but a note: its bytes stay closed, encrypted or unsupported.
 * Not:  opens nothing and looks at no name.
 * Spec: as sealed.def names them.
 */
#include "decode/sealed/sealed.h"

#include "outflow/compiler.h"

struct magic {
    const char *bytes; /* "?": any */
    uint8_t len;
    uint16_t at;
    uint8_t why; /* enum why */
    char kind[16];
};

static const struct magic seals[] = {
#define SEALED(magic, kind, why) {magic, sizeof(magic) - 1, 0, WHY_##why, kind},
#include "decode/sealed/sealed.def"
#undef SEALED
};

static const struct magic media[] = {
#define MEDIA(magic, offset) {magic, sizeof(magic) - 1, offset, WHY_NONE, ""},
#include "decode/sealed/media.def"
#undef MEDIA
};

struct sealed {
    const struct magic *is;
};

/* MATCH_MORE: all there is of it agrees. */
static enum match magic_here(const struct magic *m, struct span head)
{
    struct span seen = span_slice(head, m->at, (size_t)m->at + m->len);

    for (size_t i = 0; i < seen.len; i++)
        if (m->bytes[i] != '?' && seen.ptr[i] != (uint8_t)m->bytes[i])
            return MATCH_NO;
    return seen.len == m->len ? MATCH_YES : MATCH_MORE;
}

bool sealed_is_media(struct span head)
{
    for (size_t i = 0; i < COUNT(media); i++)
        if (magic_here(&media[i], head) == MATCH_YES)
            return true;
    return false;
}

/* Does any magic begin with this byte? Most parts are known by it. */
static bool begins_one(uint8_t byte)
{
    static bool first[256], filled;

    if (!filled)
        for (size_t i = 0; i < COUNT(seals); i++)
            first[(uint8_t)seals[i].bytes[0]] = true;
    filled = true;
    return first[byte];
}

/* The magic in front of head, or NULL; *more: with more bytes perhaps. */
static const struct magic *find(struct span head, bool *more)
{
    for (size_t i = 0; i < COUNT(seals); i++) {
        enum match match = magic_here(&seals[i], head);
        if (match == MATCH_YES)
            return &seals[i];
        *more |= match == MATCH_MORE;
    }
    return NULL;
}

static enum match sealed_probe(struct span head, const struct hint *hint)
{
    bool more = false;

    if (hint->part->coding.len > 0 || (head.len > 0 && !begins_one(*head.ptr)))
        return MATCH_NO;
    if (find(head, &more) != NULL)
        return MATCH_YES;
    return more && !hint->ended ? MATCH_MORE : MATCH_NO;
}

bool sealed_tell_step(struct sink *out, const struct note *what,
                      struct span step)
{
    struct note note = *what;

    note.kind = NOTE_UNREAD;
    note.step = step;
    return note.number == 0 || out->ops->note(out->ctx, &note);
}

bool sealed_tell(struct sink *out, const char *kind, enum why why, size_t len)
{
    const struct note note = {.text = span_of(kind), .number = len, .why = why};

    return sealed_tell_step(out, &note, (struct span){NULL, 0});
}

static struct progress sealed_feed(void *state, enum dir dir, struct span bytes,
                                   struct sink *out)
{
    struct sealed *s = state;
    bool more = false;

    (void)dir;
    if (s->is == NULL)
        s->is = find(bytes, &more);
    if (s->is == NULL)
        return (struct progress){more ? DECODE_MORE : DECODE_BAD, 0};
    if (!sealed_tell(out, s->is->kind, (enum why)s->is->why, bytes.len))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, bytes.len};
}

static struct progress sealed_gap(void *state, enum dir dir, uint64_t len,
                                  struct sink *out)
{
    const struct sealed *s = state;

    (void)dir;
    (void)len;
    (void)out;
    return (struct progress){s->is != NULL ? DECODE_MORE : DECODE_BAD, 0};
}

static enum decode_status sealed_end(void *state, enum dir dir,
                                     struct span rest, struct sink *out)
{
    struct progress p = sealed_feed(state, dir, rest, out);

    return p.status == DECODE_MORE ? DECODE_DONE : p.status;
}

const struct decoder decoder_sealed = {
    .name = "sealed",
    .state_size = sizeof(struct sealed),
    .probe = sealed_probe,
    .feed = sealed_feed,
    .gap = sealed_gap,
    .end = sealed_end,
};
