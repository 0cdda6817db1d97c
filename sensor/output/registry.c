// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * registry.c - the table of output formats, built from outputs.def.
 *
 * It must hold no other logic.
 */
#include "outflow/compiler.h"
#include "outflow/output.h"

#define OUTPUT(name) extern const struct output_format output_##name;
#include "output/outputs.def"
#undef OUTPUT

static const struct output_format *const formats[] = {
#define OUTPUT(name) &output_##name,
#include "output/outputs.def"
#undef OUTPUT
};

const struct output_format *output_format_find(struct span name)
{
    for (size_t i = 0; i < COUNT(formats); i++) {
        if (span_eq(span_of(formats[i]->name), name))
            return formats[i];
    }
    return NULL;
}
