// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * hyperscan.c - what a regex engine takes for four kinds of personal data.
 *
 *     hyperscan [-s] FILE
 *
 * One database of four patterns (card, social security number, e-mail,
 * phone: those of a widely used sensor; -s: simpler ones), one block-mode
 * scan of every 16 KiB with the start of each match. It counts matches and
 * checks none of them. It must not do more, nor less.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <hs/hs.h>

enum { BLOCK = 16 << 10, PATTERNS = 4 };

#define ATOM  "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+"
#define LABEL "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"

static const char *const full[PATTERNS] = {
    "\\d{4}\\D?\\d{4}\\D?\\d{2}\\D?\\d{2}\\D?\\d{3,4}",
    "[0-8]\\d{2}-\\d{2}-\\d{4}",
    ATOM "(?:\\." ATOM ")*@(?:" LABEL "\\.)+" LABEL,
    "(?:\\+?1[-\\.\\s]?)?\\(?([2-9][0-8]\\d)\\)?[-\\.\\s]([2-9]\\d{2})"
    "[-\\.\\s](\\d{4})",
};

static const char *const simple[PATTERNS] = {
    "\\d{4}[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{4}",
    "[A-Za-z0-9._%+-]@[A-Za-z0-9.-]+\\.[A-Za-z]{2}",
    "\\(?\\d{3}\\)?[ .-]\\d{3}[ .-]\\d{4}",
    "(?:19|20)\\d\\d-\\d\\d-\\d\\d",
};

static int count(unsigned id, unsigned long long from, unsigned long long to,
                 unsigned flags, void *ctx)
{
    unsigned long long *matches = ctx;

    (void)id;
    (void)flags;
    matches[0]++;
    matches[1] += to - from; /* the start is made use of */
    return 0;
}

static int scan_all(const hs_database_t *db, int file)
{
    static char block[BLOCK];
    unsigned long long matches[2] = {0, 0}, bytes = 0;
    hs_scratch_t *scratch = NULL;
    ssize_t got = 0;

    if (hs_alloc_scratch(db, &scratch) != HS_SUCCESS)
        return 2;
    while ((got = read(file, block, sizeof(block))) > 0) {
        bytes += (unsigned long long)got;
        if (hs_scan(db, block, (unsigned)got, 0, scratch, count, matches) !=
            HS_SUCCESS)
            break;
    }
    hs_free_scratch(scratch);
    printf("%llu matches, %llu bytes\n", matches[0], bytes);
    return got == 0 ? 0 : 2;
}

int main(int argc, char **argv)
{
    const int less = argc == 3 && strcmp(argv[1], "-s") == 0;
    const unsigned flag = HS_FLAG_DOTALL | HS_FLAG_SOM_LEFTMOST;
    const unsigned flags[PATTERNS] = {flag, flag, flag, flag};
    const unsigned ids[PATTERNS] = {0, 1, 2, 3};
    hs_compile_error_t *error = NULL;
    hs_database_t *db = NULL;

    if (argc != 2 + less) {
        fputs("usage: hyperscan [-s] FILE\n", stderr);
        return 2;
    }
    if (hs_compile_multi(less ? simple : full, flags, ids, PATTERNS,
                         HS_MODE_BLOCK, NULL, &db, &error) != HS_SUCCESS) {
        fprintf(stderr, "hyperscan: %s\n", error->message);
        hs_free_compile_error(error);
        return 2;
    }
    int file = open(argv[argc - 1], O_RDONLY | O_CLOEXEC);
    int status = file >= 0 ? scan_all(db, file) : 2;
    if (file >= 0)
        (void)close(file);
    hs_free_database(db);
    return status;
}
