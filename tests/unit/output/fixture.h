// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fixture.h - the alert of interface.md 5, and one full of hostile names.
 *
 * Shared by the tests of output/. Times: 2011-08-05T01:02:03.123456789Z on.
 */
#ifndef OUTFLOW_TEST_OUTPUT_FIXTURE_H
#define OUTFLOW_TEST_OUTPUT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/compiler.h"
#include "outflow/output.h"

/* Behind the contracts: cmocka.h has a macro named skip. */
#include <cmocka.h>

#define FIXTURE_TIME INT64_C(1312506123123456789)
#define HOSTILE      "a\"b\\c=d|e]f;\ng\x1b[2Jh\xE2\x80\xAEi\xFF"
#define HOSTILE_SAFE "a\"b\\c=d|e]f;\\x0Ag\\x1B[2Jh\\xE2\\x80\\xAEi\\xFF"

static const char *const fixture_captures[] = {"incident.pcap"};
static const struct run_info fixture_run = {fixture_captures, 1, "sensor1"};

static char fixture_technique[] = "T1048.003";
static char *fixture_attack[] = {fixture_technique};
static char fixture_id[] = "bulk-outbound";
static char fixture_name[] = "Bulk customer records to an outside party";
static struct rule fixture_rule = {
    .id = fixture_id,
    .name = fixture_name,
    .severity = SEVERITY_CRITICAL,
    .attack = fixture_attack,
    .attack_count = 1,
};

static const struct alert_party fixture_parties[] = {{"drop.example", 92408}};
static const char *const fixture_documents[] = {"POST /upload > customers.csv"};
static const struct alert_evidence fixture_evidence[] = {
    {0, 12, 8123, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="}};

static inline struct alert fixture_alert(void)
{
    struct alert a = {
        .rule = &fixture_rule,
        .status = ALERT_FINAL,
        .sequence = 1,
        .id = "0123456789abcdef0123456789abcdef",
        .start_ns = FIXTURE_TIME,
        .end_ns = FIXTURE_TIME + INT64_C(62000000999),
        .user = "taro",
        .group = "employees",
        .identity = IDENTITY_IP,
        .source_port = 40112,
        .destination_port = 80,
        .domain = "drop.example",
        .client_sends = true,
        .proto = 6,
        .community_id = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        .channel = "http",
        .parties = fixture_parties,
        .party_count = 1,
        .customers = 92408,
        .records = 92408,
        .customers_estimated = 92408,
        .transfers = 1,
        .documents = fixture_documents,
        .document_count = 1,
        .evidence = fixture_evidence,
        .evidence_count = 1,
    };
    const uint8_t from[4] = {10, 20, 0, 7}, to[4] = {203, 0, 113, 9};
    a.source = addr_v4(from);
    a.destination = addr_v4(to);
    a.fields[FIELD_CARD_NUMBER] = 92408;
    a.fields[FIELD_PERSON_NAME] = 92408;
    return a;
}

/* Entries for the lists of an alert that is as full as it can be. */
struct fixture_full {
    char text[8][LIMIT_TRAIL + 1];
    const char *names[100];
    struct alert_party parties[100];
    struct alert_unread unread[16];
    struct alert_evidence evidence[100];
};

/* Every name as long as it may be, all of it backslashes. */
static inline struct alert fixture_full_alert(struct fixture_full *f)
{
    struct alert a = fixture_alert();

    memset(f->text, '\\', sizeof(f->text));
    for (size_t i = 0; i < COUNT(f->text); i++)
        f->text[i][LIMIT_TRAIL] = '\0';
    for (size_t i = 0; i < COUNT(f->names); i++) {
        f->names[i] = f->text[0];
        f->parties[i] = (struct alert_party){f->text[1], 100 - i};
        f->evidence[i] = fixture_evidence[0];
    }
    for (size_t i = 0; i < COUNT(f->unread); i++)
        f->unread[i] = (struct alert_unread){"kindkindkindki=", WHY_LIMIT, i};
    for (size_t i = 0; i < FIELD_TYPES; i++)
        a.fields[i] = UINT64_MAX;
    a.user = f->text[2];
    a.group = f->text[3];
    a.domain = f->text[4];
    a.file = f->text[5];
    a.mail_from = f->text[6];
    a.identity_other = f->text[7];
    a.partner = f->text[7];
    a.clause = "customers";
    a.mail_to = f->names;
    a.mail_to_count = 100;
    a.parties = f->parties;
    a.party_count = 100;
    a.documents = f->names;
    a.document_count = 20;
    a.unread = f->unread;
    a.unread_count = COUNT(f->unread);
    a.evidence = f->evidence;
    a.evidence_count = 100;
    a.anomalies = (1u << ANOMALIES) - 1;
    return a;
}

/* The bytes as a string, until the buf changes. */
static inline const char *text_of(struct buf *b)
{
    assert_true(buf_add_byte(b, 0));
    b->len--;
    return (const char *)b->ptr;
}

#endif
