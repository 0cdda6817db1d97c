// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * spool.h - alerts and events on disk until every output has them.
 *
 * One process (the judge) writes the spool, another (the sender) reads it
 * and talks to receivers, so that no receiver ever holds up a judgement.
 * docs/spool.md tells the files, what survives what, and what goes first
 * when the room is at its end.
 *
 * It must not hold a value of a customer.
 */
#ifndef OUTFLOW_SPOOL_H
#define OUTFLOW_SPOOL_H

#include "outflow/event.h"
#include "outflow/output.h"

struct spool_settings {
    const char *folder; /* made when missing, closed to others */
    uint64_t size;      /* bytes of all its files; 0: LIMIT_SPOOL */
    int memory;         /* of spool_memory, shared with the sender, or -1 */
    const struct output_settings *outputs; /* whose cursors count */
    size_t output_count;
    const struct run_info *run; /* borrowed until spool_close */
    /* Told what becomes of the spool itself, to be logged; may be NULL. */
    void (*told)(void *ctx, const struct event *e);
    void *ctx;
};

struct spool;

/*
 * Memory that judge and sender share, where records wait that the disk does
 * not take: a descriptor (close-on-exec), made by the parent and kept open
 * by it, so that a judge that dies loses none of them. -1: none.
 */
int spool_memory(void);

/*
 * Open or make the spool. What a crash left half written is cut off and
 * told. NULL and problems when the folder cannot be used at all; a full disk
 * is not that: records wait in memory.
 */
struct spool *spool_open(const struct spool_settings *settings,
                         struct problems *problems);

/*
 * Put an alert behind the others. It is in the spool, and may be sent, once
 * spool_sync has returned. An alert with the same id and sequence and the
 * same text is ignored; one with another text gets the next sequence. *used
 * (may be NULL) is the sequence it has.
 *
 * ERR_IO: the disk did not take it, it waits in memory, and the sender has
 * it from there. ERR_LIMIT: it was dropped and counted.
 */
enum err spool_alert(struct spool *s, const struct alert *a, unsigned *used);
enum err spool_event(struct spool *s, const struct event *e);

/*
 * Make durable what was put, let the sender have it, try again what waits
 * in memory. To be called after each round of judging, before the state that
 * follows from it is stored, and about once a second at any rate.
 */
enum err spool_sync(struct spool *s);

/*
 * The highest sequence the spool knows of an incident, 0: none. A judge
 * whose state is older than its spool goes on from there.
 */
unsigned spool_sequence(const struct spool *s, const char id[33]);

/* For the counters. */
struct spool_figures {
    uint64_t records;     /* put since it was opened */
    uint64_t repeats;     /* of them, ignored */
    uint64_t dropped;     /* for want of room */
    uint64_t waiting;     /* in memory */
    uint64_t bytes;       /* of its files */
    uint64_t undelivered; /* records that an output has yet to take */
};
void spool_figures(struct spool *s, struct spool_figures *out);

/* Sync and release; NULL is fine. */
void spool_close(struct spool *s);

/*
 * How an output of a spool stands, as its sender last wrote it down: up,
 * sent, repeated, failures, waiting; name is put into name. False: never.
 */
enum { OUTPUT_NAME = 300 };
bool output_standing(const char *folder, const struct output_settings *to,
                     char name[OUTPUT_NAME], struct sensor_output *out);

struct sender_settings {
    const char *folder;
    int memory; /* as the spool's */
    int events; /* pipe for its own events, one struct event a write; -1 */
    const struct output_settings *outputs;
    size_t output_count;
    const struct run_info *run;
};

/*
 * Send what is in the spool to every output until SIGTERM or SIGINT; then
 * what can be sent at once still is. SIGHUP: open files anew. A process of
 * its own calls this, as the user that may write the spool's folder; it
 * forks one more for each output. Gives the exit status.
 */
int sender_run(const struct sender_settings *settings);

#endif
