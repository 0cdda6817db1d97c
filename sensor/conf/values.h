// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * values.h - readers of single values, for the rows of tables.
 *
 * Each reads node into the field row names and gives false when it
 * reported. What they put there is owned by the item.
 */
#ifndef OUTFLOW_CONF_VALUES_H
#define OUTFLOW_CONF_VALUES_H

#include "conf/table.h"

/* char *: a text of min to max bytes (max 0: 255), not empty. */
row_reader value_text;

/* char *: a path; relative ones start at the folder of the file. */
row_reader value_path;

/* uint64_t: a number or a text of digits, min to max. */
row_reader value_count;

/* The same into unsigned, uint16_t, size_t. */
row_reader value_unsigned, value_port, value_place;

/* uint64_t bytes: a number, "20MiB", "5GB". */
row_reader value_size;

/* int64_t nanoseconds: "10m", "24h", "30d"; min and max in seconds. */
row_reader value_time;

/* bool */
row_reader value_flag;

/* An enum: the place of the text among row->words. */
row_reader value_word;

/* char *: the text, which must be among row->words. */
row_reader value_known;

/* char ** and count: texts; domains; paths; of row->words if there are. */
row_reader value_texts, value_domains, value_paths;

/* struct network * and count. */
row_reader value_networks;

/* uint32_t: FIELD_BITs of the types listed; enum field_type: one type. */
row_reader value_fields, value_field;

/* A domain as it is compared: lower case, no dot at the end; NULL if none. */
char *value_domain(const char *text);

/* "2GiB" as bytes, "24h" as seconds; false on anything else. */
bool value_parse_size(const char *text, uint64_t *bytes);
bool value_parse_time(const char *text, uint64_t *seconds);

/* The names of all field types, NULL ended. */
const char *const *value_field_words(void);

/* char ** and its count released. */
void value_texts_clear(char **texts, size_t count);

#endif
