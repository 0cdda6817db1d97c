// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * limits.h - every cap of the program, with its reason.
 *
 * A limit that is reached is reported: in the counters, and in the alert it
 * touches. It must not hold anything but constants.
 */
#ifndef OUTFLOW_LIMITS_H
#define OUTFLOW_LIMITS_H

#include <stdint.h>

#include "outflow/limits_parts.h"

enum { LIMIT_PROBLEMS = 200 }; /* more than a person mends in one go */

/* util */
enum { LIMIT_XML_TAG = 64 << 10 }; /* a tag: cells are in values of pivots */

/* conf */
enum {
    LIMIT_SETTINGS_FILE = 16 << 20,  /* a file longer is no settings file */
    LIMIT_SETTINGS_DEPTH = 16,       /* brackets; libconfig recurses */
    LIMIT_SETTINGS_NAMES = 1000,     /* in a group; libconfig seeks by line */
    LIMIT_SETTINGS_VALUES = 1 << 18, /* in a file; about 100 bytes each */
};

/* identity */
enum {
    LIMIT_EMPLOYEE_LINES = 1 << 20, /* ten times the largest bank's staff */
    LIMIT_EMPLOYEE_LINE = 8 << 10,  /* eight cells of any length we keep */
};

/* capture */
enum {
    LIMIT_FRAME = 1 << 18,      /* libpcap's own largest snap length */
    LIMIT_TUNNELS = 16,         /* deeper nests are loops or attacks */
    LIMIT_TAGS = 32,            /* VLAN tags and MPLS labels in a row */
    LIMIT_EXTENSIONS = 32,      /* IPv6 extension headers in a row */
    LIMIT_BLOCK = 1 << 20,      /* pcapng block held: a frame and its options */
    LIMIT_INTERFACES = 65536,   /* of one pcapng section */
    LIMIT_READ = 256 << 10,     /* bytes read at once: part of an L2 cache */
    LIMIT_READ_ALL = 16 << 20,  /* read buffers of all captures together */
    LIMIT_UNPACK = 160 << 20,   /* a packed capture: zstd --long, xz -9 */
    LIMIT_CAPTURES = 192 << 20, /* captures at work at once, unpackers too */
};

/* session */
enum {
    LIMIT_HISTORY = 64 << 10,      /* delivered bytes kept for overlaps */
    LIMIT_HISTORY_LEAST = 8 << 10, /* of a stream with little in flight */
    LIMIT_FRAGMENTS = 16 << 20,    /* bytes of all incomplete datagrams */
    LIMIT_FRAGMENT_S = 60,         /* RFC 8200 4.5: reassembly time */
    LIMIT_FRAGMENT_PARTS = 4096,   /* of one datagram: real ones have 50 */
    LIMIT_FRAGMENT_AGAIN_MS = 500, /* a whole one may still change */
    LIMIT_HOLE_SEGMENTS = 64,      /* segments that wait behind a hole */
    LIMIT_HOLE_MS = 200,           /* or packet time that they wait */
    LIMIT_QUEUE = 4 << 20,         /* bytes one stream queues */
    LIMIT_GAP = 64 << 20,          /* a larger hole is a new connection */
    LIMIT_IDLE_S = 3600,           /* quiet time of an established flow */
    LIMIT_HALF_OPEN_S = 120,       /* quiet time before any payload */
    LIMIT_QUEUE_SEGMENTS = 8192,   /* and segments: finding a place costs */
    LIMIT_ONE_WAY_S = 10,          /* no ACKs seen: most retransmit timeouts */
    LIMIT_LATE_HOLES = 8,          /* given up, for bytes that come late */
    LIMIT_ACK_DOUBTS = 64,         /* lower ACKs that make a high one forged */
    LIMIT_RIVAL = 64,              /* segments of an unproven connection */
    LIMIT_RESET_S = 30,           /* quiet time behind a RST that ends a flow */
    LIMIT_DONE_S = 60,            /* a closed flow knows its stragglers */
    LIMIT_UDP_IDLE_S = 300,       /* quiet time between messages of a flow */
    LIMIT_IDLE_FACTOR = 4,        /* of the idle time: a clock may jump 2 h */
    LIMIT_JUMP_S = 30 * 86400,    /* longer quiet is a wrong clock */
    LIMIT_OVERLAP_S = 5,          /* wait for more copies to tell with one */
    LIMIT_OVERLAP_RUN = 64 << 10, /* differing bytes told at once */
    LIMIT_OVERLAP_HISTORY = 128 << 10, /* delivered bytes kept meanwhile */
    LIMIT_OVERLAP_BEFORE = 4 << 10,    /* delivered bytes in front: a row's */
    LIMIT_OVERLAP_AFTER = 2 << 10,     /* and behind */
    LIMIT_OVERLAP_JOIN = 2 << 10,      /* differences closer are told as one */
    LIMIT_READING_HEAD = 64 << 10,     /* bytes a second reading is known by */
    LIMIT_READING_LAG = 96 << 10,      /* and it waits for copies of bytes */
    LIMIT_READING_STEP = 32 << 10,     /* when refused: a message further */
    LIMIT_NIDS_STREAMS = 8192, /* libnids holds 8 KiB and more for each */
};

/* decode */
enum {
    LIMIT_PROBE = 512,          /* bytes a probe may ask for */
    LIMIT_TAIL = 64 << 10,      /* bytes a decoder may leave unused */
    LIMIT_TRAIL = 512,          /* bytes of a trail's text */
    LIMIT_RECIPIENTS = 100,     /* of one mail that are told apart */
    LIMIT_EXPECTED = 4096,      /* announced flows of all controls */
    LIMIT_NAME = 256,           /* bytes of a name the wire chose */
    LIMIT_HEAD = 32 << 10,      /* of a message head read at once */
    LIMIT_ASKS = 128 << 10,     /* of requests without answer: 10,000 */
    LIMIT_SYNC = 64 << 10,      /* of a raw stream searched for a message */
    LIMIT_RANGES = 64,          /* files that travel in ranges at a time */
    LIMIT_SEAM = 4 << 10,       /* of a line that two ranges share */
    LIMIT_FORM_VALUE = 4 << 10, /* a longer value of a form is no cell */
    LIMIT_FORM_ROW = 16 << 10,  /* of a form held to make one row */
    LIMIT_CHARSET = 4 << 10,    /* bytes that tell a charset for certain */
    LIMIT_RECODED = 32 << 10,   /* the same as UTF-8: at most 8 for 1 */
    LIMIT_NO_TEXT = 64 << 10,   /* of no text, before it is looked again */
};

/* worker: address space beside limits.memory, for code and libraries */
#define LIMIT_SPACE (UINT64_C(512) << 20)
/* worker: a first segment, one of Ethernet, that waits for what follows */
enum { LIMIT_FIRST = 1500 };

/* alerts: interface.md 5 names these; the rest is counted */
enum {
    LIMIT_DOCUMENTS = 20,  /* trails that a person reads */
    LIMIT_PARTIES = 100,   /* receivers of one incident */
    LIMIT_ADDRESSES = 100, /* mail addresses of one incident */
    LIMIT_EVIDENCE = 100,  /* flows to look into */
};

/* detect */
enum {
    LIMIT_ROW = 16 << 10,        /* a longer row is no customer's */
    LIMIT_COLUMNS = 256,         /* further columns are not looked at */
    LIMIT_SAMPLE_ROWS = 32,      /* rows held until columns are certain */
    LIMIT_SAMPLE = 16 << 10,     /* or bytes of them */
    LIMIT_QUOTED = 8 << 10,      /* an open quote without end is no quote */
    LIMIT_LINES = 2 << 10,       /* labels and headers before a value */
    LIMIT_LOOKBACK = 4 << 10,    /* the same in an object of JSON */
    LIMIT_PAGE = 8 << 10,        /* the same on a page of markup */
    LIMIT_PACKED = 4 << 20,      /* columns held for rows: some 40,000 */
    LIMIT_PACKED_ALL = 32 << 20, /* the same for all of a worker */
    LIMIT_WAITING = 64,          /* records of cards until they are certain */
};

/* exposure */
enum {
    LIMIT_BATCH_RECORDS = 1024, /* design.md 2 */
    LIMIT_BATCH_MS = 1000,      /* packet time a batch stays open */
    LIMIT_BATCH_UNREAD = 16,    /* kinds of unread bytes in a batch */
};

/* output */
enum {
    LIMIT_FRAME_SYSLOG = 8000,     /* rsyslog's default room; more is split */
    LIMIT_ALERT = 4 << 20,         /* bytes of one alert in any format */
    LIMIT_RESEND = 1 << 20,        /* sent, and perhaps not yet received */
    LIMIT_SPOOL = 256 << 20,       /* bytes on disk: about 200,000 alerts */
    LIMIT_SPOOL_MEMORY = 32 << 20, /* of them while the disk takes none */
    LIMIT_SYSLOG_S = 2,            /* a receiver's answer is waited for */
    LIMIT_TABLE_ROW = 1 << 20, /* an open quote swallows no more than this */
};

#endif
