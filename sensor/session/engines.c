// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * engines.c - find an engine by the name it has in the settings.
 *
 * It must hold no other logic.
 */
#include "session/engines.h"

#include "outflow/compiler.h"

static const struct session_engine *const engines[] = {
    &engine_native,
    &engine_nids,
};

const struct session_engine *session_engine_find(struct span name)
{
    for (size_t i = 0; i < COUNT(engines); i++) {
        if (span_eq(name, span_of(engines[i]->name)))
            return engines[i];
    }
    return NULL;
}
