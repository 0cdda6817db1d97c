// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * folder.c - look at a directory before trusting what stands in it.
 *
 * Whoever may write there may forget customers, or invent some. It must not
 * change what is there already.
 */
#include "state/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/lock.h"

enum { WAIT_MS = 3000 }; /* for a killed one that ends in the disk */

/* Is it safe? owner is who files in it are to belong to. */
static bool look(const char *dir, int fd, struct stat *st,
                 struct problems *problems)
{
    uid_t me = geteuid();

    if (fstat(fd, st) != 0) {
        problems_add(problems, "state %s: %s", dir, strerror(errno));
        return false;
    }
    if (st->st_uid != me && me != 0) {
        problems_add(problems,
                     "state %s: want a directory of user %lu, have one of"
                     " user %lu",
                     dir, (unsigned long)me, (unsigned long)st->st_uid);
        return false;
    }
    if ((st->st_mode & 022) != 0) {
        problems_add(problems,
                     "state %s: want mode 0700, have 0%03o: others may write"
                     " to it",
                     dir, (unsigned)(st->st_mode & 07777));
        return false;
    }
    return true;
}

static int open_dir(const char *dir, struct problems *problems)
{
    struct stat st;
    int fd;

    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        problems_add(problems, "state %s: cannot make it: %s", dir,
                     strerror(errno));
        return -1;
    }
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0)
        return fd;
    if (lstat(dir, &st) == 0 && S_ISLNK(st.st_mode))
        problems_add(problems,
                     "state %s: want a directory, have a symbolic link", dir);
    else if (errno == ENOTDIR)
        problems_add(problems, "state %s: want a directory, have a file", dir);
    else
        problems_add(problems, "state %s: %s", dir, strerror(errno));
    return -1;
}

/* A file of the directory's owner; started as root we are not that. */
static int open_file(int dir, const char *name, uid_t owner, gid_t group)
{
    int fd = openat(dir, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    struct stat st;

    if (fd < 0)
        return -1;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
        (st.st_uid != owner && fchown(fd, owner, group) != 0)) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static void note_holder(int fd)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)len, 0) < 0)
        return; /* it only serves a message */
}

static void tell_holder(const char *dir, int fd, struct problems *problems)
{
    char text[24] = "";
    ssize_t len = pread(fd, text, sizeof(text) - 1, 0);
    long pid = len > 0 ? strtol(text, NULL, 10) : 0;

    problems_add(problems,
                 "state %s: in use by another outflow (process %ld); one at"
                 " a time may use it",
                 dir, pid);
}

/* The lock holds as long as the descriptor is open. */
static int lock(const char *dir, int at, const struct stat *st,
                struct problems *problems)
{
    int fd = open_file(at, "lock", st->st_uid, st->st_gid);

    if (fd < 0) {
        problems_add(problems, "state %s: lock: %s", dir, strerror(errno));
        return -1;
    }
    if (lock_wait(fd, WAIT_MS)) {
        note_holder(fd);
        return fd;
    }
    if (errno == EWOULDBLOCK)
        tell_holder(dir, fd, problems);
    else
        problems_add(problems, "state %s: lock: %s", dir, strerror(errno));
    (void)close(fd);
    return -1;
}

int folder_open(const char *dir, const char *file, struct problems *problems)
{
    int at = open_dir(dir, problems), held = -1, made;
    struct stat st;

    if (at < 0)
        return -1;
    if (look(dir, at, &st, problems))
        held = lock(dir, at, &st, problems);
    if (held >= 0) {
        made = open_file(at, file, st.st_uid, st.st_gid);
        if (made < 0) {
            problems_add(problems, "state %s: %s: %s", dir, file,
                         strerror(errno));
            (void)close(held);
            held = -1;
        } else {
            (void)close(made);
        }
    }
    (void)close(at);
    return held;
}
