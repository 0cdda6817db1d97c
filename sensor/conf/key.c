// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * key.c - read the secret key from its file.
 *
 * It must not keep a byte of it: buffers are wiped.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outflow/settings.h"

enum { KEY_FILE = 256 }; /* 64 digits, blanks around them */

/* Is the file a key of its owner alone? */
static bool guard(const char *path, int fd, struct problems *problems)
{
    struct stat st;

    if (fstat(fd, &st) != 0) {
        problems_add(problems, "%s: cannot be read: %s", path, strerror(errno));
        return false;
    }
    if (S_ISDIR(st.st_mode)) {
        problems_add(problems, "%s: want a key file, have a folder", path);
        return false;
    }
    if ((st.st_mode & 077) == 0)
        return true;
    problems_add(problems,
                 "%s: want a key closed to group and others, have mode %04o; "
                 "mend it with: chmod 600 %s",
                 path, (unsigned)(st.st_mode & 07777), path);
    return false;
}

/* Read until the end or until text is full; gives the bytes. */
static size_t read_text(int fd, uint8_t *text, size_t room)
{
    size_t len = 0;

    while (len < room) {
        ssize_t got = read(fd, text + len, room - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    return len;
}

/* 64 hex digits; false on anything else. */
static bool parse(struct span text, uint8_t out[KEY_BYTES])
{
    if (text.len != 2 * KEY_BYTES)
        return false;
    for (size_t i = 0; i < KEY_BYTES; i++) {
        uint64_t byte = 0;
        if (!span_hex(span_slice(text, 2 * i, 2 * i + 2), &byte))
            return false;
        out[i] = (uint8_t)byte;
    }
    return true;
}

bool key_read(const char *path, uint8_t out[KEY_BYTES],
              struct problems *problems)
{
    uint8_t text[KEY_FILE];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0) {
        problems_add(problems, "%s: cannot be opened: %s", path,
                     strerror(errno));
        return false;
    }
    bool good = guard(path, fd, problems);
    if (good) {
        size_t len = read_text(fd, text, sizeof(text));
        good = len < sizeof(text) &&
               parse(span_trim((struct span){text, len}), out);
        if (!good)
            problems_add(problems,
                         "%s: want a key of 64 hex digits, have something "
                         "else; make one with: openssl rand -hex 32",
                         path);
        explicit_bzero(text, sizeof(text));
    }
    if (!good)
        explicit_bzero(out, KEY_BYTES);
    close(fd);
    return good;
}
