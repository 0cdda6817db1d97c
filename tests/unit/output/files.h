// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * files.h - small files for the tests of output/, and reading results back.
 */
#ifndef OUTFLOW_TEST_OUTPUT_FILES_H
#define OUTFLOW_TEST_OUTPUT_FILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "outflow/output.h"

/* Behind the contracts: cmocka.h has a macro named skip. */
#include <cmocka.h>

enum { FILE_PATH = 64 };

/* Write bytes to a new file whose name comes back in path. */
static inline void file_make(char path[FILE_PATH], struct span bytes)
{
    (void)snprintf(path, FILE_PATH, "/tmp/outflow-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
    assert_int_equal(close(fd), 0);
}

#endif
