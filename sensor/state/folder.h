// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * folder.h - the directory a state stands in: ours alone, one user at a time.
 */
#ifndef OUTFLOW_STATE_FOLDER_H
#define OUTFLOW_STATE_FOLDER_H

#include "outflow/err.h"

/*
 * Make the directory when there is none, look whether it is safe, and lock
 * it. Gives the lock, a descriptor to be closed; -1 with the problem told.
 * The file of that name in it is made, too, when it is not there.
 */
int folder_open(const char *dir, const char *file, struct problems *problems);

#endif
