// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * field.h - a typed value found in a row, and the maps of field types.
 *
 * It must not keep values: a field borrows its text until the row ends.
 */
#ifndef OUTFLOW_FIELD_H
#define OUTFLOW_FIELD_H

#include "outflow/span.h"

enum field_type {
#define FIELD(id, name, identifies) FIELD_##id,
#include "outflow/field_types.def"
#undef FIELD
    FIELD_TYPES,
    FIELD_NONE = FIELD_TYPES,
};

/* A set of field types, one bit each. */
#define FIELD_BIT(type) (UINT32_C(1) << (type))

/* How a type became known; only account numbers differ by it. */
enum field_proof {
    PROOF_SHAPE = 0, /* by the column's or the value's shape */
    PROOF_HEADER,    /* a header word, numbers, a schema or the index */
};

struct field {
    enum field_type type;
    enum field_proof proof;
    struct span text; /* UTF-8, as it stood in the cell; borrowed */
};

/* The name of a type as in rules and alerts; "none" for FIELD_NONE. */
const char *field_name(enum field_type type);

/* The type of that name, or FIELD_NONE. */
enum field_type field_find(struct span name);

/* Does one value of this type make a row a record? */
bool field_identifies(enum field_type type);

#endif
