// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * series.h - the reader of JSON objects whose members are columns.
 *
 * It must not be included outside of detect/.
 */
#ifndef OUTFLOW_DETECT_SERIES_H
#define OUTFLOW_DETECT_SERIES_H

#include "detect/state.h"

/* Take over where such an object may begin. */
bool series_begin(struct rows *r, uint32_t at);

/* Read on, as the readers of readers.h do. */
bool series_read(struct rows *r);

/* Behind a hole: false when another reader is to go on. */
bool series_gap(struct rows *r);
void series_free(struct rows *r);

#endif
