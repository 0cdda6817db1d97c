// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * privs.h - what a process gives up before it touches hostile bytes.
 *
 * Switched off in sanitizer, fuzz and coverage builds (OUTFLOW_NO_SANDBOX),
 * by build option only. It must not be called after packets were read.
 */
#ifndef OUTFLOW_PRIVS_H
#define OUTFLOW_PRIVS_H

#include <stdint.h>

#include "outflow/err.h"

/* No core files, no dumps of our memory: for every process of outflow. */
void privs_no_dumps(void);

/*
 * When root: become user (or nobody, when the default user does not exist).
 * Whoever calls gives up every capability, and dies with its parent if it
 * was to. False and a problem when a named user does not exist or cannot be
 * become.
 */
bool privs_drop(const char *user, struct problems *problems);

struct confinement {
    uint64_t memory; /* bytes of address space */
    int pipe;        /* the one descriptor that may be written to */
    bool live;       /* reads packet sockets that are open, and no file */
    int helper_fd;   /* 0: none; else a second one, and a child may be
                        waited for */
    bool helper;     /* it is the helper's: reads nothing but memory */
};

/*
 * For a worker: no new privileges, no process, little memory, and only the
 * system calls of reading what is to be read and of writing to its pipe.
 * Where the kernel has Landlock, no file can be named by a live worker.
 */
bool privs_confine(const struct confinement *how, struct problems *problems);

enum privs_role { PRIVS_JUDGE = 0, PRIVS_SENDER };

/*
 * For a process that meets no packet but lives long: only the system calls
 * of its work, others fail with EPERM. A judge has files and its pipes, no
 * process and nobody to speak to; a sender and its outputs have files,
 * connections and processes of their own. Neither may become another
 * program, trace another process or open packets.
 */
bool privs_seclude(enum privs_role role, struct problems *problems);

/*
 * For the parent: of the capabilities it has, those to open packets, to
 * become `user` and to end its children stay, and to read settings; with
 * files, to write the operator's, too.
 */
void privs_lessen(bool files);

/* The version of Landlock that the kernel has, 0: none. */
int privs_landlock(void);

#endif
