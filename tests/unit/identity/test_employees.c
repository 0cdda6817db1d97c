// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_employees.c - identity/employees.c, people.c and sheet.c: the file of
 * employees, its errors, and who is found by what.
 */
#include "identity/people.h"
#include "scratch.h"
#include "util/clock.h"

#define HEADER "user,name,group,ip,mac,mail,from,until\n"

struct bad_case {
    const char *name;
    const char *text;
    const char *said;
};

static const struct bad_case bad[] = {
    {"one user is enough", HEADER "taro,,,,,,,\n", NULL},
    {"cells left out at the end are empty", HEADER "taro\n", NULL},
    {"columns in any order, some left out", "IP,user\n10.0.0.1,taro\n", NULL},
    {"CRLF behind a byte order mark",
     "\xEF\xBB\xBFuser,ip\r\ntaro,10.0.0.1\r\n", NULL},
    {"lines that end with CR", "user,ip\rtaro,10.0.0.1\r", NULL},
    {"blank lines do no harm", HEADER "\n\ntaro,,,,,,,\n\n", NULL},
    {"an empty file", "",
     "e.csv:1: row: want the header "
     "user,name,group,ip,mac,mail,from,until, have an empty file\n"},
    {"a header without people", HEADER,
     "e.csv:2: row: want at least one employee, have none\n"},
    {"no header", "taro,Yamada Taro,employees,10.0.0.1,,,,\n",
     "e.csv:1: row: want the header "
     "user,name,group,ip,mac,mail,from,until, have something else\n"},
    {"a header word nobody knows", "user,mails\ntaro,\n",
     "e.csv:1: header: want columns of "
     "user,name,group,ip,mac,mail,from,until, have \"mails\"; did you mean "
     "\"mail\"?\n"},
    {"a header without user", "name,ip\nTaro,10.0.0.1\n",
     "e.csv:1: row: want a column \"user\", have none\n"},
    {"a column twice", "user,ip,ip\ntaro,,\n",
     "e.csv:1: ip: want each column once, have \"ip\"\n"},
    {"every error of every line",
     HEADER "\"\",x,,,,,,\ntaro,,,10.0.0.300,00:11,taro,2024,x\n",
     "e.csv:2: user: want a user name of at most 255 bytes, have \"\"\n"
     "e.csv:3: from: want a time such as \"2024-01-31T09:00:00+09:00\", have "
     "\"2024\"\n"
     "e.csv:3: until: want a time such as \"2024-01-31T09:00:00+09:00\", "
     "have \"x\"\n"
     "e.csv:3: ip: want an address or network such as \"10.20.0.0/24\", have "
     "\"10.0.0.300\"\n"
     "e.csv:3: mac: want a MAC address such as \"00:16:3e:12:34:56\", have "
     "\"00:11\"\n"
     "e.csv:3: mail: want a mail address such as \"taro@bank.example\", have "
     "\"taro\"\n"},
    {"a group of a name we use", "user,group\ntaro,unknown\n",
     "e.csv:2: group: want a name of at most 63 bytes other than "
     "\"unknown\", have \"unknown\"\n"},
    {"until before from",
     "user,from,until\n"
     "taro,2024-02-01T00:00:00Z,2024-01-01T00:00:00Z\n",
     "e.csv:2: until: want a time after from, have "
     "\"2024-01-01T00:00:00Z\"\n"},
    {"too many cells", "user,ip\ntaro,10.0.0.1,\n",
     "e.csv:2: row: want as many cells as the header, have more\n"},
    {"a file cut short", "user,ip\ntaro,10.0.0.1\nhana",
     "e.csv:3: row: want a whole last line, have one that is cut short\n"},
    {"a whole last line without end", "user,ip\ntaro,10.0.0.1", NULL},
    {"a quote that is not closed", "user,name\n\"taro,x\nhanako,y\n",
     "e.csv:2: row: want quotes closed before a comma or line end, have "
     "others\n"},
    {"text behind a quote", "user,name\n\"taro\"x,y\nhanako,z\n",
     "e.csv:2: row: want quotes closed before a comma or line end, have "
     "others\n"},
    {"quotes hold commas, quotes and line ends",
     "user,name\n\"a,b\",\"x \"\"y\"\"\nz\"\n", NULL},
    {"lines are counted through quotes", "user,name,ip\na,\"x\ny\",\nb,,ten\n",
     "e.csv:4: ip: want an address or network such as \"10.20.0.0/24\", have "
     "\"ten\"\n"},
    {"another charset in a name is no harm", "user,name\ntaro,\x8ER\n", NULL},
    {"another charset in a user is", "user,name\n\x8ER,x\n",
     "e.csv:2: user: want a user name of at most 255 bytes, have "
     "\"\\x8ER\"\n"},
    {"columns by semicolon", "user;name\ntaro;x\n",
     "e.csv:1: row: want the header "
     "user,name,group,ip,mac,mail,from,until, have something else\n"},
};

static void test_bad(void **state)
{
    const struct bad_case *c = *state;
    struct people p;
    struct problems problems = {0};

    scratch_write(c->text);
    bool good = people_read(&p, "e.csv", &problems);
    people_clear(&p);
    scratch_said(&problems, c->said);
    assert_int_equal(good, c->said == NULL);
}

static void test_long_line(void **state)
{
    struct people p;
    struct problems problems = {0};
    FILE *out = fopen("e.csv", "we");

    (void)state;
    assert_non_null(out);
    fprintf(out, "user,name\ntaro,%09000d\nhanako,\n", 0);
    fclose(out);
    assert_false(people_read(&p, "e.csv", &problems));
    assert_int_not_equal(words_find(&p.users, SPAN("hanako")), WORD_NONE);
    people_clear(&p);
    scratch_said(&problems, "e.csv:2: row: want at most 16 cells in 8192 "
                            "bytes, have more\n");
}

static void test_mode(void **state)
{
    struct people p;
    struct problems problems = {0};

    (void)state;
    scratch_write(HEADER "taro,,,,,,,\n");
    assert_int_equal(chmod("e.csv", 0664), 0);
    assert_false(people_read(&p, "e.csv", &problems));
    people_clear(&p);
    scratch_said(&problems,
                 "e.csv: want it writable by its owner only, have mode 0664; "
                 "mend it with: chmod go-w e.csv\n");
    assert_int_equal(chmod("e.csv", 0644), 0);
}

static void test_missing(void **state)
{
    struct people p;
    struct problems problems = {0};

    (void)state;
    assert_false(people_read(&p, "nope.csv", &problems));
    people_clear(&p);
    assert_false(people_read(&p, ".", &problems));
    people_clear(&p);
    scratch_said(&problems,
                 "nope.csv: cannot be opened: No such file or directory\n"
                 ".: want a file of employees, have a folder\n");
}

/* Who is found by what, at what time. */
static const char staff[] =
    HEADER "taro,Yamada Taro,contractors,10.20.0.7,00:16:3e:00:00:07,"
           "Taro@Bank.Example,2024-01-01T00:00:00+09:00,2024-07-01T00:00:00Z\n"
           "hanako,,,10.20.0.7,,,2024-07-01T00:00:00Z,9999-12-31T23:59:59Z\n"
           "jiro,,temps,10.20.0.0/16,0016.3e00.0008,,,\n"
           "jiro,,,,,jiro@bank.example,,\n"
           "Jiro,,,,,,,\n"
           "saburo,,,2001:db8::/64,00-16-3E-00-00-09,,,\n"
           "shiro,,,10.30.0.1,,,,\ngoro,,,10.30.0.1,,,,\n";

enum by { LOGIN, IP, MAC, MAIL };

struct who_case {
    const char *name;
    enum by by;
    const char *what, *time;
    const char *user, *group, *rival; /* user NULL: nobody */
};

#define SPRING "2024-04-01T00:00:00Z"
#define AUTUMN "2024-10-01T00:00:00Z"

static const struct who_case whos[] = {
    {"an address at its time", IP, "10.20.0.7", SPRING, "taro", "contractors",
     NULL},
    {"until belongs to the next", IP, "10.20.0.7", "2024-07-01T00:00:00Z",
     "hanako", "employees", NULL},
    {"from counts in its zone", IP, "10.20.0.7", "2023-12-31T15:00:00Z", "taro",
     "contractors", NULL},
    {"before from the shorter prefix has it", IP, "10.20.0.7",
     "2023-12-31T14:59:59Z", "jiro", "temps", NULL},
    {"a far until is never", IP, "10.20.0.7", "2240-01-01T00:00:00Z", "hanako",
     "employees", NULL},
    {"a network has its addresses", IP, "10.20.255.1", SPRING, "jiro", "temps",
     NULL},
    {"version 6", IP, "2001:db8::5", SPRING, "saburo", "employees", NULL},
    {"an address of two is one's, and doubtful", IP, "10.30.0.1", SPRING,
     "shiro", "employees", "goro"},
    {"an address of nobody", IP, "10.21.0.1", SPRING, NULL, NULL, NULL},
    {"a MAC at its time", MAC, "\x00\x16\x3e\x00\x00\x07", SPRING, "taro",
     "contractors", NULL},
    {"a MAC after its time", MAC, "\x00\x16\x3e\x00\x00\x07", AUTUMN, NULL,
     NULL, NULL},
    {"a MAC written with points", MAC, "\x00\x16\x3e\x00\x00\x08", AUTUMN,
     "jiro", "temps", NULL},
    {"a MAC written with dashes", MAC, "\x00\x16\x3e\x00\x00\x09", AUTUMN,
     "saburo", "employees", NULL},
    {"no MAC is nobody's", MAC, "\0\0\0\0\0\0", SPRING, NULL, NULL, NULL},
    {"a mail address in any case", MAIL, "TARO@bank.example", SPRING, "taro",
     "contractors", NULL},
    {"the group of another line of the same user", MAIL, "jiro@bank.example",
     SPRING, "jiro", "temps", NULL},
    {"no mail address is nobody's", MAIL, "", SPRING, NULL, NULL, NULL},
    {"a log-in at its time", LOGIN, "taro", SPRING, "taro", "contractors",
     NULL},
    {"a log-in after its time is still theirs", LOGIN, "taro", AUTUMN, "taro",
     "contractors", NULL},
    {"a log-in in another case", LOGIN, "TARO", SPRING, "taro", "contractors",
     NULL},
    {"a log-in that differs from another only in case", LOGIN, "Jiro", SPRING,
     "Jiro", "employees", NULL},
    {"a log-in that could be either is nobody's", LOGIN, "JIRO", SPRING, NULL,
     NULL, NULL},
    {"a log-in by mail address", LOGIN, "jiro@bank.example", SPRING, "jiro",
     "temps", NULL},
    {"a log-in that is not in the file", LOGIN, "root", SPRING, NULL, NULL,
     NULL},
    {"no log-in is nobody's", LOGIN, "", SPRING, NULL, NULL, NULL},
};

static struct person ask(const struct people *p, const struct who_case *c)
{
    int64_t time = 0;
    struct addr addr;

    assert_true(clock_parse(span_of(c->time), &time));
    switch (c->by) {
    case IP:
        assert_true(addr_parse(span_of(c->what), &addr));
        return people_by_address(p, &addr, time);
    case MAC:
        return people_by_mac(p, (const uint8_t *)c->what, time);
    case MAIL:
        return people_by_mail(p, span_of(c->what), time);
    case LOGIN:
        break;
    }
    return people_by_login(p, span_of(c->what), time);
}

static void expect(const char *have, const char *want)
{
    assert_string_equal(have ? have : "(nobody)", want ? want : "(nobody)");
}

static void test_who(void **state)
{
    const struct who_case *c = *state;
    struct people p;
    struct problems problems = {0};

    scratch_write(staff);
    people_read(&p, "e.csv", &problems);
    scratch_said(&problems, NULL);
    struct person found = ask(&p, c);
    expect(found.user, c->user);
    expect(found.group, c->group);
    expect(found.rival, c->rival);
    people_clear(&p);
}

/* 100,000 lines are read, and asked, in a moment. */
static void test_many(void **state)
{
    enum { MANY = 100000 };
    struct people p;
    struct problems problems = {0};
    FILE *out = fopen("e.csv", "we");

    (void)state;
    assert_non_null(out);
    fputs(HEADER, out);
    for (unsigned i = 0; i < MANY; i++)
        fprintf(out,
                "user%u,,group%u,10.%u.%u.%u,,user%u@bank.example,"
                "2024-01-01T00:00:00Z,\n",
                i, i % 100, i >> 16, i >> 8 & 255, i & 255, i);
    fclose(out);
    assert_true(people_read(&p, "e.csv", &problems));
    scratch_said(&problems, NULL);
    for (unsigned i = 0; i < MANY; i++) {
        uint8_t bytes[] = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8),
                           (uint8_t)i};
        struct addr addr = addr_v4(bytes);
        char user[16];
        snprintf(user, sizeof(user), "user%u", i);
        struct person found = people_by_address(&p, &addr, INT64_MAX - 1);
        expect(found.user, user);
    }
    people_clear(&p);
}

#define TEST(name, run) ((struct CMUnitTest){name, run, NULL, NULL, NULL})

int main(void)
{
    struct CMUnitTest tests[COUNT(bad) + COUNT(whos) + 4];
    size_t count = 0;

    SPEC_TABLE(tests, count, bad, test_bad);
    SPEC_TABLE(tests, count, whos, test_who);
    tests[count++] = TEST("a line too long, and the next", test_long_line);
    tests[count++] = TEST("a file others may write", test_mode);
    tests[count++] = TEST("a file that is none", test_missing);
    tests[count++] = TEST("a hundred thousand employees", test_many);
    return _cmocka_run_group_tests("identity/employees", tests, count,
                                   scratch_enter, scratch_leave);
}
