// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * native.c - the engine that hands bytes on from where they were captured.
 *
 * The core's events go to the consumer as they are.
 */
#include <stdlib.h>

#include "session/core.h"
#include "session/engines.h"
#include "session/flows.h"

static struct session *native_new(const struct session_settings *settings)
{
    struct session *s = malloc(sizeof(*s));

    if (s != NULL && session_init(s, settings))
        return s;
    free(s);
    return NULL;
}

static void native_free(struct session *s)
{
    if (s == NULL)
        return;
    session_clear(s);
    free(s);
}

const struct session_engine engine_native = {
    .name = "native",
    .new_ = native_new,
    .take = session_take,
    .tick = flows_tick,
    .flush = session_flush,
    .held = session_held,
    .shed = session_shed,
    .free = native_free,
};
