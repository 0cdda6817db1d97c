// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * employees.c - read employees.csv (interface.md 2.1).
 *
 * It must not stop at the first error: all of them are told at once.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "identity/sheet.h"
#include "identity/people.h"
#include "outflow/limits.h"
#include "util/clock.h"
#include "util/text.h"

enum column {
    COLUMN_USER = 0,
    COLUMN_NAME,
    COLUMN_GROUP,
    COLUMN_IP,
    COLUMN_MAC,
    COLUMN_MAIL,
    COLUMN_FROM,
    COLUMN_UNTIL,
    COLUMNS,
};

static const char *const columns[COLUMNS] = {"user", "name", "group", "ip",
                                             "mac",  "mail", "from",  "until"};

enum {
    USER_MOST = LIMIT_NAME - 1, /* a resolved employee's room */
    GROUP_MOST = 63,            /* a resolved group's room */
    CELL_SHOWN = 64,            /* bytes of a cell in a message */
};

/* A file being read. */
struct loading {
    struct people *people;
    const char *path;
    struct problems *problems;
    struct sheet sheet;
    enum column of[SHEET_CELLS]; /* what each cell is, by the header */
    size_t width;                /* cells of the header */
    struct span cell[COLUMNS];   /* of the row */
    size_t rows;
    bool good;
};

/* "FILE:LINE: column: want WANT, have CELL" */
static bool refuse(struct loading *l, enum column column, const char *want)
{
    struct span cell = span_head(l->cell[column], CELL_SHOWN);

    problems_add(l->problems, "%s:%u: %s: want %s, have \"%.*s\"", l->path,
                 l->sheet.line, columns[column], want, (int)cell.len,
                 (const char *)cell.ptr);
    l->good = false;
    return false;
}

/* The same of a whole row. */
static bool refuse_row(struct loading *l, const char *want, const char *have)
{
    problems_add(l->problems, "%s:%u: row: want %s, have %s", l->path,
                 l->sheet.line, want, have);
    l->good = false;
    return false;
}

static bool no_memory(struct loading *l)
{
    return refuse_row(l, "memory to hold it", "none");
}

/* UTF-8 without control bytes, at most that long? */
static bool is_plain(struct span text, size_t most)
{
    bool good = text.len <= most;

    while (good && text.len > 0) {
        uint32_t code = 0;
        size_t len = text_character(text, &code);
        good = len > 0 && code >= 0x20 && code != 0x7F;
        text = span_skip(text, len);
    }
    return good;
}

/* The column nearest to a header word nobody knows. */
static void refuse_header(struct loading *l, struct span word)
{
    const char *near = NULL;
    unsigned best = word.len < 4 ? 2 : 3; /* must be less */

    for (size_t i = 0; i < COLUMNS; i++) {
        unsigned far = text_distance(word, span_of(columns[i]));
        if (far < best) {
            best = far;
            near = columns[i];
        }
    }
    word = span_head(word, CELL_SHOWN);
    problems_add(l->problems,
                 "%s:%u: header: want columns of "
                 "user,name,group,ip,mac,mail,from,until, have \"%.*s\"%s%s%s",
                 l->path, l->sheet.line, (int)word.len, (const char *)word.ptr,
                 near ? "; did you mean \"" : "", near ? near : "",
                 near ? "\"?" : "");
    l->good = false;
}

/* One word of the header. */
static void take_header(struct loading *l, size_t cell, bool seen[COLUMNS])
{
    struct span word = l->sheet.cells[cell];
    unsigned column = 0;

    while (column < COLUMNS && !span_eq_nocase(word, span_of(columns[column])))
        column++;
    if (column == COLUMNS) {
        refuse_header(l, word);
        return;
    }
    l->of[cell] = (enum column)column;
    if (seen[column]) {
        l->cell[column] = word;
        refuse(l, (enum column)column, "each column once");
    }
    seen[column] = true;
}

/* Is any word of the row a column? */
static bool is_header(const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) {
        for (size_t k = 0; k < COLUMNS; k++) {
            if (span_eq_nocase(sheet->cells[i], span_of(columns[k])))
                return true;
        }
    }
    return false;
}

static bool read_header(struct loading *l)
{
    static const char header[] =
        "the header user,name,group,ip,mac,mail,from,until";
    bool seen[COLUMNS] = {0};
    enum sheet_row row = sheet_next(&l->sheet);

    if (row == SHEET_END)
        return refuse_row(l, header, "an empty file");
    if (row != SHEET_ROW || !is_header(&l->sheet))
        return refuse_row(l, header, "something else");
    l->width = l->sheet.count;
    for (size_t i = 0; i < l->width; i++)
        take_header(l, i, seen);
    if (l->good && !seen[COLUMN_USER])
        return refuse_row(l, "a column \"user\"", "none");
    return l->good;
}

/* A time of the row; fallback when the cell is empty. */
static bool take_time(struct loading *l, enum column column, int64_t fallback,
                      int64_t *out)
{
    char text[40];
    struct span cell = l->cell[column];
    uint64_t year = 0;

    *out = fallback;
    if (cell.len == 0)
        return true;
    if (cell.len < sizeof(text) && clock_parse(cell, out))
        return true;

    /* 9999-12-31 and the like mean never: try its day in a near year */
    if (cell.len < sizeof(text) && span_number(span_head(cell, 4), &year)) {
        memcpy(text, cell.ptr, cell.len);
        memcpy(text, year > 2000 ? "2096" : "1904", 4);
        *out = year > 2000 ? INT64_MAX : INT64_MIN;
        int64_t ignored = 0;
        if ((year > 2250 || year < 1700) &&
            clock_parse((struct span){(const uint8_t *)text, cell.len},
                        &ignored))
            return true;
    }
    return refuse(l, column, "a time such as \"2024-01-31T09:00:00+09:00\"");
}

/* Twelve hex digits with any separators between pairs. */
static bool parse_mac(struct span text, uint64_t *mac)
{
    size_t digits = 0;

    *mac = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint64_t digit = 0;
        uint8_t c = text.ptr[i];
        if (span_hex(span_slice(text, i, i + 1), &digit)) {
            *mac = *mac << 4 | digit;
            digits++;
        } else if ((c != ':' && c != '-' && c != '.') || digits % 2 != 0) {
            return false;
        }
        if (digits > 12)
            return false;
    }
    return digits == 12 && *mac != 0 && *mac != UINT64_C(0xFFFFFFFFFFFF);
}

/* A number for a network: new ones join the nets. */
static uint32_t put_network(struct people *p, const struct network *network)
{
    char text[ADDR_TEXT], key[ADDR_TEXT + 8];
    uint32_t known = p->networks.count;

    snprintf(key, sizeof(key), "%s/%u", addr_text(&network->addr, text),
             (unsigned)network->bits);
    uint32_t number = words_put(&p->networks, span_of(key));
    if (number == known && !nets_add(&p->nets, network, number))
        return WORD_NONE;
    return number;
}

static bool take_ip(struct loading *l, struct claim claim)
{
    struct network network = {0};

    if (l->cell[COLUMN_IP].len == 0)
        return true;
    if (!network_parse(l->cell[COLUMN_IP], &network))
        return refuse(l, COLUMN_IP,
                      "an address or network such as \"10.20.0.0/24\"");
    uint32_t number = put_network(l->people, &network);
    claim.key = number;
    return (number != WORD_NONE &&
            claims_add(&l->people->by_network, &claim)) ||
           no_memory(l);
}

static bool take_mac(struct loading *l, struct claim claim)
{
    if (l->cell[COLUMN_MAC].len == 0)
        return true;
    if (!parse_mac(l->cell[COLUMN_MAC], &claim.key))
        return refuse(l, COLUMN_MAC,
                      "a MAC address such as \"00:16:3e:12:34:56\"");
    return claims_add(&l->people->by_mac, &claim) || no_memory(l);
}

static bool take_mail(struct loading *l, struct claim claim)
{
    char lower[LIMIT_NAME];
    struct span mail = l->cell[COLUMN_MAIL];
    size_t at = span_find(mail, '@');

    if (mail.len == 0)
        return true;
    if (at == 0 || at + 1 >= mail.len || !is_plain(mail, LIMIT_NAME - 1))
        return refuse(l, COLUMN_MAIL,
                      "a mail address such as \"taro@bank.example\"");
    uint32_t word =
        words_put(&l->people->mails, people_lower(mail, lower, sizeof(lower)));
    claim.key = word;
    return (word != WORD_NONE && claims_add(&l->people->by_mail, &claim)) ||
           no_memory(l);
}

/* A number per item, kept beside words. */
static bool widen(uint32_t **list, uint32_t count, uint32_t value)
{
    /* room for the next power of two, as words keeps its own */
    if ((count & (count - 1)) == 0) {
        size_t room = count ? 2 * (size_t)count : 1;
        uint32_t *wide = realloc(*list, room * sizeof(*wide));
        if (!wide)
            return false;
        *list = wide;
    }
    (*list)[count] = value;
    return true;
}

/* The person of the row, made when new; WORD_NONE without memory. */
static uint32_t put_person(struct people *p, struct span user)
{
    char lower[LIMIT_NAME];
    uint32_t people = p->users.count, logins = p->logins.count;
    uint32_t person = words_put(&p->users, user);

    if (person != people) /* known, or no memory */
        return person;
    uint32_t login =
        words_put(&p->logins, people_lower(user, lower, sizeof(lower)));
    if (login == WORD_NONE || !widen(&p->group_of, person, WORD_NONE) ||
        (login == logins && !widen(&p->login_of, login, person)))
        return WORD_NONE;
    if (login != logins) /* differs from another only in case */
        p->login_of[login] = WORD_NONE;
    return person;
}

static bool take_group(struct loading *l, struct claim *claim)
{
    struct people *p = l->people;
    struct span group = l->cell[COLUMN_GROUP];

    claim->group = WORD_NONE;
    if (group.len == 0)
        return true;
    if (!is_plain(group, GROUP_MOST) || span_eq(group, SPAN("unknown")))
        return refuse(l, COLUMN_GROUP,
                      "a name of at most 63 bytes other than \"unknown\"");
    claim->group = words_put(&p->groups, group);
    if (claim->group == WORD_NONE)
        return no_memory(l);
    if (p->group_of[claim->person] == WORD_NONE)
        p->group_of[claim->person] = claim->group;
    return true;
}

/* Put the cells of the row in the order of columns. */
static bool sort_cells(struct loading *l)
{
    for (size_t i = 0; i < COLUMNS; i++)
        l->cell[i] = SPAN("");
    if (l->sheet.count > l->width)
        return refuse_row(l, "as many cells as the header", "more");
    if (l->sheet.count < l->width && !l->sheet.whole)
        return refuse_row(l, "a whole last line", "one that is cut short");
    for (size_t i = 0; i < l->sheet.count; i++)
        l->cell[l->of[i]] = l->sheet.cells[i];
    return true;
}

/* One row: a person, and what is theirs from when until when. */
static bool take_row(struct loading *l)
{
    struct claim claim = {.line = l->sheet.line};

    if (!sort_cells(l))
        return false;
    if (l->cell[COLUMN_USER].len == 0 ||
        !is_plain(l->cell[COLUMN_USER], USER_MOST))
        return refuse(l, COLUMN_USER, "a user name of at most 255 bytes");

    bool good = take_time(l, COLUMN_FROM, INT64_MIN, &claim.from);
    good = take_time(l, COLUMN_UNTIL, INT64_MAX, &claim.until) && good;
    if (good && claim.from >= claim.until)
        good = refuse(l, COLUMN_UNTIL, "a time after from");
    claim.person = put_person(l->people, l->cell[COLUMN_USER]);
    if (claim.person == WORD_NONE)
        return no_memory(l);
    good = take_group(l, &claim) && good;
    good = take_ip(l, claim) && good;
    good = take_mac(l, claim) && good;
    good = take_mail(l, claim) && good;
    claim.key = claim.person;
    return (claims_add(&l->people->by_login, &claim) || no_memory(l)) && good;
}

static void read_rows(struct loading *l)
{
    for (;;) {
        switch (sheet_next(&l->sheet)) {
        case SHEET_ROW:
            take_row(l);
            break;
        case SHEET_END:
            return;
        case SHEET_LONG:
            refuse_row(l, "at most 16 cells in 8192 bytes", "more");
            break;
        case SHEET_QUOTE:
            refuse_row(l, "quotes closed before a comma or line end", "others");
            break;
        case SHEET_MEMORY:
            no_memory(l);
            return;
        }
        if (++l->rows == LIMIT_EMPLOYEE_LINES) {
            refuse_row(l, "fewer lines", "as many as can be held");
            return;
        }
    }
}

static void sort_all(struct people *p)
{
    nets_sort(&p->nets);
    claims_sort(&p->by_network);
    claims_sort(&p->by_mac);
    claims_sort(&p->by_mail);
    claims_sort(&p->by_login);
}

/* A file that others may write could name anybody. */
static bool guard(FILE *in, const char *path, struct problems *problems)
{
    struct stat st;

    if (fstat(fileno(in), &st) != 0 || S_ISDIR(st.st_mode)) {
        problems_add(problems, "%s: want a file of employees, have a folder",
                     path);
        return false;
    }
    if ((st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return true;
    problems_add(problems,
                 "%s: want it writable by its owner only, have mode %04o; "
                 "mend it with: chmod go-w %s",
                 path, (unsigned)(st.st_mode & 07777), path);
    return false;
}

bool people_read(struct people *p, const char *path, struct problems *problems)
{
    struct loading l = {
        .people = p,
        .path = path,
        .problems = problems,
        .good = true,
    };
    FILE *in = fopen(path, "re");

    *p = (struct people){0};
    if (!in) {
        problems_add(problems, "%s: cannot be opened: %s", path,
                     strerror(errno));
        return false;
    }
    l.good = guard(in, path, problems);
    if (l.good) {
        sheet_open(&l.sheet, in);
        if (read_header(&l))
            read_rows(&l);
        if (l.good && l.rows == 0)
            refuse_row(&l, "at least one employee", "none");
        if (ferror(in))
            refuse_row(&l, "the rest of the file", "an error of the system");
        sheet_close(&l.sheet);
    }
    fclose(in);
    sort_all(p);
    return l.good;
}
