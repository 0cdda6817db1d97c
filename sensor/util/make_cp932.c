// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * make_cp932.c - print glibc's CP932 as a C table, at build time.
 *
 * The program itself must not load converter modules: its workers have no
 * files. 60 lead bytes (0x81-0x9F, 0xE0-0xFC) by 189 trail bytes (0x40-0xFC)
 * give one code point each, 0 where none is. Not part of the program.
 */
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>

static unsigned code_of(iconv_t cd, unsigned lead, unsigned trail)
{
    char in[2] = {(char)lead, (char)trail};
    uint16_t out[2] = {0, 0};
    char *from = in, *to = (char *)out;
    size_t left = sizeof(in), room = sizeof(out);

    (void)iconv(cd, NULL, NULL, NULL, NULL);
    if (iconv(cd, &from, &left, &to, &room) == (size_t)-1 || left != 0)
        return 0;
    return room == 2 ? out[0] : 0;
}

int main(void)
{
    iconv_t cd = iconv_open("UTF-16LE", "CP932");

    if (cd == (iconv_t)-1) {
        perror("make_cp932: iconv_open");
        return 1;
    }
    for (unsigned lead = 0x81; lead <= 0xFC; lead++) {
        if (lead >= 0xA0 && lead < 0xE0)
            continue;
        for (unsigned trail = 0x40; trail <= 0xFC; trail++)
            printf("0x%04X,%s", code_of(cd, lead, trail),
                   trail % 9 == 0 ? "\n" : " ");
        printf("\n");
    }
    return iconv_close(cd) == 0 ? 0 : 1;
}
