// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * engines.h - the engines there are.
 */
#ifndef OUTFLOW_SESSION_ENGINES_H
#define OUTFLOW_SESSION_ENGINES_H

#include "outflow/session.h"

extern const struct session_engine engine_native;
extern const struct session_engine engine_nids;

#endif
