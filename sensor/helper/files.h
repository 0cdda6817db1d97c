// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * files.h - files that a library wants, in memory.
 *
 * The process that reads an object may open no file, yet poppler looks up
 * tables of its data package while it reads. They are mapped beforehand, and
 * fopen gives them from there: the program's own fopen stands before the C
 * library's.
 */
#ifndef HELPER_FILES_H
#define HELPER_FILES_H

/* Map all files of a folder and those below it, as far as they can be. */
void files_keep(const char *folder);

/* From now on fopen gives kept files only. */
void files_shut(void);

#endif
