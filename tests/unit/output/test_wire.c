// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_wire.c - output/wire.c: framing, and a receiver that goes away.
 */
#include "outflow/compiler.h"
#include "outflow/limits.h"
#include "output/wire.h"
#include "receiver.h"

#include <time.h>

static struct wire wire_to(struct receiver *r, char *transport)
{
    static char host[] = "127.0.0.1";
    static struct output_settings to;
    struct wire w = {.to = &to};

    to = (struct output_settings){
        .transport = transport, .host = host, .path = r->path, .port = r->port};
    buf_init(&w.tail, LIMIT_RESEND);
    assert_true(wire_open(&w));
    return w;
}

static char unix_word[] = "unix", udp_word[] = "udp", tcp_word[] = "tcp";

static void test_tcp_counts_octets(void **state)
{
    struct receiver r = {0};

    (void)state;
    receiver_inet(&r, SOCK_STREAM, 0);
    struct wire w = wire_to(&r, tcp_word);
    assert_int_equal(wire_send(&w, SPAN("hello\nworld")), ERR_OK);
    assert_int_equal(wire_send(&w, SPAN("x")), ERR_OK);
    int fd = receiver_accept(&r);
    wire_close(&w);
    assert_string_equal(receiver_read(&r, fd), "11 hello\nworld1 x");
    assert_string_equal(receiver_read(&r, fd), "");
    (void)close(fd);
    receiver_close(&r);
}

static void test_unix_stream_has_lines(void **state)
{
    struct receiver r = {0};

    (void)state;
    receiver_unix(&r, SOCK_STREAM);
    struct wire w = wire_to(&r, unix_word);
    int fd = receiver_accept(&r);
    assert_int_equal(wire_send(&w, SPAN("one")), ERR_OK);
    assert_int_equal(wire_send(&w, SPAN("two")), ERR_OK);
    assert_string_equal(receiver_read(&r, fd), "one\ntwo\n");
    wire_close(&w);
    (void)close(fd);
    receiver_close(&r);
}

static void test_datagrams_are_messages(void **state)
{
    static char *const transports[] = {unix_word, udp_word};

    (void)state;
    for (size_t i = 0; i < COUNT(transports); i++) {
        struct receiver r = {0};
        if (i == 0)
            receiver_unix(&r, SOCK_DGRAM);
        else
            receiver_inet(&r, SOCK_DGRAM, 0);
        struct wire w = wire_to(&r, transports[i]);
        assert_int_equal(wire_send(&w, SPAN("one")), ERR_OK);
        assert_int_equal(wire_send(&w, SPAN("two")), ERR_OK);
        assert_string_equal(receiver_read(&r, r.fd), "one");
        assert_string_equal(receiver_read(&r, r.fd), "two");
        wire_close(&w);
        receiver_close(&r);
    }
}

static void test_a_receiver_that_restarts_gets_the_rest(void **state)
{
    struct receiver r = {0};

    (void)state;
    receiver_inet(&r, SOCK_STREAM, 0);
    struct wire w = wire_to(&r, tcp_word);
    int fd = receiver_accept(&r);
    assert_int_equal(wire_send(&w, SPAN("first")), ERR_OK);
    assert_string_equal(receiver_read(&r, fd), "5 first");
    (void)close(fd);
    assert_int_equal(wire_send(&w, SPAN("second")), ERR_OK);
    fd = receiver_accept(&r);
    wire_close(&w);
    const char *text = receiver_read(&r, fd);
    assert_non_null(strstr(text, "6 second"));
    (void)close(fd);
    receiver_close(&r);
}

/* Written into a dead connection, and noticed only at the end. */
static void test_what_was_lost_at_the_end_is_sent_again(void **state)
{
    struct receiver r = {0};
    const struct linger reset = {1, 0};

    (void)state;
    receiver_inet(&r, SOCK_STREAM, 0);
    struct wire w = wire_to(&r, tcp_word);
    int fd = receiver_accept(&r);
    assert_int_equal(wire_send(&w, SPAN("lost")), ERR_OK);
    assert_int_equal(
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)), 0);
    (void)close(fd);
    wire_close(&w);
    fd = receiver_accept(&r);
    assert_string_equal(receiver_read(&r, fd), "4 lost");
    (void)close(fd);
    receiver_close(&r);
}

static void test_a_daemon_that_started_anew_gets_datagrams(void **state)
{
    struct receiver r = {0};
    struct sockaddr_un at = {.sun_family = AF_UNIX};

    (void)state;
    receiver_unix(&r, SOCK_DGRAM);
    struct wire w = wire_to(&r, unix_word);
    (void)close(r.fd);
    assert_int_equal(wire_send(&w, SPAN("nobody")), ERR_IO);
    (void)unlink(r.path);
    memcpy(at.sun_path, r.path, strlen(r.path) + 1);
    r.fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_int_equal(bind(r.fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(wire_send(&w, SPAN("again")), ERR_OK);
    assert_string_equal(receiver_read(&r, r.fd), "again");
    wire_close(&w);
    receiver_close(&r);
}

static void test_nobody_there_is_said(void **state)
{
    static char host[] = "127.0.0.1", nowhere[] = "/nonexistent/log";
    struct receiver r = {0};
    char path[200];

    (void)state;
    receiver_inet(&r, SOCK_STREAM, 0);
    receiver_close(&r);
    struct output_settings to = {
        .transport = tcp_word, .host = host, .port = r.port};
    struct wire w = {.to = &to};
    assert_false(wire_open(&w));
    assert_string_equal(w.why, "Connection refused");
    wire_close(&w);
    memset(path, 'x', sizeof(path));
    path[199] = '\0';
    to = (struct output_settings){.transport = unix_word, .path = path};
    assert_false(wire_open(&w));
    assert_string_equal(w.why, "File name too long");
    to.path = nowhere;
    assert_false(wire_open(&w));
    wire_close(&w);
}

/* A daemon that does not read: one wait for all messages, not one each. */
static void test_a_receiver_that_does_not_read_is_waited_for_once(void **state)
{
    struct receiver r = {0};
    struct timespec from, to;
    int refused = 0;

    (void)state;
    receiver_unix(&r, SOCK_DGRAM);
    struct wire w = wire_to(&r, unix_word);
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < 400; i++)
        refused += wire_send(&w, SPAN("message")) != ERR_OK ? 1 : 0;
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    assert_true(refused > 0 && refused < 400);
    assert_true(to.tv_sec - from.tv_sec < 3 * LIMIT_SYSLOG_S);
    (void)receiver_read(&r, r.fd);
    assert_int_equal(wire_send(&w, SPAN("again")), ERR_OK);
    wire_close(&w);
    receiver_close(&r);
}

/* More than may be held for resending: the oldest frames go. */
static void test_the_tail_is_bounded(void **state)
{
    static uint8_t message[8000];
    struct receiver r = {0};

    (void)state;
    receiver_inet(&r, SOCK_STREAM, 0);
    struct wire w = wire_to(&r, tcp_word);
    int fd = receiver_accept(&r);
    memset(message, 'm', sizeof(message));
    for (int i = 0; i < 200; i++) {
        assert_int_equal(wire_send(&w, (struct span){message, 8000}), ERR_OK);
        size_t left = 8005;
        while (left > 0) {
            ssize_t got = recv(fd, r.text, left, 0);
            assert_true(got > 0);
            left -= (size_t)got;
        }
        assert_true(w.tail.len <= LIMIT_RESEND);
    }
    wire_close(&w);
    (void)close(fd);
    receiver_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcp_counts_octets),
        cmocka_unit_test(test_unix_stream_has_lines),
        cmocka_unit_test(test_datagrams_are_messages),
        cmocka_unit_test(test_a_receiver_that_restarts_gets_the_rest),
        cmocka_unit_test(test_what_was_lost_at_the_end_is_sent_again),
        cmocka_unit_test(test_a_daemon_that_started_anew_gets_datagrams),
        cmocka_unit_test(test_nobody_there_is_said),
        cmocka_unit_test(test_a_receiver_that_does_not_read_is_waited_for_once),
        cmocka_unit_test(test_the_tail_is_bounded),
    };
    return cmocka_run_group_tests_name("output/wire", tests, NULL, NULL);
}
