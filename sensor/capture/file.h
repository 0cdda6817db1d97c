// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * file.h - one capture: its format found out, its packets in file order.
 *
 * A file stands over a source. Whatever ends it early becomes one problem
 * that names the file, the packet and the byte. The formats (pcap.c,
 * pcapng.c) parse records in place: a frame is a span into the window.
 *
 * It must not look into frames.
 */
#ifndef CAPTURE_FILE_H
#define CAPTURE_FILE_H

#include "capture/source.h"
#include "outflow/packet.h"

enum step {
    STEP_PACKET = 0, /* a packet was read */
    STEP_END,        /* the source has no further bytes */
    STEP_DAMAGE,     /* what was found is in file->fault */
};

enum {
    FILE_LINKS = 16,               /* unknown link types told apart */
    FILE_FAULT = 160,              /* bytes of the text of a fault */
    LINK_UNDESCRIBED = 0x7fffffff, /* of a packet whose interface is not */
};

struct pcap {
    uint8_t mark[8];   /* magic and version, as they stand */
    bool big;          /* integers are big-endian */
    uint32_t fraction; /* nanoseconds of one unit below a second */
    uint32_t head;     /* bytes of a record's head */
    uint32_t snaplen;  /* bytes a frame may have by the file's head */
    uint32_t link;     /* LINKTYPE_* */
    uint32_t minor;    /* version 2.minor */
};

/* An interface of a pcapng section. */
struct interface {
    uint32_t link;      /* LINKTYPE_* */
    uint32_t snaplen;   /* 0: no limit */
    uint64_t multiply;  /* nanoseconds of a unit of time */
    uint64_t most;      /* units for which multiply alone serves */
    uint8_t resolution; /* if_tsresol */
    int64_t offset_s;   /* if_tsoffset */
    uint64_t dropped;   /* packets, by the newest statistics */
};

struct pcapng {
    bool big;                    /* integers of this section */
    uint32_t interfaces;         /* described in this section */
    uint32_t room;               /* elements of interface */
    struct interface *interface; /* owned */
    uint32_t last;               /* interface of the newest packet */
    int64_t last_ns;             /* and its time, for those without one */
};

/* Packets of one link type that is not read. */
struct unread_link {
    uint32_t link;
    uint32_t interface; /* the first one of it */
    uint64_t packets;
};

struct file {
    const char *name; /* for messages; borrowed */
    bool found;       /* in a directory, not named by anybody */
    struct source source;
    const struct format *format; /* NULL until it is found out */
    struct pcap pcap;            /* state of format_pcap */
    struct pcapng pcapng;        /* state of format_pcapng */
    uint64_t record;             /* place of the newest packet's record */
    uint64_t packets;            /* given so far */
    uint64_t readable;           /* of them, with a link type we read */
    uint64_t dropped;            /* told by sections past: never captured */
    uint64_t place;              /* where the fault is */
    bool cut;                    /* it is that bytes are missing */
    char fault[FILE_FAULT];      /* "want X, have Y" */
    struct unread_link unread[FILE_LINKS];
    size_t links; /* elements of unread */
};

/* How a capture format is read. */
struct format {
    const char *name;
    /* Are these its first four bytes? */
    bool (*probe)(struct span head);
    /* Read the head of the file; STEP_PACKET when that is well. */
    enum step (*begin)(struct file *f);
    /* Read the next record with a packet; sets f->record to its place. */
    enum step (*next)(struct file *f, struct packet *out);
    /* The interface of the newest packet, for messages. */
    uint32_t (*interface)(const struct file *f);
    void (*end)(struct file *f);
};

extern const struct format format_pcap;
extern const struct format format_pcapng;

/* Say what is wrong at a place of the capture; gives STEP_DAMAGE. */
enum step file_damage(struct file *f, uint64_t place, const char *fmt, ...)
    PRINTF(3, 4);

/* The source ended where want bytes of what were due: damage. */
enum step file_short(struct file *f, uint64_t want, const char *what);

/*
 * Read the head of a capture whose source is open. ERR_FORMAT, ERR_IO or
 * ERR_MEMORY with a problem when it is none; the file is to be closed then,
 * too. A file that was only found, is no capture and does not bear a
 * capture's name gives a note in place of the problem.
 */
enum err file_begin(struct file *f, struct problems *problems,
                    struct problems *notes) MUST_USE;

/*
 * The next packet in file order, its capture number left alone. False at the
 * end: by then damage was added to problems, remarks to notes.
 */
bool file_next(struct file *f, struct packet *out, struct problems *problems,
               struct problems *notes) MUST_USE;

/*
 * Read the newest packet again after its source was parked. False when the
 * file changed meanwhile, with a problem.
 */
bool file_again(struct file *f, struct packet *out,
                struct problems *problems) MUST_USE;

/* Give up memory until file_again; the newest packet is then void. */
void file_park(struct file *f, bool keep_fd);

void file_close(struct file *f);

#endif
