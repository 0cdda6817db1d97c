// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * registry.c - the table of decoders, built from decoders.def.
 *
 * Nothing registers itself at run time: what this table says is what the
 * program can decode. It must hold no other logic.
 */
#include "outflow/compiler.h"
#include "outflow/decoder.h"

#define DECODER(name) extern const struct decoder decoder_##name;
#include "decode/decoders.def"
#undef DECODER

static const struct decoder *const decoders[] = {
#define DECODER(name) &decoder_##name,
#include "decode/decoders.def"
#undef DECODER
};

const struct decoder *decoder_at(size_t i)
{
    return i < COUNT(decoders) ? decoders[i] : NULL;
}

const struct decoder *decoder_find(struct span name)
{
    for (size_t i = 0; i < COUNT(decoders); i++) {
        if (span_eq(name, span_of(decoders[i]->name)))
            return decoders[i];
    }
    return NULL;
}
