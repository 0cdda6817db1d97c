// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * record.h - a row that names a customer: pseudonyms and field map.
 *
 * Made by customer/ from the fields of a row; holds no value, only keyed
 * pseudonyms and a mask. See interface.md 3.1.
 */
#ifndef OUTFLOW_RECORD_H
#define OUTFLOW_RECORD_H

#include "outflow/field.h"
#include "outflow/packet.h"

/* What can name a customer, strongest first. */
enum name_kind {
    NAME_ACCOUNT = 0, /* account number by header, numbers or index */
    NAME_CARD,
    NAME_NATIONAL_ID,
    NAME_IBAN,
    NAME_ACCOUNT_SHAPE, /* account number by shape; class of NAME_ACCOUNT */
    NAME_EMAIL,
    NAME_PHONE,
    NAME_BIRTH,   /* person_name with date_of_birth */
    NAME_ADDRESS, /* person_name with address */
    NAME_POSTAL,  /* person_name with postal_code */
    NAME_KINDS,
};

enum {
    RECORD_WEAKER = 5, /* weaker names carried */
    RECORD_MASK = 24,  /* bytes of a mask with its NUL */
};

struct name {
    uint64_t pseudonym; /* first 8 bytes of the HMAC, big endian */
    uint8_t kind;       /* enum name_kind */
};

struct record {
    struct name name;                  /* strongest */
    struct name weaker[RECORD_WEAKER]; /* strongest first */
    uint8_t weaker_count;
    char mask[RECORD_MASK];    /* of the naming value, ASCII */
    uint32_t fields;           /* FIELD_BIT of every type in the row */
    uint32_t rows;             /* rows merged into this record, >= 1 */
    struct moment first, last; /* packets that completed those rows */
};

/* The field type behind a name: what the affected list calls identifier. */
enum field_type name_field(enum name_kind kind);

#endif
