// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * jsonw.c - JSON (RFC 8259) into a buf.
 */
#include "output/jsonw.h"

static const uint64_t exact = UINT64_C(1) << 53;

static void begin(struct jsonw *j, const char *key)
{
    if (j->comma)
        put_byte(&j->put, ',');
    j->comma = true;
    if (!key)
        return;
    put_byte(&j->put, '"');
    put_text(&j->put, key);
    put_text(&j->put, "\":");
}

void jsonw_open(struct jsonw *j, const char *key, char bracket)
{
    begin(j, key);
    put_byte(&j->put, bracket);
    j->comma = false;
}

void jsonw_close(struct jsonw *j, char bracket)
{
    put_byte(&j->put, bracket);
    j->comma = true;
}

void jsonw_text_begin(struct jsonw *j, const char *key)
{
    begin(j, key);
    put_byte(&j->put, '"');
}

void jsonw_text_end(struct jsonw *j)
{
    put_byte(&j->put, '"');
}

void jsonw_word(struct jsonw *j, const char *key, const char *word)
{
    jsonw_text_begin(j, key);
    put_text(&j->put, word);
    jsonw_text_end(j);
}

void jsonw_name(struct jsonw *j, const char *key, const char *name, size_t cut)
{
    jsonw_text_begin(j, key);
    escape_put(&j->put, ESCAPE_JSON, name, cut);
    jsonw_text_end(j);
}

void jsonw_number(struct jsonw *j, const char *key, uint64_t value)
{
    begin(j, key);
    if (value > exact)
        put_byte(&j->put, '"');
    put_number(&j->put, value);
    if (value > exact)
        put_byte(&j->put, '"');
}

void jsonw_bool(struct jsonw *j, const char *key, bool value)
{
    begin(j, key);
    put_text(&j->put, value ? "true" : "false");
}

void jsonw_null(struct jsonw *j, const char *key)
{
    begin(j, key);
    put_text(&j->put, "null");
}
