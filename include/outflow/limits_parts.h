// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * limits_parts.h - the caps of what is unpacked, opened, or held whole.
 *
 * A part of limits.h, which includes it. It must not hold anything but
 * constants.
 */
#ifndef OUTFLOW_LIMITS_PARTS_H
#define OUTFLOW_LIMITS_PARTS_H

/* decode: codings */
enum {
    LIMIT_CODING = 80 << 20,      /* memory to undo one: xz -9 takes 65 */
    LIMIT_CODINGS = 128 << 20,    /* the same for all of a worker */
    LIMIT_EXPAND_FREE = 16 << 20, /* bytes a flow expands to at any rate */
    LIMIT_EXPAND = 500, /* beyond, times the coded bytes: deflate of zeros
                           makes 1,029, real tables below 250 */
    LIMIT_BOMBS = 8, /* parts of a flow that may reach it: 32 MiB or so each */
    LIMIT_EXPAND_ENTRY = 400, /* the same for an entry of an archive: those
                                 behind it are still to be read */
};

/* decode: what is held whole */
enum {
    LIMIT_HELD = 64 << 20,   /* where no settings say so */
    LIMIT_HELD_HOLES = 4096, /* of one part that are told apart */
};

/* decode: documents */
enum {
    LIMIT_CELL = 100 << 10,       /* Excel's 32,767 characters in UTF-8 */
    LIMIT_FORMATS = 1024,         /* of numbers, of a workbook's own */
    LIMIT_FORMAT_CODE = 256,      /* bytes of one: Excel's own cap */
    LIMIT_STYLES = 65536,         /* of cells; Excel has 65,490 */
    LIMIT_SHEET_NAMES = 64 << 10, /* bytes of all of a workbook */
    LIMIT_PIVOTS = 32,            /* caches of pivot tables of a workbook */
    LIMIT_LINK = 2 << 10,         /* of a link to the outside */
};

/* the helper: one object of a foreign format */
enum {
    LIMIT_HELPER_MEMORY = 160 << 20, /* beside it: 7z -mx=9 takes 70 MiB */
    LIMIT_HELPER_PARTS = 1 << 16,    /* of it that are put */
    LIMIT_HELPER_CPU_MS = 1500,      /* of any: a bomb ends in 2 s */
    LIMIT_HELPER_CPU_MIB_MS = 1000,  /* and of each MiB but the first: PDFs
                                        take 800 */
    LIMIT_HELPER_READ_MS = 120000,   /* of one at most, in read */
    LIMIT_HELPER_WATCH_MS = 4000,    /* in watch: a ring holds 5 s */
    LIMIT_HELPER_WAIT_MS = 30000,    /* without CPU: it waits for ever */
    LIMIT_HELPER_WAITING = 48 << 20, /* of an answer, while another is read */
    LIMIT_HELPER_KNOWN = 64,         /* that killed it, and are not retried */
};

#endif
