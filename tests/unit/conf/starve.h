// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * starve.h - let the n-th allocation fail, for every n.
 *
 * Link with STARVE_LINK of this folder's CMakeLists.txt: it puts the failing
 * allocators in place of malloc, calloc, realloc, strdup, strndup and
 * asprintf in our own code.
 */
#ifndef TESTS_UNIT_CONF_STARVE_H
#define TESTS_UNIT_CONF_STARVE_H

#include <stdbool.h>

/*
 * Call run with the first, second, ... allocation failing, until it gets
 * through without meeting the failure. run gives whether it succeeded: it
 * must not when it starved. Gives the number of allocations.
 */
long starve_all(bool (*run)(void));

#endif
