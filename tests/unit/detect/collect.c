// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * collect.c - runs text through a part and keeps the records.
 *
 * It must not know what the text is.
 */
#include "unit/detect/collect.h"

#include <stdlib.h>
#include <string.h>

#include "support/spec.h"

static struct keyed *key;

struct detect *collect_detect(const struct number_rule *numbers, size_t count,
                              struct counters *counters)
{
    static const uint8_t bytes[KEY_BYTES] = {1, 2, 3};
    struct problems problems = {NULL, 0, 0};

    key = keyed_new(bytes);
    assert_non_null(key);
    struct detect_settings settings = {key, numbers, count, counters};
    struct detect *d = detect_new(&settings, &problems);
    assert_non_null(d);
    problems_clear(&problems);
    return d;
}

void collect_end(struct detect *d)
{
    detect_free(d);
    keyed_free(key);
    key = NULL;
}

bool collect_keep(void *ctx, const struct record *record)
{
    struct collected *out = ctx;

    assert_true(out->count < COLLECTED);
    assert_int_equal(record->rows, 1);
    out->record[out->count++] = *record;
    return true;
}

struct rows *collect_open(struct detect *d, struct collected *out)
{
    struct part part = {.trail = "test"};
    struct record_sink sink = {out, collect_keep};
    struct rows *r = rows_open(d, &part, &sink);

    assert_non_null(r);
    return r;
}

/* Each piece in memory of its own, so that a read past it is seen. */
void collect_feed(struct rows *r, struct span text, size_t piece)
{
    struct moment seen = {0, 0, 0};

    while (text.len > 0) {
        size_t len = text.len < piece ? text.len : piece;
        uint8_t *bytes = malloc(len);
        assert_non_null(bytes);
        memcpy(bytes, text.ptr, len);
        seen.number++;
        seen.time_ns += 1000;
        rows_feed(r, (struct span){bytes, len}, &seen);
        free(bytes);
        text = span_skip(text, len);
    }
}

void collect(struct detect *d, struct span text, size_t piece,
             struct collected *out)
{
    out->count = 0;
    struct rows *r = collect_open(d, out);
    collect_feed(r, text, piece);
    rows_close(r);
}

bool collected_same(const struct collected *a, const struct collected *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct record *x = &a->record[i], *y = &b->record[i];
        if (x->name.pseudonym != y->name.pseudonym ||
            x->name.kind != y->name.kind || x->fields != y->fields ||
            x->weaker_count != y->weaker_count || strcmp(x->mask, y->mask))
            return false;
    }
    return true;
}

size_t collected_customers(const struct collected *all)
{
    size_t count = 0;

    for (size_t i = 0; i < all->count; i++) {
        size_t k = 0;
        while (k < i &&
               all->record[k].name.pseudonym != all->record[i].name.pseudonym)
            k++;
        count += k == i;
    }
    return count;
}

uint32_t collect_fields(const char *names)
{
    struct span rest = span_of(names), name;
    uint32_t fields = 0;

    while (span_cut(&rest, ' ', &name)) {
        enum field_type type = field_find(name);
        assert_true(type != FIELD_NONE);
        fields |= FIELD_BIT(type);
    }
    return fields;
}

void collect_expect(struct span text, size_t records, const char *fields)
{
    static struct collected found;
    struct detect *d = collect_detect(NULL, 0, NULL);
    uint32_t want = collect_fields(fields);

    collect(d, text, SIZE_MAX, &found);
    assert_int_equal(found.count, records);
    for (size_t i = 0; i < found.count; i++)
        assert_int_equal(found.record[i].fields, want);
    collect_end(d);
}

void collect_cuts(struct span text)
{
    static const size_t pieces[] = {1, 2, 7, 64, 100};
    static struct collected whole, cut;
    struct detect *d = collect_detect(NULL, 0, NULL);

    collect(d, text, SIZE_MAX, &whole);
    for (size_t i = 0; i < COUNT(pieces); i++) {
        collect(d, text, pieces[i], &cut);
        assert_true(collected_same(&whole, &cut));
    }
    collect_end(d);
}
