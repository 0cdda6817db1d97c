// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * net.c - network namespaces, veth pairs, raw frames.
 */
#include "sensor/net.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "support/spec.h"

bool net_begin(void)
{
    if (geteuid() != 0) {
        puts("skipped: needs root, for a network namespace");
        return false;
    }
    if (unshare(CLONE_NEWNET) != 0) {
        perror("skipped: no network namespace");
        return false;
    }
    if (system("ip link set lo up && ip link add net0 type veth && "
               "ip link del net0") != 0) {
        puts("skipped: needs ip of iproute2, and veth in the kernel");
        return false;
    }
    /* nobody but the test is to send */
    net_run("for f in all default; do "
            "echo 1 > /proc/sys/net/ipv6/conf/$f/disable_ipv6; done");
    return true;
}

void net_run(const char *command)
{
    int status = system(command);

    if (status != 0)
        print_error("%s: %d\n", command, status);
    assert_int_equal(status, 0);
}

void net_pair(unsigned n)
{
    char command[160];

    snprintf(command, sizeof(command),
             "ip link add tap%u type veth peer name span%u && "
             "ip link set tap%u up && ip link set span%u up",
             n, n, n, n);
    net_run(command);
}

int net_sender(const char *interface)
{
    struct sockaddr_ll at = {.sll_family = AF_PACKET};
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

    at.sll_ifindex = (int)if_nametoindex(interface);
    assert_true(fd >= 0 && at.sll_ifindex > 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

void net_send(int fd, struct span frame)
{
    assert_int_equal(send(fd, frame.ptr, frame.len, 0), frame.len);
}

struct span net_frame(uint8_t *out, size_t size, uint32_t from, uint32_t to)
{
    static const uint8_t head[] = {2,    0, 0, 0, 0, 2, 2, 0, 0,  0,  0, 1,
                                   0x08, 0, /* IPv4: */
                                   0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0};
    uint16_t total = htons((uint16_t)(size - ETH_HLEN));

    memset(out, 0, size);
    memcpy(out, head, sizeof(head));
    memcpy(out + 16, &total, 2);
    from = htonl(from);
    to = htonl(to);
    memcpy(out + 26, &from, 4);
    memcpy(out + 30, &to, 4);
    out[35] = 1; /* ports 1 and 2 */
    out[37] = 2;
    return (struct span){out, size};
}
