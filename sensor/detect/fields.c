// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fields.c - the detectors, as fields.def lists them.
 *
 * It must hold no other logic.
 */
#include "detect/detectors.h"

#define DETECTOR(id, type) extern const struct detector detector_##id;
#include "detect/fields.def"
#undef DETECTOR

static const struct detector *const detectors[LOOKS] = {
#define DETECTOR(id, type) [LOOK_##id] = &detector_##id,
#include "detect/fields.def"
#undef DETECTOR
};

const struct detector *detector_at(enum look look)
{
    return detectors[look];
}

enum look detector_look(enum field_type type)
{
    static const uint8_t looks[FIELD_TYPES + 1] = {
#define DETECTOR(id, type) [FIELD_##type] = LOOK_##id + 1,
#include "detect/fields.def"
#undef DETECTOR
        [FIELD_ACCOUNT_OPENED] = LOOK_DATES + 1,
    };

    return looks[type] ? (enum look)(looks[type] - 1) : LOOKS;
}
