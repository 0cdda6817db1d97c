// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_paths.c - capture/paths.c: which files a command line means.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/paths.h"
#include "folder.h"
#include "support/spec.h"

struct found {
    struct paths paths;
    struct problems problems, notes;
};

static void collect(struct found *f, const char *const *names, size_t count)
{
    *f = (struct found){.paths = {.path = NULL}};
    assert_int_equal(
        paths_collect(&f->paths, names, count, &f->problems, &f->notes),
        ERR_OK);
}

static void forget(struct found *f)
{
    paths_clear(&f->paths);
    problems_clear(&f->problems);
    problems_clear(&f->notes);
}

static bool ends(const char *text, const char *tail)
{
    size_t len = strlen(text);

    return len >= strlen(tail) && strcmp(text + len - strlen(tail), tail) == 0;
}

static void a_directory_is_its_files(void **state)
{
    struct folder folder;
    struct found found;

    (void)state;
    folder_make(&folder);
    folder_write(&folder, "b.pcap", SPAN("bb"));
    folder_write(&folder, "a.pcap", SPAN("a"));
    folder_write(&folder, ".hidden", SPAN("h"));
    assert_int_equal(mkdir(folder_path(&folder, "sub"), 0700), 0);
    assert_int_equal(mkfifo(folder_path(&folder, "pipe"), 0600), 0);
    const char *names[] = {folder.path};
    collect(&found, names, 1);
    assert_int_equal(found.paths.count, 2);
    assert_true(ends(found.paths.path[0].name, "/a.pcap"));
    assert_int_equal(found.paths.path[0].size, 1);
    assert_true(found.paths.path[0].found);
    assert_true(ends(found.paths.path[1].name, "/b.pcap"));
    assert_int_equal(found.problems.count, 0);
    assert_int_equal(found.notes.count, 3);
    forget(&found);
    folder_remove(&folder);
}

/* Named twice, by another path and by a link: the first name stands. */
static void a_file_is_read_once(void **state)
{
    struct folder folder;
    struct found found;
    char direct[128], slashed[128], linked[128];

    (void)state;
    folder_make(&folder);
    folder_write(&folder, "b.pcap", SPAN("b"));
    (void)snprintf(direct, sizeof(direct), "%s/b.pcap", folder.path);
    (void)snprintf(slashed, sizeof(slashed), "%s//b.pcap", folder.path);
    (void)snprintf(linked, sizeof(linked), "%s/a.pcap", folder.path);
    assert_int_equal(symlink("b.pcap", linked), 0);
    const char *names[] = {direct, slashed, folder.path, direct};
    collect(&found, names, 4);
    assert_int_equal(found.paths.count, 1);
    assert_string_equal(found.paths.path[0].name, slashed);
    assert_false(found.paths.path[0].found);
    assert_int_equal(found.notes.count, 4);
    assert_non_null(strstr(found.notes.lines[0], "read once"));
    forget(&found);
    folder_remove(&folder);
}

struct refusal {
    const char *name;
    const char *path; /* NULL: made in a folder */
    const char *tail; /* of the problem */
};

static const struct refusal refusals[] = {
    {"a missing file", "/nonexistent/x.pcap",
     "/nonexistent/x.pcap: cannot open: No such file or directory"},
    {"a device", "/dev/zero",
     "/dev/zero: is a device; want a capture file (to listen to an "
     "interface: outflow watch -i IFACE)"},
    {"an empty name", "", ": cannot open: No such file or directory"},
    {"an empty directory", NULL, ": no capture in this directory"},
};

static void test_refusal(void **state)
{
    const struct refusal *r = *state;
    struct folder folder;
    struct found found;

    folder_make(&folder);
    const char *names[] = {r->path != NULL ? r->path : folder.path};
    collect(&found, names, 1);
    assert_int_equal(found.paths.count, 0);
    assert_int_equal(found.problems.count, 1);
    assert_true(ends(found.problems.lines[0], r->tail));
    forget(&found);
    folder_remove(&folder);
}

static void a_broken_link_in_a_directory(void **state)
{
    struct folder folder;
    struct found found;

    (void)state;
    folder_make(&folder);
    folder_write(&folder, "a.pcap", SPAN("a"));
    assert_int_equal(symlink("nowhere", folder_path(&folder, "l.pcap")), 0);
    const char *names[] = {folder.path};
    collect(&found, names, 1);
    assert_int_equal(found.paths.count, 1);
    assert_int_equal(found.problems.count, 1);
    forget(&found);
    folder_remove(&folder);
}

static void a_pipe_by_name_and_standard_input(void **state)
{
    struct folder folder;
    struct found found;
    char pipe_path[128];
    int ends_of_pipe[2];
    int saved = dup(STDIN_FILENO);

    (void)state;
    assert_int_equal(pipe(ends_of_pipe), 0);
    assert_int_equal(dup2(ends_of_pipe[0], STDIN_FILENO), STDIN_FILENO);
    folder_make(&folder);
    (void)snprintf(pipe_path, sizeof(pipe_path), "%s/pipe", folder.path);
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    const char *names[] = {pipe_path, "-", "-"};
    collect(&found, names, 3);
    assert_int_equal(found.paths.count, 2);
    assert_string_equal(found.paths.path[0].name, "-");
    assert_int_equal(found.paths.path[0].size, 0);
    assert_string_equal(found.paths.path[1].name, pipe_path);
    assert_int_equal(found.notes.count, 1);
    forget(&found);
    folder_remove(&folder);
    (void)dup2(saved, STDIN_FILENO);
    (void)close(saved);
    (void)close(ends_of_pipe[0]);
    (void)close(ends_of_pipe[1]);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(refusals) + 4];
    size_t at = 0;

    SPEC_TABLE(tests, at, refusals, test_refusal);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(a_directory_is_its_files);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(a_file_is_read_once);
    tests[at++] =
        (struct CMUnitTest)cmocka_unit_test(a_broken_link_in_a_directory);
    tests[at++] =
        (struct CMUnitTest)cmocka_unit_test(a_pipe_by_name_and_standard_input);
    return SPEC_RUN("capture/paths", tests, at);
}
