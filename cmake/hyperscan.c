// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * hyperscan.c - is the libhyperscan of this machine one to build with?
 *
 * Run when the build is set up, with sensor/detect/expression.c. It must not
 * hold a test of its own: what the program asks of the library stands there.
 */
#include <stdio.h>

#include "detect/expression.h"

int main(void)
{
    char why[EXPRESSION_WHY] = "";

    if (expression_trusted(why))
        return 0;
    printf("want %s\n", why);
    return 1;
}
