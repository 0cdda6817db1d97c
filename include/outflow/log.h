// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * log.h - lines for the operator on standard error.
 *
 * Only main, pipeline and outputs speak; layers below give errors. Control
 * bytes are escaped. It must never be given a value of a customer.
 */
#ifndef OUTFLOW_LOG_H
#define OUTFLOW_LOG_H

#include "outflow/compiler.h"

enum log_level { LOG_ERRORS = 0, LOG_NOTES, LOG_DETAILS };

/* What is written from now on; LOG_NOTES at start. */
void log_set_level(enum log_level level);

/* One line each, "outflow: ..." without the newline in fmt. */
void log_error(const char *fmt, ...) PRINTF(1, 2);
void log_note(const char *fmt, ...) PRINTF(1, 2);
void log_detail(const char *fmt, ...) PRINTF(1, 2);

#endif
