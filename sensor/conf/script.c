// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * script.c - read a settings, rule or schema file into memory.
 *
 * It must not look at more of the text than its byte order mark.
 */
#include "conf/script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "outflow/buf.h"
#include "outflow/limits.h"

bool script_closed(const char *path, const struct stat *st,
                   struct problems *problems)
{
    if ((st->st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return true;
    problems_add(problems,
                 "%s: want it writable by its owner only, have mode %04o; "
                 "mend it with: chmod go-w %s",
                 path, (unsigned)(st->st_mode & 07777), path);
    return false;
}

/* Everything fd gives, up to the cap of b. */
static enum err read_all(int fd, struct buf *b)
{
    uint8_t chunk[16384];

    for (;;) {
        ssize_t got = read(fd, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ERR_IO;
        if (got == 0)
            return ERR_OK;
        if (!buf_add(b, (struct span){chunk, (size_t)got}))
            return b->len + (size_t)got > b->cap ? ERR_LIMIT : ERR_MEMORY;
    }
}

/* Is what fd opens something to be read, and its owner's alone? */
static bool guard(const char *path, int fd, struct problems *problems)
{
    struct stat st;

    if (fstat(fd, &st) != 0) {
        problems_add(problems, "%s: cannot be read: %s", path, strerror(errno));
        return false;
    }
    if (S_ISDIR(st.st_mode)) {
        problems_add(problems, "%s: want a file, have a folder", path);
        return false;
    }
    return script_closed(path, &st, problems);
}

/* Say why reading ended early. */
static void complain(const char *path, enum err why, struct problems *problems)
{
    if (why == ERR_LIMIT)
        problems_add(problems, "%s: want at most %d bytes, have more", path,
                     LIMIT_SETTINGS_FILE);
    else if (why == ERR_IO)
        problems_add(problems, "%s: cannot be read: %s", path, strerror(errno));
    else
        problems_add(problems, "%s: no memory to read it", path);
}

bool script_read(const char *path, struct script *out,
                 struct problems *problems)
{
    struct buf bytes;
    enum err why = ERR_FORMAT;

    buf_init(&bytes, LIMIT_SETTINGS_FILE);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        problems_add(problems, "%s: cannot be opened: %s", path,
                     strerror(errno));
        return false;
    }
    if (!guard(path, fd, problems))
        goto out;
    why = read_all(fd, &bytes);
    if (why == ERR_OK && !script_from(path, buf_span(&bytes), out))
        why = ERR_MEMORY;
    if (why != ERR_OK)
        complain(path, why, problems);
out:
    buf_clear(&bytes);
    close(fd);
    return why == ERR_OK;
}

bool script_from(const char *name, struct span bytes, struct script *out)
{
    static const struct span mark = {(const uint8_t *)"\xEF\xBB\xBF", 3};
    const char *slash = strrchr(name, '/');

    if (span_starts(bytes, mark))
        bytes = span_skip(bytes, mark.len);
    *out = (struct script){
        .name = strdup(name),
        .folder = strndup(name, slash ? (size_t)(slash - name) + 1 : 0),
        .text = malloc(bytes.len + 1),
        .len = bytes.len,
    };
    if (!out->name || !out->folder || !out->text) {
        script_clear(out);
        return false;
    }
    if (bytes.len > 0)
        memcpy(out->text, bytes.ptr, bytes.len);
    out->text[bytes.len] = '\0';
    return true;
}

void script_clear(struct script *s)
{
    free(s->name);
    free(s->folder);
    free(s->text);
    *s = (struct script){0};
}

char *script_path(const char *folder, const char *path)
{
    char *joined = NULL;

    if (path[0] == '/')
        folder = "";
    if (asprintf(&joined, "%s%s", folder, path) < 0)
        return NULL;
    return joined;
}
