// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * drain_file.c - frames of a spool to a file, in whole lines.
 *
 * Lines are appended, and synced before the cursor says that they are there.
 * A line that a full disk or a power cut left without its end is taken back
 * and written anew. SIGHUP closes the file; the next line opens it anew.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/outlet.h"

static bool say(struct outlet *o)
{
    (void)snprintf(o->why, sizeof(o->why), "%s", strerror(errno));
    return false;
}

static bool is_regular(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Bytes up to the end of the last whole line. */
static off_t whole_lines(int fd, off_t size)
{
    uint8_t page[4096];

    while (size > 0) {
        size_t len = size < (off_t)sizeof(page) ? (size_t)size : sizeof(page);
        size_t got = place_read(fd, page, len, (uint64_t)size - len);
        while (got > 0 && page[got - 1] != '\n')
            got--;
        size -= (off_t)(len - got);
        if (got > 0)
            break;
    }
    return size;
}

/* Cut off a line that a crash left without its end. */
static void mend_end(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    off_t whole = size > 0 ? whole_lines(fd, size) : 0;

    if (size > whole && size - whole <= LIMIT_ALERT)
        (void)ftruncate(fd, whole);
}

static bool open_file(struct outlet *o)
{
    enum { HOW = O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, MODE = 0640 };

    if (strcmp(o->to->path, "-") == 0) {
        o->file = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
        return o->file >= 0 || say(o);
    }
    o->file = open(o->to->path, O_RDWR | HOW, MODE);
    if (o->file < 0 && errno == EACCES)
        o->file = open(o->to->path, O_WRONLY | HOW, MODE);
    if (o->file < 0)
        return say(o);
    if (is_regular(o->file))
        mend_end(o->file);
    return true;
}

/* All of it, or nothing: what was written of a line is taken back. */
static bool append(struct outlet *o, struct span line)
{
    bool regular = is_regular(o->file);
    off_t size = regular ? lseek(o->file, 0, SEEK_END) : 0;

    while (line.len > 0) {
        ssize_t done = write(o->file, line.ptr, line.len);
        if (done >= 0) {
            line = span_skip(line, (size_t)done);
            continue;
        }
        if (errno == EINTR)
            continue;
        (void)say(o);
        if (regular)
            (void)ftruncate(o->file, size);
        return false;
    }
    return true;
}

static bool append_entry(struct outlet *o)
{
    const struct output_format *format = o->message.format;
    struct buf *line = &o->message.bytes;
    bool good;

    buf_reset(line);
    if (o->entry.is_event)
        good = format->event(&o->entry.event, &o->entry.run, line) &&
               buf_add_byte(line, '\n');
    else
        good = format->alert(&o->entry.alert, &o->entry.run, line);
    if (!good) {
        errno = ENOMEM;
        return say(o);
    }
    return append(o, buf_span(line));
}

static bool rest_file(struct outlet *o, int wait_ms)
{
    struct pollfd p[] = {{.fd = o->signals, .events = POLLIN},
                         {.fd = o->pull.news, .events = POLLIN}};

    (void)poll(p, COUNT(p), wait_ms);
    return true;
}

static bool settle_file(struct outlet *o)
{
    return fdatasync(o->file) == 0 || errno == EINVAL || errno == EROFS ||
           say(o);
}

static void close_file(struct outlet *o, bool polite)
{
    (void)polite;
    (void)close(o->file);
    o->file = -1;
}

const struct drain drain_file = {
    .open = open_file,
    .send = append_entry,
    .rest = rest_file,
    .settle = settle_file,
    .close = close_file,
    .certain = true,
};
