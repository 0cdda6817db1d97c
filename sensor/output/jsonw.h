// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * jsonw.h - write JSON key by key, without building it first.
 *
 * It must not know alerts. key is NULL inside an array.
 */
#ifndef OUTFLOW_OUTPUT_JSONW_H
#define OUTFLOW_OUTPUT_JSONW_H

#include "output/escape.h"

struct jsonw {
    struct put put;
    bool comma; /* something stands in front on this level */
};

/* Open an object '{' or array '['; close it with '}' or ']'. */
void jsonw_open(struct jsonw *j, const char *key, char bracket);
void jsonw_close(struct jsonw *j, char bracket);

/* A string of our own that needs no escaping. */
void jsonw_word(struct jsonw *j, const char *key, const char *word);

/* A string of the wire or the operator, cut at cut bytes. */
void jsonw_name(struct jsonw *j, const char *key, const char *name, size_t cut);

/* A number; past 2^53 it is a string, as readers would round it. */
void jsonw_number(struct jsonw *j, const char *key, uint64_t value);
void jsonw_bool(struct jsonw *j, const char *key, bool value);
void jsonw_null(struct jsonw *j, const char *key);

/* Begin a string value whose text the caller puts (ESCAPE_JSON); end it. */
void jsonw_text_begin(struct jsonw *j, const char *key);
void jsonw_text_end(struct jsonw *j);

#endif
