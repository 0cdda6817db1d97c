// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * floor.c - the plain libpcap read loop the benches divide by.
 *
 * Reads a capture to its end and touches every packet's length, so nothing
 * can be left out. It must not do anything a sensor would.
 */
#include <stdio.h>

#include <pcap/pcap.h>

int main(int argc, char **argv)
{
    char why[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *head;
    const u_char *frame;
    unsigned long long packets = 0, bytes = 0;

    if (argc != 2) {
        fputs("usage: floor CAPTURE\n", stderr);
        return 2;
    }
    pcap_t *capture = pcap_open_offline(argv[1], why);
    if (!capture) {
        fprintf(stderr, "floor: %s\n", why);
        return 2;
    }
    while (pcap_next_ex(capture, &head, &frame) == 1) {
        packets++;
        bytes += head->len;
    }
    pcap_close(capture);
    printf("%llu packets, %llu bytes\n", packets, bytes);
    return 0;
}
