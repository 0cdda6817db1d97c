// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * xml.h - elements, attributes and text of XML that comes in pieces.
 *
 * A tokenizer, no validator: whatever bytes come, it goes on with the next
 * tag, so a hole or damage costs the element it falls into. It holds at most
 * one tag and no stack, so neither depth nor length costs memory. DTDs are
 * passed over, of references only characters and the five names of XML are
 * replaced: nothing is ever looked up or expanded.
 *
 * Bytes are UTF-8 (or any charset that keeps ASCII), or UTF-16 with its mark
 * or by the zeros of its first characters. It must not know any vocabulary.
 * Spec: XML 1.0, fifth edition.
 */
#ifndef UTIL_XML_H
#define UTIL_XML_H

#include "outflow/buf.h"
#include "outflow/limits.h"

struct xml_tag {
    struct span prefix; /* "w" of w:tbl; may be empty */
    struct span name;   /* "tbl": without its prefix */
    struct span rest;   /* its attributes, for xml_next */
};

struct xml_attribute {
    struct span prefix;
    struct span name;  /* without its prefix */
    struct span value; /* as written: xml_plain replaces references */
};

/*
 * What is found, in order; spans are borrowed. Text comes in pieces that
 * depend on how the bytes were cut. False ends xml_feed.
 */
struct xml_events {
    bool (*open)(void *ctx, const struct xml_tag *tag);
    bool (*close)(void *ctx, struct span name);
    bool (*text)(void *ctx, struct span text);
};

struct xml {
    const struct xml_events *events;
    void *ctx;
    struct buf held;    /* what is there of a tag that is cut */
    uint8_t ref[12];    /* the same of a reference */
    uint8_t ref_len;    /* bytes of it */
    uint8_t state;      /* enum xml_state */
    uint8_t quote;      /* inside of a value: its quote */
    uint8_t seen;       /* bytes of what ends this that were seen */
    uint8_t wide;       /* enum xml_wide: how characters are coded */
    uint8_t odd;        /* half of a character of UTF-16, */
    bool half;          /* if there is one */
    bool dtd;           /* a DTD was passed over */
    uint16_t surrogate; /* the first of a pair, or 0 */
    uint32_t brackets;  /* open ones of a DTD */
};

void xml_init(struct xml *x, const struct xml_events *events, void *ctx);

/* The next bytes. False: an event said so, or no memory. */
bool xml_feed(struct xml *x, struct span bytes) MUST_USE;

/* Bytes are missing here: go on at the next tag. */
void xml_gap(struct xml *x);

/* Release what is held. */
void xml_clear(struct xml *x);

/* The next attribute of *rest; false: none. */
bool xml_next(struct span *rest, struct xml_attribute *a);

/* The value of that attribute, of any prefix, as written; false: none. */
bool xml_value(const struct xml_tag *tag, struct span name, struct span *value);

/*
 * Text with its references replaced: itself when there are none, else at
 * most room bytes of it at to.
 */
struct span xml_plain(struct span text, uint8_t *to, size_t room);

/* The first element of a document, valid as long as its head. */
struct xml_head {
    struct xml_tag tag;
    uint8_t room[LIMIT_PROBE]; /* its text when it was UTF-16 */
};

/*
 * The first element of head, the first bytes of a document: 1 and its tag
 * (what there is of it), 0: there may be one further on, -1: this is no XML.
 */
int xml_root(struct span head, struct xml_head *to);

#endif
