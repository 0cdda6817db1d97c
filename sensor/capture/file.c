// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * file.c - one capture: its format found out, its packets in file order.
 *
 * It must not look into frames, nor show a byte of the file in a message:
 * a customer table named by mistake is an input, too.
 */
#include "capture/file.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "capture/links.h"
#include "outflow/limits.h"

static const struct format *const formats[] = {&format_pcap, &format_pcapng};

struct foreign {
    struct span magic;
    bool capture; /* else something that could hold one */
    const char *what;
};

static const struct foreign foreigns[] = {
#define FOREIGN(magic, what)                                                   \
    {{(const uint8_t *)(magic), sizeof(magic) - 1}, true, what},
#define ARCHIVE(magic, what)                                                   \
    {{(const uint8_t *)(magic), sizeof(magic) - 1}, false, what},
#include "capture/foreign.def"
#undef FOREIGN
#undef ARCHIVE
};

enum {
    HEAD_BYTES = 24, /* enough for every magic of foreign.def */
};

enum step file_damage(struct file *f, uint64_t place, const char *fmt, ...)
{
    va_list args;

    f->place = place;
    f->cut = false;
    va_start(args, fmt);
    (void)vsnprintf(f->fault, sizeof(f->fault), fmt, args);
    va_end(args);
    return STEP_DAMAGE;
}

enum step file_short(struct file *f, uint64_t want, const char *what)
{
    (void)file_damage(f, f->source.taken,
                      "want %" PRIu64 " bytes of %s, have %zu", want, what,
                      f->source.window.len);
    f->cut = true;
    return STEP_DAMAGE;
}

/* What is the matter with the source, in words; NULL when nothing is. */
static const char *file_source_fault(const struct source *s, char *room,
                                     size_t size)
{
    const char *packing = source_packing(s);

    switch (s->end) {
    case SOURCE_CUT:
        (void)snprintf(room, size, "the %s data ends early", packing);
        return room;
    case SOURCE_BAD:
        (void)snprintf(room, size, "the %s data is damaged", packing);
        return room;
    case SOURCE_LIMIT:
        (void)snprintf(room, size,
                       "unpacking takes more than %d MiB of memory; "
                       "unpack it first: %s -d",
                       LIMIT_UNPACK >> 20, packing);
        return room;
    case SOURCE_FAILED:
        (void)snprintf(room, size, "cannot read: %s", strerror(s->error));
        return room;
    case SOURCE_MEMORY:
        return "out of memory";
    case SOURCE_GOES_ON:
    case SOURCE_DONE:
        break;
    }
    return NULL;
}

/* The problem line of a capture that ended early. */
static void file_tell_damage(const struct file *f, bool damaged,
                             struct problems *problems)
{
    char room[FILE_FAULT];
    const char *source = file_source_fault(&f->source, room, sizeof(room));
    uint64_t place = damaged ? f->place : f->source.taken;
    bool cut = damaged ? f->cut : true;

    problems_add(problems,
                 "%s: %s after packet %" PRIu64 " (byte %" PRIu64 "%s): %s%s%s",
                 f->name, cut ? "cut short" : "damaged", f->packets, place,
                 source_packing(&f->source) == NULL ? "" : " unpacked",
                 damaged ? f->fault : "", damaged && source != NULL ? "; " : "",
                 source != NULL ? source : "");
}

/* One line for each link type that was not read. */
static void file_tell_links(const struct file *f, struct problems *problems,
                            struct problems *notes)
{
    for (size_t i = 0; i < f->links; i++) {
        const struct unread_link *u = &f->unread[i];
        bool wrong = f->readable == 0 || u->link == LINK_UNDESCRIBED;
        char type[64];

        if (u->link == LINK_UNDESCRIBED)
            (void)snprintf(type, sizeof(type), "interface %u is not described",
                           u->interface);
        else
            (void)snprintf(type, sizeof(type),
                           "link type %u on interface %u not supported",
                           u->link, u->interface);
        problems_add(wrong ? problems : notes,
                     "%s: %s: %" PRIu64 " packets not read", f->name, type,
                     u->packets);
    }
}

/* The capture is at its end: say what there is to say. */
static void file_tell(const struct file *f, enum step step,
                      struct problems *problems, struct problems *notes)
{
    char room[FILE_FAULT];
    bool damaged = step == STEP_DAMAGE;

    if (damaged || file_source_fault(&f->source, room, sizeof(room)) != NULL)
        file_tell_damage(f, damaged, problems);
    else if (f->packets == 0)
        problems_add(notes, "%s: 0 packets", f->name);
    if (f->dropped > 0)
        problems_add(notes,
                     "%s: %" PRIu64 " packets were dropped while capturing",
                     f->name, f->dropped);
    if (f->source.trailing)
        problems_add(notes, "%s: bytes behind the %s data are not read",
                     f->name, source_packing(&f->source));
    file_tell_links(f, problems, notes);
}

/* Count a packet whose link type is not read; the last row takes the rest. */
static void file_count_unread(struct file *f, uint32_t link)
{
    size_t i = 0;

    while (i < f->links && f->unread[i].link != link)
        i++;
    if (i == FILE_LINKS)
        i--;
    if (i == f->links)
        f->unread[f->links++] = (struct unread_link){
            .link = link, .interface = f->format->interface(f)};
    f->unread[i].packets++;
}

bool file_next(struct file *f, struct packet *out, struct problems *problems,
               struct problems *notes)
{
    enum step step = f->format->next(f, out);

    if (UNLIKELY(step != STEP_PACKET)) {
        file_tell(f, step, problems, notes);
        return false;
    }
    out->number = ++f->packets;
    if (LIKELY(links_reads(out->link)))
        f->readable++;
    else
        file_count_unread(f, out->link);
    return true;
}

void file_park(struct file *f, bool keep_fd)
{
    source_park(&f->source, f->record, keep_fd);
}

bool file_again(struct file *f, struct packet *out, struct problems *problems)
{
    bool resumed = source_resume(&f->source);

    if (resumed && f->format->next(f, out) == STEP_PACKET) {
        out->number = f->packets;
        return true;
    }
    f->packets--;
    if (resumed)
        (void)file_damage(f, f->record, "the file changed while it was read");
    file_tell_damage(f, resumed, problems);
    return false;
}

/* Is it called like a capture? Then it is one, or it was to be. */
static bool file_has_name(const struct file *f)
{
    const char *slash = strrchr(f->name, '/');
    const char *base = slash == NULL ? f->name : slash + 1;

    return strcasestr(base, ".pcap") != NULL ||
           strcasestr(base, ".cap") != NULL || strcasestr(base, ".dmp") != NULL;
}

static const struct foreign *file_foreign(const struct file *f)
{
    for (size_t i = 0; i < COUNT(foreigns); i++) {
        if (span_starts(f->source.window, foreigns[i].magic))
            return &foreigns[i];
    }
    return NULL;
}

/* No format claims the first bytes, and they could be read: say what it is. */
static void file_tell_stranger(const struct file *f, struct problems *to)
{
    const struct foreign *foreign = file_foreign(f);
    const char *packing = source_packing(&f->source);

    if (foreign != NULL)
        problems_add(to, "%s: format not supported: %s", f->name,
                     foreign->what);
    else if (f->source.window.len == 0)
        problems_add(to, "%s: is empty; want a pcap or pcapng capture",
                     f->name);
    else if (packing != NULL)
        problems_add(to,
                     "%s: is packed by %s and holds no capture; want pcap "
                     "or pcapng",
                     f->name, packing);
    else
        problems_add(to,
                     "%s: is not a capture; want pcap or pcapng, plain or "
                     "packed by gzip, zstd, xz or bzip2",
                     f->name);
}

/* Say why a file whose first bytes no format claims is not read. */
static enum err file_refuse(struct file *f, struct problems *problems,
                            struct problems *notes)
{
    const struct source *s = &f->source;
    const struct foreign *foreign = file_foreign(f);
    char room[FILE_FAULT];
    const char *fault = file_source_fault(s, room, sizeof(room));

    if (fault != NULL) {
        problems_add(problems, "%s: not read: %s", f->name, fault);
        return s->end == SOURCE_MEMORY ? ERR_MEMORY : ERR_IO;
    }
    bool matters =
        !f->found || file_has_name(f) || (foreign != NULL && foreign->capture);
    file_tell_stranger(f, matters ? problems : notes);
    return ERR_FORMAT;
}

enum err file_begin(struct file *f, struct problems *problems,
                    struct problems *notes)
{
    struct source *s = &f->source;

    (void)source_fill(s, HEAD_BYTES); /* a shorter file shows below */
    for (size_t i = 0; i < COUNT(formats) && f->format == NULL; i++) {
        if (s->window.len >= 4 && formats[i]->probe(s->window))
            f->format = formats[i];
    }
    if (f->format == NULL)
        return file_refuse(f, problems, notes);
    if (f->format->begin(f) == STEP_PACKET)
        return ERR_OK;
    file_tell_damage(f, true, problems);
    return ERR_FORMAT;
}

void file_close(struct file *f)
{
    if (f->format != NULL)
        f->format->end(f);
    source_close(&f->source);
    f->format = NULL;
}
