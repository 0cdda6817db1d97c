// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_parcel.c - helper/parcel: messages to bytes and back, and no others.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "helper/parcel.h"
#include "support/bytes.h"
#include "support/spec.h"

static void what_is_sent_is_received(void **state)
{
    const struct parcel sent = {.type = PARCEL_UNREAD,
                                .why = WHY_ENCRYPTED,
                                .number = 7,
                                .extra = 0x01020304,
                                .ms = 1500,
                                .bytes = UINT64_C(0x1122334455667788),
                                .text = SPAN_INIT("name"),
                                .body = SPAN_INIT("body")};
    uint8_t room[PARCEL_ROOM];
    struct parcel got;
    int ends[2], fd;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    assert_true(parcel_send(ends[0], &sent, ends[1]));
    long n = parcel_receive(ends[1], room, &fd);
    assert_true(n > 0 && fd >= 0);
    assert_true(parcel_decode((struct span){room, (size_t)n}, &got));
    assert_int_equal(got.type, PARCEL_UNREAD);
    assert_int_equal(got.why, WHY_ENCRYPTED);
    assert_int_equal(got.number, 7);
    assert_int_equal(got.extra, 0x01020304);
    assert_int_equal(got.ms, 1500);
    assert_int_equal(got.bytes, sent.bytes);
    assert_true(span_eq(got.text, sent.text) && span_eq(got.body, sent.body));
    (void)close(fd);
    (void)close(ends[1]);
    assert_int_equal(parcel_receive(ends[0], room, &fd) <= 0, 1);
    (void)close(ends[0]);
}

static void every_cut_is_refused_or_sound(void **state)
{
    const struct parcel whole = {.type = PARCEL_OPEN,
                                 .text = SPAN_INIT("a name")};
    uint8_t room[PARCEL_ROOM];
    struct parcel got;
    size_t len = parcel_encode(&whole, room);

    (void)state;
    for (size_t cut = 0; cut < len; cut++)
        assert_false(parcel_decode((struct span){room, cut}, &got));
    assert_true(parcel_decode((struct span){room, len}, &got));
}

static void what_may_not_be_said_is_refused(void **state)
{
    uint8_t room[PARCEL_ROOM];
    struct parcel m = {.type = PARCEL_UNREAD, .why = WHY_LIMIT}, got;

    (void)state;
    size_t len = parcel_encode(&m, room);
    struct span bytes = {room, len};
    assert_true(parcel_decode(bytes, &got) && parcel_answer(&got));
    room[1] = WHY_NONE;
    assert_false(parcel_decode(bytes, &got));
    room[1] = WHY_REASONS;
    assert_false(parcel_decode(bytes, &got));
    room[0] = 0;
    assert_false(parcel_decode(bytes, &got));
    room[0] = PARCEL_END + 1;
    assert_false(parcel_decode(bytes, &got));
    room[0] = PARCEL_END;
    assert_true(parcel_decode(bytes, &got));
    assert_false(parcel_answer(&got)); /* the keeper's alone */
    room[0] = PARCEL_EXIT;
    assert_true(parcel_decode(bytes, &got) && !parcel_answer(&got));
}

static void long_names_and_bodies_are_cut(void **state)
{
    static uint8_t many[PARCEL_ROOM * 2];
    static uint8_t room[PARCEL_ROOM];
    const struct span all = {many, sizeof(many)};
    struct parcel m = {.type = PARCEL_BYTES, .text = all, .body = all}, got;

    (void)state;
    size_t len = parcel_encode(&m, room);
    assert_int_equal(len, PARCEL_ROOM);
    assert_true(parcel_decode((struct span){room, len}, &got));
    assert_int_equal(got.text.len, PARCEL_TEXT);
    assert_int_equal(got.body.len, PARCEL_BODY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sent_is_received),
        cmocka_unit_test(every_cut_is_refused_or_sound),
        cmocka_unit_test(what_may_not_be_said_is_refused),
        cmocka_unit_test(long_names_and_bodies_are_cut),
    };

    return cmocka_run_group_tests_name("helper/parcel", tests, NULL, NULL);
}
