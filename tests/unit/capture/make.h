// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * make.h - write small captures for tests, and read them back.
 *
 * Integers are written in the order the capture is to have. What a writer
 * would never do (a wrong length, a missing block) is written by hand.
 */
#ifndef TESTS_CAPTURE_MAKE_H
#define TESTS_CAPTURE_MAKE_H

#include "capture/file.h"
#include "outflow/buf.h"
#include "support/bytes.h"
#include "support/spec.h"

enum { MAKE_ROOM = 4 << 20, MAKE_PACKETS = 16 };

struct make {
    struct buf bytes;
    bool big; /* write integers big-endian */
};

void make_init(struct make *m, bool big);
void make_clear(struct make *m);
void make_u16(struct make *m, uint16_t value);
void make_u32(struct make *m, uint32_t value);
void make_bytes(struct make *m, struct span bytes);

/* The head of a classic capture, version 2.4, of 65535 bytes at most. */
void make_pcap(struct make *m, uint32_t magic, uint32_t link);

/* A record as it should be. */
void make_record(struct make *m, uint32_t seconds, uint32_t fraction,
                 struct span frame);

/* A pcapng block: type, length, body padded to four, length. */
void make_block(struct make *m, uint32_t type, struct span body);

/* A section head; an interface with options, without when len is 0. */
void make_section(struct make *m);
void make_interface(struct make *m, uint16_t link, uint32_t snaplen,
                    struct span options);

/* An enhanced packet block. */
void make_packet(struct make *m, uint32_t interface, uint64_t units,
                 struct span frame);

/* What a capture gave. */
struct seen {
    size_t packets;
    struct packet packet[MAKE_PACKETS]; /* frames are void */
    struct buf frames;                  /* all frames in a row */
    struct problems problems, notes;
    enum err begin; /* of file_begin */
    uint64_t dropped;
};

/* Read a capture from memory in blocks of block bytes; seen_clear after. */
void make_read(struct span capture, size_t block, struct seen *seen);
void seen_clear(struct seen *seen);

/* The only problem, note of s, or "" when there is none. */
const char *seen_problem(const struct seen *s);
const char *seen_note(const struct seen *s);

/*
 * The law of cut captures: any front of it gives the first packets of the
 * whole, in blocks of any size, and a problem unless it ends between two
 * records.
 */
void make_check_cuts(struct span capture);

#endif
