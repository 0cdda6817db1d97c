// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * paths.c - what the operator named, made a list of files to read.
 *
 * It must not open captures: a pipe that is opened twice is lost.
 */
#include "capture/paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct collect {
    struct paths *paths;
    struct problems *problems;
    struct problems *notes;
};

/* Add a name, which is taken over; ERR_MEMORY releases it. */
static enum err paths_add(struct paths *p, char *name, const struct stat *st,
                          bool found)
{
    if (p->count == p->room) {
        size_t room = p->room == 0 ? 16 : p->room * 2;
        struct path *grown = realloc(p->path, room * sizeof(*grown));
        if (grown == NULL) {
            free(name);
            return ERR_MEMORY;
        }
        p->path = grown;
        p->room = room;
    }
    bool regular = S_ISREG(st->st_mode);
    p->path[p->count++] =
        (struct path){.name = name,
                      .device = st->st_dev,
                      .inode = st->st_ino,
                      .unique = regular,
                      .found = found,
                      .size = regular ? (uint64_t)st->st_size : 0};
    return ERR_OK;
}

/* Why a thing that is no file cannot be read; NULL when it can. */
static const char *paths_refusal(const char *name, const struct stat *st)
{
    bool stdin_named = strcmp(name, "-") == 0;

    if (stdin_named && isatty(STDIN_FILENO))
        return "standard input is a terminal; want a capture from a pipe "
               "or a file";
    if (S_ISREG(st->st_mode) || S_ISFIFO(st->st_mode))
        return NULL;
    if (S_ISSOCK(st->st_mode))
        return stdin_named ? NULL : "is a socket; want a capture file";
    if (S_ISDIR(st->st_mode))
        return "is a directory; want a capture from a pipe or a file";
    return stdin_named ? NULL
                       : "is a device; want a capture file (to listen to an "
                         "interface: outflow watch -i IFACE)";
}

/* A file of a directory that is not to be read, with the remark on it. */
static bool paths_pass_over(const struct collect *c, const char *name,
                            const char *base, const struct stat *st)
{
    const char *why = base[0] == '.'          ? "hidden"
                      : S_ISDIR(st->st_mode)  ? "a directory in a directory"
                      : S_ISFIFO(st->st_mode) ? "a pipe in a directory"
                      : !S_ISREG(st->st_mode) ? "no file"
                                              : NULL;

    if (why != NULL)
        problems_add(c->notes, "%s: passed over: %s; name it to read it", name,
                     why);
    return why != NULL;
}

/* One entry of a directory. */
static enum err paths_entry(const struct collect *c, const char *directory,
                            const char *base)
{
    const char *slash = directory[strlen(directory) - 1] == '/' ? "" : "/";
    struct stat st;
    char *name;

    if (strcmp(base, ".") == 0 || strcmp(base, "..") == 0)
        return ERR_OK;
    if (asprintf(&name, "%s%s%s", directory, slash, base) < 0)
        return ERR_MEMORY;
    if (stat(name, &st) != 0) {
        problems_add(c->problems, "%s: cannot open: %s", name, strerror(errno));
        free(name);
        return ERR_OK;
    }
    if (!paths_pass_over(c, name, base, &st))
        return paths_add(c->paths, name, &st, true);
    free(name);
    return ERR_OK;
}

static enum err paths_directory(const struct collect *c, const char *name)
{
    size_t before = c->paths->count;
    size_t told = c->problems->count;
    enum err err = ERR_OK;
    struct dirent *entry;

    DIR *dir = opendir(name);
    if (dir == NULL) {
        problems_add(c->problems, "%s: cannot open: %s", name, strerror(errno));
        return ERR_OK;
    }
    while (err == ERR_OK && (entry = readdir(dir)) != NULL)
        err = paths_entry(c, name, entry->d_name);
    (void)closedir(dir);
    if (err == ERR_OK && c->paths->count == before &&
        c->problems->count == told)
        problems_add(c->problems, "%s: no capture in this directory", name);
    return err;
}

static enum err paths_name(const struct collect *c, const char *name)
{
    bool stdin_named = strcmp(name, "-") == 0;
    struct stat st;

    if ((stdin_named ? fstat(STDIN_FILENO, &st) : stat(name, &st)) != 0) {
        problems_add(c->problems, "%s: cannot open: %s", name, strerror(errno));
        return ERR_OK;
    }
    if (!stdin_named && S_ISDIR(st.st_mode))
        return paths_directory(c, name);
    const char *refusal = paths_refusal(name, &st);
    if (refusal != NULL) {
        problems_add(c->problems, "%s: %s", name, refusal);
        return ERR_OK;
    }
    char *copy = strdup(name);
    return copy == NULL ? ERR_MEMORY : paths_add(c->paths, copy, &st, false);
}

static int path_by_name(const void *a, const void *b)
{
    const struct path *x = a;
    const struct path *y = b;

    return strcmp(x->name, y->name);
}

/* The same file together, of its names the first by name in front. */
static int path_by_file(const void *a, const void *b)
{
    const struct path *x = a;
    const struct path *y = b;

    if (x->unique != y->unique)
        return x->unique ? -1 : 1;
    if (x->unique && x->device != y->device)
        return x->device < y->device ? -1 : 1;
    if (x->unique && x->inode != y->inode)
        return x->inode < y->inode ? -1 : 1;
    return path_by_name(a, b);
}

static bool path_is_same(const struct path *a, const struct path *b)
{
    if (strcmp(a->name, b->name) == 0)
        return true;
    return a->unique && b->unique && a->device == b->device &&
           a->inode == b->inode;
}

/* Drop another name of a file that stays. */
static void path_drop(struct path *stays, struct path *drops,
                      struct problems *notes)
{
    if (strcmp(stays->name, drops->name) == 0)
        problems_add(notes, "%s: named twice; read once", stays->name);
    else
        problems_add(notes, "%s: the same file as %s; read once", drops->name,
                     stays->name);
    stays->found = stays->found && drops->found;
    free(drops->name);
}

/* Keep one name of each file. */
static void paths_drop_repeats(struct paths *p, struct problems *notes)
{
    size_t kept = 0;

    if (p->count > 0)
        qsort(p->path, p->count, sizeof(*p->path), path_by_file);
    for (size_t i = 0; i < p->count; i++) {
        if (kept > 0 && path_is_same(&p->path[kept - 1], &p->path[i]))
            path_drop(&p->path[kept - 1], &p->path[i], notes);
        else
            p->path[kept++] = p->path[i];
    }
    p->count = kept;
    if (kept > 0)
        qsort(p->path, kept, sizeof(*p->path), path_by_name);
}

enum err paths_collect(struct paths *p, const char *const *names, size_t count,
                       struct problems *problems, struct problems *notes)
{
    struct collect c = {p, problems, notes};
    enum err err = ERR_OK;

    *p = (struct paths){.path = NULL};
    for (size_t i = 0; i < count && err == ERR_OK; i++)
        err = paths_name(&c, names[i]);
    paths_drop_repeats(p, notes);
    return err;
}

void paths_clear(struct paths *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->path[i].name);
    free(p->path);
    *p = (struct paths){.path = NULL};
}
