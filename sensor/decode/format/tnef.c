// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tnef.c - winmail.dat: what Outlook packs a mail and its attachments in.
 *
 * In:   a part that begins with the signature of TNEF.
 * Out:  a part for the subject, for each form of the text and for each
 *       attachment; a mail that is attached is TNEF again.
 * Not:  checks no sums, reads no dates and addresses.
 * Spec: [MS-OXTNEF] 2.1, [MS-OXCDATA] 2.11 for the properties.
 *
 *     78 9f 3e 22, key:16, { level:8 id:32 len:32 data sum:16 } ...
 *     properties: count:32, { type:16 id:16 [name] [count:32] value } ...
 */
#include <stdio.h>
#include <string.h>

#include "outflow/decoder.h"
#include "outflow/reader.h"

enum {
    SIGNATURE = 0x223e9f78,
    HEAD_LEN = 9, /* level, id, length */
    NAME_MOST = 256,
};

/* Attributes that are looked into; the others are passed over. */
enum attribute {
    ATT_SUBJECT = 0x00018004,
    ATT_BODY = 0x0002800c,
    ATT_TITLE = 0x00018010,
    ATT_DATA = 0x0006800f,
    ATT_RENDERED = 0x00069002, /* an attachment begins */
    ATT_PROPERTIES = 0x00069003,
    ATT_ATTACHMENT = 0x00069005, /* properties of it */
    ATT_CODEPAGE = 0x00069007,
};

/* Properties that are put; the others are passed over. */
enum property {
    PROP_BODY = 0x1000,
    PROP_RTF = 0x1009,
    PROP_HTML = 0x1013,
    PROP_DATA = 0x3701, /* of an attachment: a mail or an object */
};

enum stage {
    STAGE_START = 0,
    STAGE_HEAD,     /* of an attribute */
    STAGE_SHORT,    /* a value that is held whole */
    STAGE_COUNT,    /* of properties */
    STAGE_PROPERTY, /* the head of one */
    STAGE_VALUE,    /* the length of one of its values */
    STAGE_DATA,     /* bytes of a value */
    STAGE_REST,     /* of the attribute, and its sum */
};

struct tnef {
    uint32_t left;   /* bytes of the attribute not read yet */
    uint32_t value;  /* of them, of the value or attribute being read */
    uint32_t id;     /* of the attribute */
    uint32_t number; /* properties that follow */
    uint32_t values; /* of the property that follow */
    uint16_t type, property;
    uint16_t codepage;
    uint8_t stage; /* enum stage */
    uint8_t pad;   /* bytes behind the value */
    uint8_t skip;  /* bytes in front of an object */
    bool part;     /* a part is open */
    uint16_t name_len;
    uint8_t name[NAME_MOST]; /* of the attachment */
};

static enum match tnef_probe(struct span head, const struct hint *hint)
{
    struct span magic = SPAN("\x78\x9f\x3e\x22");

    if (hint->part->coding.len > 0 ||
        !span_starts(head, span_head(magic, head.len)))
        return MATCH_NO;
    if (head.len < magic.len)
        return hint->ended ? MATCH_NO : MATCH_MORE;
    return MATCH_YES;
}

/* --- parts --- */

static bool part_close(struct tnef *t, struct sink *out)
{
    bool open = t->part;

    t->part = false;
    return !open || out->ops->part_close(out->ctx, PART_WHOLE);
}

static bool part_open(struct tnef *t, const struct part_info *info,
                      struct sink *out)
{
    bool fine = part_close(t, out);

    t->part = true;
    return fine && out->ops->part_open(out->ctx, info);
}

/* A text of the mail in its code page. */
static bool text_open(struct tnef *t, struct span step, struct sink *out)
{
    char charset[16] = "";
    struct part_info info = {.step = step};

    if (t->codepage > 0)
        (void)snprintf(charset, sizeof(charset), "cp%u", t->codepage);
    info.charset = span_of(charset);
    return part_open(t, &info, out);
}

static bool attachment_open(struct tnef *t, struct sink *out)
{
    const struct span name = {t->name, t->name_len};
    struct part_info info = {.step = name, .name = name};

    if (name.len == 0)
        info.step = SPAN("attachment");
    return part_open(t, &info, out);
}

/* --- attributes --- */

/* An attribute begins: what is done with it. */
static bool attribute_begin(struct tnef *t, struct sink *out)
{
    t->value = t->left;
    t->pad = t->skip = 0;
    t->number = t->values = 0;
    switch (t->id) {
    case ATT_SUBJECT:
        t->stage = STAGE_DATA;
        return text_open(t, SPAN("subject"), out);
    case ATT_BODY:
        t->stage = STAGE_DATA;
        return text_open(t, SPAN("body"), out);
    case ATT_DATA:
        t->stage = STAGE_DATA;
        return attachment_open(t, out);
    case ATT_RENDERED:
        t->name_len = 0;
        break;
    case ATT_TITLE:
    case ATT_CODEPAGE:
        t->stage = STAGE_SHORT;
        return true;
    case ATT_PROPERTIES:
    case ATT_ATTACHMENT:
        t->stage = STAGE_COUNT;
        return true;
    default:
        break;
    }
    t->stage = STAGE_REST;
    return true;
}

static size_t stage_head(struct tnef *t, struct span bytes, struct sink *out,
                         enum decode_status *status)
{
    struct reader r = reader_over(bytes);

    if (bytes.len < HEAD_LEN)
        return 0;
    uint8_t level = reader_u8(&r);
    t->id = reader_u32le(&r);
    t->left = reader_u32le(&r);
    if (level < 1 || level > 2) {
        *status = DECODE_DONE;
        return 0;
    }
    if (!attribute_begin(t, out))
        *status = DECODE_REFUSED;
    return HEAD_LEN;
}

/* A name or a code page. */
static size_t stage_short(struct tnef *t, struct span bytes)
{
    size_t len = t->left < NAME_MOST ? t->left : NAME_MOST;
    struct span value = span_head(bytes, len);

    if (bytes.len < len)
        return 0;
    if (t->id == ATT_TITLE) {
        value = span_head(value, span_find(value, 0));
        memcpy(t->name, value.ptr, value.len);
        t->name_len = (uint16_t)value.len;
    } else {
        struct reader r = reader_over(value);
        t->codepage = (uint16_t)reader_u32le(&r);
    }
    t->left -= (uint32_t)len;
    t->stage = STAGE_REST;
    return len;
}

/* --- properties --- */

static bool is_variable(uint16_t type)
{
    type &= 0xfff;
    return type == 0x1e || type == 0x1f || type == 0x102 || type == 0x0d;
}

static uint32_t width_of(uint16_t type)
{
    switch (type & 0xfff) {
    case 0x05: /* double, currency, time, 64 bits */
    case 0x06:
    case 0x07:
    case 0x14:
    case 0x40:
        return 8;
    case 0x48:
        return 16;
    default:
        return 4;
    }
}

/* From here on nothing of the attribute is understood, or is left. */
static void properties_end(struct tnef *t)
{
    t->stage = STAGE_REST;
}

/* Bytes of a property's head without its name; 0: not all there. */
static size_t name_len(struct span bytes)
{
    struct reader r = reader_over(bytes);
    uint32_t len = 0;

    reader_skip(&r, 16);
    if (reader_u32le(&r) == 0) {
        (void)reader_u32le(&r);
    } else {
        len = reader_u32le(&r);
        if (len > NAME_MOST * 4)
            return SIZE_MAX;
        reader_skip(&r, (len + 3) / 4 * 4);
    }
    return reader_ok(&r) ? bytes.len - reader_left(&r) : 0;
}

static size_t stage_property(struct tnef *t, struct span bytes)
{
    struct reader r = reader_over(bytes);

    if (t->number == 0 || t->left < 8) {
        properties_end(t);
        return 0;
    }
    uint16_t type = reader_u16le(&r), id = reader_u16le(&r);
    if (!reader_ok(&r))
        return 0;
    if (id >= 0x8000) {
        size_t len = name_len(r.rest);
        if (len == SIZE_MAX)
            properties_end(t);
        if (len == SIZE_MAX || len == 0)
            return 0;
        reader_skip(&r, len);
    }
    bool counted = is_variable(type) || (type & 0x1000) != 0;
    uint32_t values = counted ? reader_u32le(&r) : 1;
    if (!reader_ok(&r))
        return 0;
    size_t used = bytes.len - reader_left(&r);
    if (used > t->left) {
        properties_end(t);
        return 0;
    }
    t->left -= (uint32_t)used;
    t->number--;
    t->type = type;
    t->property = id;
    t->values = values;
    t->stage = STAGE_VALUE;
    return used;
}

/* A value that is wanted is a part of its own. */
static bool value_open(struct tnef *t, struct sink *out)
{
    struct part_info info = {.step = {NULL, 0}};

    t->skip = 0;
    if (t->id == ATT_ATTACHMENT) {
        bool object = t->property == PROP_DATA && t->value > 16;
        t->skip = object && (t->type & 0xfff) == 0x0d ? 16 : 0;
        return !object || attachment_open(t, out);
    }
    bool wide = (t->type & 0xfff) == 0x1f;
    if (t->property == PROP_BODY && !wide)
        return text_open(t, SPAN("body"), out);
    if (t->property == PROP_HTML && !wide)
        return text_open(t, SPAN("html"), out);
    if (t->property == PROP_BODY || t->property == PROP_HTML) {
        info.step = SPAN("body");
        info.charset = SPAN("utf-16le");
        return part_open(t, &info, out);
    }
    if (t->property != PROP_RTF)
        return true;
    info.step = SPAN("rtf");
    info.coding = SPAN("lzfu");
    return part_open(t, &info, out);
}

/* One value of the property: its length, for those that have one. */
static size_t stage_value(struct tnef *t, struct span bytes, struct sink *out,
                          enum decode_status *status)
{
    struct reader r = reader_over(bytes);

    if (t->values == 0) {
        t->stage = STAGE_PROPERTY;
        return 0;
    }
    bool variable = is_variable(t->type);
    uint32_t len = variable ? reader_u32le(&r) : width_of(t->type);
    if (!reader_ok(&r))
        return 0;
    size_t used = variable ? 4 : 0;
    if (t->left < used || len > t->left - used) {
        properties_end(t);
        return 0;
    }
    t->left -= (uint32_t)used;
    t->values--;
    t->value = len;
    t->pad = (uint8_t)((4 - len % 4) % 4);
    t->stage = STAGE_DATA;
    if (variable && !value_open(t, out))
        *status = DECODE_REFUSED;
    return used;
}

/* Bytes of a value, and those that fill it up. */
static size_t stage_data(struct tnef *t, struct span bytes, struct sink *out,
                         enum decode_status *status)
{
    if (t->value == 0) {
        size_t pad = t->pad < t->left ? t->pad : t->left;
        bool inside = t->id == ATT_PROPERTIES || t->id == ATT_ATTACHMENT;
        if (bytes.len < pad)
            return 0;
        t->left -= (uint32_t)pad;
        t->pad = 0;
        t->stage = inside ? STAGE_VALUE : STAGE_REST;
        if (!part_close(t, out))
            *status = DECODE_REFUSED;
        return pad;
    }
    size_t most = t->skip > 0 ? t->skip : t->value;
    struct span taken = span_head(bytes, most);
    bool fine = t->skip > 0 || !t->part || out->ops->put(out->ctx, taken);
    if (t->skip > 0)
        t->skip = (uint8_t)(t->skip - taken.len);
    t->value -= (uint32_t)taken.len;
    t->left -= (uint32_t)taken.len;
    if (!fine)
        *status = DECODE_REFUSED;
    return taken.len;
}

static size_t stage_count(struct tnef *t, struct span bytes)
{
    struct reader r = reader_over(bytes);

    t->number = reader_u32le(&r);
    if (t->left < 4) {
        properties_end(t);
        return 0;
    }
    if (!reader_ok(&r))
        return 0;
    t->left -= 4;
    t->stage = STAGE_PROPERTY;
    return 4;
}

/* What is left of the attribute is passed over, and its sum behind it. */
static size_t stage_rest(struct tnef *t, struct span bytes)
{
    enum { SUM = 2 };

    if (t->left == 0) {
        t->stage = bytes.len < SUM ? STAGE_REST : STAGE_HEAD;
        return bytes.len < SUM ? 0 : SUM;
    }
    struct span taken = span_head(bytes, t->left);
    t->left -= (uint32_t)taken.len;
    return taken.len;
}

static size_t stage_start(struct tnef *t, struct span bytes,
                          enum decode_status *status)
{
    struct reader r = reader_over(bytes);
    uint32_t magic = reader_u32le(&r);

    (void)reader_u16le(&r); /* the key */
    if (!reader_ok(&r))
        return 0;
    if (magic != SIGNATURE)
        *status = DECODE_BAD;
    t->stage = STAGE_HEAD;
    return bytes.len - reader_left(&r);
}

static size_t step(struct tnef *t, struct span bytes, struct sink *out,
                   enum decode_status *status)
{
    switch (t->stage) {
    case STAGE_START:
        return stage_start(t, bytes, status);
    case STAGE_HEAD:
        return stage_head(t, bytes, out, status);
    case STAGE_SHORT:
        return stage_short(t, bytes);
    case STAGE_COUNT:
        return stage_count(t, bytes);
    case STAGE_PROPERTY:
        return stage_property(t, bytes);
    case STAGE_VALUE:
        return stage_value(t, bytes, out, status);
    case STAGE_DATA:
        return stage_data(t, bytes, out, status);
    default:
        return stage_rest(t, bytes);
    }
}

static struct progress tnef_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    struct tnef *t = state;
    enum decode_status status = DECODE_MORE;
    struct span rest = bytes;

    (void)dir;
    while (status == DECODE_MORE && rest.len > 0) {
        uint8_t stage = t->stage;
        size_t used = step(t, rest, out, &status);
        if (used == 0 && t->stage == stage)
            break;
        rest = span_skip(rest, used);
    }
    return (struct progress){status, bytes.len - rest.len};
}

/* A hole inside a value is in its part; else inside the attribute. */
static struct progress tnef_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct tnef *t = state;

    (void)dir;
    if (t->stage == STAGE_START || t->stage == STAGE_HEAD || len >= t->left)
        return (struct progress){DECODE_DONE, 0};
    if (t->stage == STAGE_DATA && len < t->value && t->skip == 0) {
        t->value -= (uint32_t)len;
        if (t->part && !out->ops->gap(out->ctx, len))
            return (struct progress){DECODE_REFUSED, 0};
    } else {
        if (!part_close(t, out))
            return (struct progress){DECODE_REFUSED, 0};
        t->stage = STAGE_REST;
    }
    t->left -= (uint32_t)len;
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status tnef_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct tnef *t = state;
    struct progress p = tnef_feed(state, dir, rest, out);

    if (p.status != DECODE_MORE)
        return p.status;
    return part_close(t, out) ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_tnef = {
    .name = "tnef",
    .state_size = sizeof(struct tnef),
    .probe = tnef_probe,
    .feed = tnef_feed,
    .gap = tnef_gap,
    .end = tnef_end,
};
