// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_notify.c - notify.c: the datagrams of sd_notify(3).
 */
#include "support/spec.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/notify.h"

/* A socket of an abstract name, as a container manager gives one. */
static int listen_at(const char *name)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int s = socket(AF_UNIX, SOCK_DGRAM, 0);

    memcpy(at.sun_path + 1, name + 1, strlen(name) - 1);
    assert_true(s >= 0);
    assert_int_equal(bind(s, (const struct sockaddr *)&at,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
                                      strlen(name))),
                     0);
    return s;
}

static void a_state_arrives_as_one_datagram(void **state)
{
    char got[256] = "", name[64];

    (void)state;
    (void)snprintf(name, sizeof(name), "@outflow-test-%d", (int)getpid());
    int s = listen_at(name);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
    assert_true(notify_send("READY=1\nSTATUS=%d workers\n", 2));
    assert_true(recv(s, got, sizeof(got) - 1, 0) > 0);
    assert_string_equal(got, "READY=1\nSTATUS=2 workers\n");
    memset(got, 0, sizeof(got));
    assert_true(notify_reloading());
    assert_true(recv(s, got, sizeof(got) - 1, 0) > 0);
    assert_memory_equal(got, "RELOADING=1\nMONOTONIC_USEC=", 27);
    notify_forget();
    assert_false(notify_send("READY=1\n"));
    (void)close(s);
}

static void a_socket_that_is_none_is_survived(void **state)
{
    static const char *const wrong[] = {"", "/", "relative/path",
                                        "/nonexistent/notify", "@"};

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(setenv("NOTIFY_SOCKET", wrong[i], 1), 0);
        assert_false(notify_send("READY=1\n"));
    }
    notify_forget();
}

static void the_watchdog_is_fed_well_within_its_time(void **state)
{
    char pid[32];

    (void)state;
    assert_int_equal(notify_watchdog_ms(), 0);
    assert_int_equal(setenv("WATCHDOG_USEC", "3000000", 1), 0);
    assert_int_equal(notify_watchdog_ms(), 1000);
    assert_int_equal(setenv("WATCHDOG_PID", "1", 1), 0);
    assert_int_equal(notify_watchdog_ms(), 0);
    (void)snprintf(pid, sizeof(pid), "%d", (int)getpid());
    assert_int_equal(setenv("WATCHDOG_PID", pid, 1), 0);
    assert_int_equal(notify_watchdog_ms(), 1000);
    assert_int_equal(setenv("WATCHDOG_USEC", "soon", 1), 0);
    assert_int_equal(notify_watchdog_ms(), 0);
    notify_forget();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_state_arrives_as_one_datagram),
        cmocka_unit_test(a_socket_that_is_none_is_survived),
        cmocka_unit_test(the_watchdog_is_fed_well_within_its_time),
    };

    return cmocka_run_group_tests_name("util/notify", tests, NULL, NULL);
}
