// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * chain_case.h - a table row of what a chain is fed and tells.
 *
 * A row runs whole, cut once at every place of each step, and in steps of
 * one byte: the log must be the same, and every byte counted once.
 */
#ifndef TESTS_SUPPORT_CHAIN_CASE_H
#define TESTS_SUPPORT_CHAIN_CASE_H

#include "support/bytes.h"
#include "support/record_chain.h"
#include "support/spec.h"

enum { CASE_FEEDS = 16 };

struct chain_case {
    const char *name;
    struct feed feeds[CASE_FEEDS];
    const char *log;
    bool midstream;
    unsigned depth; /* default 16 */
};

static inline void chain_case_once(const struct chain_case *c, size_t cut,
                                   size_t step)
{
    struct record_chain r;
    struct flow flow = record_flow();

    flow.midstream = c->midstream;
    record_chain_init(&r, c->depth != 0 ? c->depth : 16);
    const char *log = record_chain_run(&r, &flow, c->feeds, cut, step);
    if (strcmp(log, c->log) != 0)
        print_message("cut %zu step %zu gives:\n%s\n", cut, step, log);
    assert_string_equal(log, c->log);
    assert_true(record_adds_up(&r, record_fed(c->feeds)));
    assert_int_equal(r.open_transfers, 0);
    assert_int_equal(r.open_texts, 0);
    record_chain_clear(&r);
}

static inline void chain_case_run(void **state)
{
    const struct chain_case *c = *state;
    size_t longest = 0;

    for (size_t i = 0; i < CASE_FEEDS; i++)
        if (c->feeds[i].bytes.len > longest)
            longest = c->feeds[i].bytes.len;
    chain_case_once(c, 0, 0);
    chain_case_once(c, 0, 1);
    chain_case_once(c, 0, 3);
    for (size_t cut = 1; cut < longest && cut < 2000; cut++)
        chain_case_once(c, cut, 0);
}

#endif
