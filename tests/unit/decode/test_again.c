// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_again.c - streams that are read a second time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/reading.h"
#include "support/bytes.h"
#include "support/record_chain.h"

#include <cmocka.h>

#define REQUEST "POST /o HTTP/1.1\r\nContent-Length: 12\r\n\r\n"
#define PACKED                                                                 \
    "POST /o HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 30\r\n\r\n" \
    "\x1f\x8b\x08\0\0\0\0\0\0\x03"                                             \
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"                                 \
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"

/* What the first reading is fed, what the second; and what is told. */
struct row {
    const char *name;
    struct span first, second;
    bool late;
    size_t at; /* SIZE_MAX: declined */
    const char *log;
};

static const struct row rows[] = {
    {"a request under junk", BYTES("xyz\n"), BYTES(REQUEST "a,b\ntaro,032"),
     false, 0,
     "> http [POST /o]\n"
     "  ! overlap\n"
     "  [POST /o > overlap] a,b|taro,032\n"
     "> raw [raw]\n"
     "  [raw] xyz|\n"},
    {"rows need no second reading", BYTES("xyz\n"), BYTES("taro,032\n"), false,
     SIZE_MAX,
     "> raw [raw]\n"
     "  [raw] xyz|\n"},
    {"rows in mid-stream need none", BYTES("xyz\n"), BYTES("taro,032\r\n"),
     true, SIZE_MAX,
     "> raw [raw]\n"
     "  [raw] xyz|\n"},
    {"a request behind other bytes", BYTES("xyz\n"),
     BYTES("one,two\n" REQUEST "a,b\ntaro,032"), false, 8,
     "> http [POST /o]\n"
     "  ! overlap\n"
     "  [POST /o > overlap] a,b|taro,032\n"
     "> raw [raw]\n"
     "  [raw] xyz|\n"},
    {"a request in mid-stream", BYTES("xyz\n"),
     BYTES("b\n" REQUEST "a,b\ntaro,032"), true, 2,
     "> http [POST /o]\n"
     "  ! overlap\n"
     "  [POST /o > overlap] a,b|taro,032\n"
     "> raw [raw]\n"
     "  [raw] xyz|\n"},
    {"damage where the first reading is junk", BYTES("xyz\n"), BYTES(PACKED),
     false, 0,
     "> http [POST /o]\n"
     "  ! overlap\n"
     "  ? gzip damaged 12\n"
     "> raw [raw]\n"
     "  [raw] xyz|\n"},
    {"damage where the first reading is none", BYTES(REQUEST "a,b\ntaro,032"),
     BYTES(PACKED), false, 0,
     "> http [POST /o]\n"
     "  ! overlap\n"
     "  = same\n"
     "> http [POST /o]\n"
     "  [POST /o] a,b|taro,032\n"},
};

/* The log of both readings; the second one is fed in steps. */
static void run(const struct row *row, size_t step)
{
    struct record_chain r;
    struct flow flow = record_flow();
    struct second_reading reading = {
        .flow = &flow, .dir = DIR_CLIENT, .late = row->late};
    struct chain *again;

    record_chain_init(&r, 16);
    struct chain *c = chain_new(r.chains, &flow);
    chain_feed(c, DIR_CLIENT, row->first);
    size_t at = chain_again(c, &reading, row->second, &again);
    assert_int_equal(at, row->at == SIZE_MAX ? row->second.len : row->at);
    for (size_t i = at; i < row->second.len; i += step)
        chain_feed(again, DIR_CLIENT, span_slice(row->second, i, i + step));
    chain_free(again);
    chain_free(c);
    assert_true(buf_add_byte(&r.log, 0));
    assert_string_equal((const char *)r.log.ptr, row->log);
    assert_true(record_adds_up(&r, row->first.len));
    record_chain_clear(&r);
}

static void test_row(void **state)
{
    const struct row *row = *state;

    /* how much of damaged bytes counts as read is up to the unpacker */
    if (row->second.len != sizeof(PACKED) - 1) {
        run(row, 1);
        run(row, 7);
    }
    run(row, 1000);
}

/* Lines enough to be known for text, and as they are logged. */
#define TWO(x) x x
#define LINES  TWO(TWO(TWO(TWO("0123456789012345678901234567890\n")))) "a,b\n"
#define LOGGED TWO(TWO(TWO(TWO("0123456789012345678901234567890|")))) "a,b|"

/* One step of a second reading: are these copies, are they to be told? */
struct step {
    struct span bytes;
    bool differs, read;
};

static const struct step plain[] = {
    {BYTES("POST /o HTTP/1.1\r\nContent-Length: 527\r\n\r\n" LINES), false,
     true},
    {BYTES("taro,032"), true, false},
    {BYTES("\n1\n"), false, true},
};

static const struct step head[] = {
    {BYTES("POST /o HTTP/1.1\r\n"), false, true},
    {BYTES("Content-Length: 527\r\n\r\n" LINES), true, true},
    {BYTES("taro,032\n1\n"), false, true},
};

static const struct step end[] = {
    {BYTES("POST /o HTTP/1.1\r\nContent-Length: 527\r\n\r\n" LINES), false,
     true},
    {BYTES("taro,032\n1\nPOST "), true, false},
    {BYTES("/p HTTP/1.1\r\nContent-Length: 4\r\n\r\na,b\n"), false, true},
};

static const struct step packed[] = {
    {BYTES("POST /o HTTP/1.1\r\nContent-Encoding: gzip\r\n"
           "Content-Length: 30\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03"),
     false, true},
    {BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), true, true},
    {BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), false, true},
};

static const struct {
    const char *name;
    const struct step *step;
    size_t steps;
    const char *log;
} walks[] = {
    {"copies of plain text are told alone", plain, COUNT(plain),
     "> http [POST /o]\n"
     "  ! overlap\n"
     "  = same\n"
     "  [POST /o > overlap] " LOGGED "taro,032|1|\n"},
    {"copies of a head are a reading of its own", head, COUNT(head),
     "> http [POST /o]\n"
     "  ! overlap\n"
     "  = doubt\n"
     "  [POST /o > overlap] " LOGGED "taro,032|1|\n"},
    {"copies that end the text are, too", end, COUNT(end),
     "> http [POST /o]\n"
     "  ! overlap\n"
     "  = same\n"
     "  [POST /o > overlap] " LOGGED "taro,032|1|\n"
     "  = doubt\n"
     "> http [POST /p]\n"
     "  ! overlap\n"
     "  = doubt\n"
     "  [POST /p > overlap] a,b|\n"},
    {"copies that break a coding are nothing", packed, COUNT(packed),
     "> http [POST /o]\n"
     "  ! overlap\n"
     "  = same\n"
     "  = doubt\n"
     "  = same\n"},
};

/* The first reading is a request, too. */
static void test_walk(void **state)
{
    size_t w = (size_t)(uintptr_t)*state;
    struct record_chain r;
    struct flow flow = record_flow();
    struct second_reading reading = {.flow = &flow, .dir = DIR_CLIENT};
    struct chain *again;

    record_chain_init(&r, 16);
    struct chain *c = chain_new(r.chains, &flow);
    chain_feed(c, DIR_CLIENT, SPAN("GET /q HTTP/1.1\r\n\r\n"));
    assert_int_equal(chain_again(c, &reading, SPAN(REQUEST), &again), 0);
    for (size_t i = 0; i < walks[w].steps; i++) {
        const struct step *step = &walks[w].step[i];
        reading.differs = step->differs;
        assert_int_equal(chain_read(c, again, &reading, step->bytes),
                         step->read);
    }
    chain_free(again);
    assert_true(buf_add_byte(&r.log, 0));
    assert_string_equal((const char *)r.log.ptr, walks[w].log);
    chain_free(c);
    record_chain_clear(&r);
}

/* A transfer that is open is told of a differing copy, else the next. */
static void test_doubt(void **state)
{
    struct record_chain r;
    struct flow flow = record_flow();

    (void)state;
    record_chain_init(&r, 16);
    struct chain *c = chain_new(r.chains, &flow);
    chain_doubt(c, DIR_CLIENT);
    chain_feed(c, DIR_CLIENT, SPAN(REQUEST "a,b\ntaro,032"));
    chain_feed(c, DIR_CLIENT, SPAN(REQUEST "a,b\njiro,032"));
    chain_feed(c, DIR_CLIENT, SPAN(REQUEST "a,b\n"));
    chain_doubt(c, DIR_CLIENT);
    chain_feed(c, DIR_CLIENT, SPAN("saki,032"));
    chain_free(c);
    assert_true(buf_add_byte(&r.log, 0));
    assert_string_equal((const char *)r.log.ptr, "> http [POST /o]\n"
                                                 "  ! overlap\n"
                                                 "  [POST /o] a,b|taro,032\n"
                                                 "> http [POST /o]\n"
                                                 "  [POST /o] a,b|jiro,032\n"
                                                 "> http [POST /o]\n"
                                                 "  ! overlap\n"
                                                 "  [POST /o] a,b|saki,032\n");
    record_chain_clear(&r);
}

int main(void)
{
    struct CMUnitTest tests[1 + COUNT(rows) + COUNT(walks)] = {
        {.name = "a differing copy is said of its transfer",
         .test_func = test_doubt}};

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i + 1] =
            (struct CMUnitTest){.name = rows[i].name,
                                .test_func = test_row,
                                .initial_state = (void *)(uintptr_t)&rows[i]};
    for (size_t i = 0; i < COUNT(walks); i++)
        tests[1 + COUNT(rows) + i] =
            (struct CMUnitTest){.name = walks[i].name,
                                .test_func = test_walk,
                                .initial_state = (void *)(uintptr_t)i};
    return cmocka_run_group_tests_name("decode/again", tests, NULL, NULL);
}
