// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * standing.c - how an output stands, from what its sender wrote down.
 */
#include "output/standing.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "output/cursor.h"

void output_label(const struct output_settings *to, char out[OUTPUT_NAME])
{
    if (to->host && to->transport)
        (void)snprintf(out, OUTPUT_NAME, "%s %s:%u", to->transport, to->host,
                       to->port);
    else
        (void)snprintf(out, OUTPUT_NAME, "%s %s",
                       to->transport ? to->transport : to->type,
                       to->path ? to->path : "");
}

bool output_standing(const char *folder, const struct output_settings *to,
                     char name[OUTPUT_NAME], struct sensor_output *out)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct cursor c = {0};
    bool good = fd >= 0 && cursor_read(fd, to, &c);
    uint64_t head = fd >= 0 ? head_read(fd) : 0;

    output_label(to, name);
    if (c.next == 0)
        c.next = 1;
    *out = (struct sensor_output){
        .name = name,
        .up = c.up != 0,
        .sent = c.sent,
        .repeated = c.repeated,
        .waiting = head >= c.next ? head - c.next + 1 : 0,
        .failures = c.failures,
    };
    if (fd >= 0)
        (void)close(fd);
    return good;
}
