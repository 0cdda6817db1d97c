// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * law_documents.h - small documents, as literals for the tables of tests.
 *
 * They were made by hand from the specifications. It must not hold more than
 * what the laws of decoders need.
 */
#ifndef TESTS_SUPPORT_LAW_DOCUMENTS_H
#define TESTS_SUPPORT_LAW_DOCUMENTS_H

#define ZERO4   "\0\0\0\0"
#define ZERO16  ZERO4 ZERO4 ZERO4 ZERO4
#define ZERO64  ZERO16 ZERO16 ZERO16 ZERO16
#define ZERO256 ZERO64 ZERO64 ZERO64 ZERO64
#define ONES4   "\377\377\377\377"
#define ONES16  ONES4 ONES4 ONES4 ONES4
#define ONES64  ONES16 ONES16 ONES16 ONES16
#define ONES256 ONES64 ONES64 ONES64 ONES64

/* A compound file with one short stream, a.csv. */
#define LAW_COMPOUND                                                           \
    "\320\317\021\340\241\261\032\341" ZERO16                                  \
    ">\000\003\000\376\377\011\000\006\000\000\000\000\000\000"                \
    "\000\000\000\000\000\001\000\000\000\001\000\000\000\000\000"             \
    "\000\000\000\020\000\000\002\000\000\000\001\000\000\000\376"             \
    "\377\377\377\000\000\000\000\000\000\000\000" ONES256 ONES64 ONES64       \
        ONES16 ONES16 ONES16                                                   \
    "\375\377\377\377\376\377\377\377\376\377\377\377\376" ONES256 ONES64      \
        ONES64 ONES64 ONES16 ONES16 ONES16                                     \
    "\377\377\377R\000o\000o\000t\000 \000E\000n\000t\000r\000"                \
    "y" ZERO16 ZERO16                                                          \
    "\000\000\000\000\000\000\000\000\000\000\000\000\000\026\000"             \
    "\005\001\377\377\377\377\377\377\377\377\001" ZERO16 ZERO16               \
    "\000\000\000\000\000\000\000\003\000\000\000\200\000\000\000"             \
    "\000\000\000\000a\000.\000c\000s\000v" ZERO16 ZERO16 ZERO16               \
    "\000\000\000\000\000\000\000\014\000\002\001\377\377\377\377"             \
    "\377\377\377\377\377\377\377\377" ZERO16 ZERO16                           \
    "\000\000\000\000\000\000\000\000F" ZERO256                                \
    "\000\000\000\000\000\000\000\001\000\000\000\376" ONES256 ONES64 ONES64   \
        ONES64 ONES16 ONES16 ONES16                                            \
    "\377\377\377\377\377\377\377\377\377\377\377taro,4111\012"                \
    "taro,4111\012taro,4111\012taro,4111\012taro,4111\012taro,"                \
    "4111\012taro,4111\012" ZERO256 ZERO64 ZERO64 ZERO16 ZERO16 ZERO16         \
    "\000\000\000\000\000\000\000\000\000\000"

/* A database: a table of two columns and three rows. */
#define LAW_DATABASE                                                           \
    "SQLite format 3\000\002\000\001\001\000@  \000\000\000\001"               \
    "\000\000\000\002\000\000\000\000\000\000\000\000\000\000\000"             \
    "\001\000\000\000\004\000\000\000\000\000\000\000\000\000\000"             \
    "\000\001" ZERO16 ZERO16                                                   \
    "\000\000\000\001\000.c\001\015\000\000\000\001\001\311\000"               \
    "\001\311" ZERO256 ZERO64 ZERO16                                           \
    "\000\000\000\000\000\000\000\000\000\000\0005\001\006\027"                \
    "\017\017\001[tableaa\002CREATE TABLE a(b,c integer primar"                \
    "y key)\015\000\000\000\000\002" ZERO256 ZERO64 ZERO64 ZERO64 ZERO16       \
        ZERO16 ZERO16 "\000\000\000\000\000\000\000\000\000\000"

#endif
