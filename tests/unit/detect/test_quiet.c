// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_quiet.c - texts by the thousand lines that name nobody.
 */
#include <stdio.h>
#include <string.h>

#include "detect/check.h"
#include "support/spec.h"
#include "unit/detect/collect.h"
#include "unit/detect/make.h"

enum { LINES = 5000 };

struct quiet_case {
    const char *name;
    void (*line)(uint32_t *seed, size_t i, char *out, size_t room);
};

#define R(n) make_below(seed, n)

static void orders(uint32_t *seed, size_t i, char *out, size_t room)
{
    if (i == 0)
        snprintf(out, room, "order_no,date,sku,amount");
    else
        snprintf(out, room, "%08u%08u,2011-%02u-%02u,TABL-%05u,%u.%02u",
                 R(100000000), R(100000000), 1 + R(12), 1 + R(28), R(100000),
                 R(500), R(100));
}

static void bare_orders(uint32_t *seed, size_t i, char *out, size_t room)
{
    (void)i;
    snprintf(out, room, "%08u%08u", R(100000000), R(100000000));
}

static void visa_like(uint32_t *seed, size_t i, char *out, size_t room)
{
    (void)i;
    snprintf(out, room, "4%07u%08u,%u", R(10000000), R(100000000), R(900));
}

static void access_log(uint32_t *seed, size_t i, char *out, size_t room)
{
    (void)i;
    snprintf(out, room,
             "%u.%u.%u.%u - - [05/Aug/2011:%02u:%02u:%02u +0900] \"GET "
             "/a?id=%u%08u HTTP/1.1\" 200 %u \"-\" \"Mozilla/5.0\"",
             R(223), R(256), R(256), R(256), R(24), R(60), R(60), R(1000),
             R(100000000), R(100000));
}

static void syslog_mail(uint32_t *seed, size_t i, char *out, size_t room)
{
    (void)i;
    snprintf(out, room,
             "Aug  5 01:02:%02u mx postfix/smtp[%u]: %08X%02X: "
             "to=<user%u@example.com>, relay=mx.example.com[203.0.113.%u]:25, "
             "delay=%u.%u, status=sent",
             R(60), R(30000), R(1U << 24), R(256), R(5000), R(256), R(9),
             R(10));
}

static void source_text(uint32_t *seed, size_t i, char *out, size_t room)
{
    static const char *const lines[] = {
        "/* Copyright (C) Jerry Price <jerry@example.org> */ x(",
        "    0x1a2b3c4du, 1234567890u, 16#",
        "  * Author: Mary Reed <mary.reed@example.org>, (",
        "#define LIMIT 1000000",
        "    unsigned long table[] = { 2131231, 9999999, 4111",
    };

    (void)i;
    snprintf(out, room, "%s%u;", lines[R(5)], R(100000));
}

static void telemetry(uint32_t *seed, size_t i, char *out, size_t room)
{
    snprintf(out, room,
             "{\"id\":%u%03u,\"device\":\"%08x%08x\",\"updated_ms\":"
             "13125%08u,\"lat\":35.%06u,\"lon\":139.%06u,\"name\":\"sensor "
             "%zu\",\"imei\":\"35%06u%07u\"}",
             R(1000000), R(1000), R(1U << 24), R(1U << 24), R(100000000),
             R(1000000), R(1000000), i, R(1000000), R(10000000));
}

/* Every IMEI passes Luhn. */
static void imei(uint32_t *seed, size_t i, char *out, size_t room)
{
    char number[20];

    (void)i;
    do {
        snprintf(number, sizeof(number), "35%06u%07u", R(1000000), R(10000000));
    } while (!check_luhn(span_of(number)));
    snprintf(out, room, "%s\tPhone model %u", number, R(9));
}

static void ean(uint32_t *seed, size_t i, char *out, size_t room)
{
    (void)i;
    snprintf(out, room, "49%05u%06u;Garden Table;%u,%02u", R(100000),
             R(1000000), R(500), R(100));
}

static void floats(uint32_t *seed, size_t i, char *out, size_t room)
{
    (void)i;
    snprintf(out, room, "%u.%08u,-0.%08u,%u.%06ue-05,%u", R(100), R(100000000),
             R(100000000), R(10), R(1000000), R(100000000));
}

static void tracking(uint32_t *seed, size_t i, char *out, size_t room)
{
    if (i == 0)
        snprintf(out, room, "Tracking Number|Weight|Ship date|Status");
    else
        snprintf(out, room, "%u%06u%05u|%u.%u kg|2011-08-%02u|delivered",
                 1 + R(9), R(1000000), R(100000), R(20), R(10), 1 + R(28));
}

static void hex_ids(uint32_t *seed, size_t i, char *out, size_t room)
{
    (void)i;
    snprintf(out, room, "%08x-%04x-4%03x-9%03x-%06x%06x %08u", R(1U << 24),
             R(65536), R(4096), R(4096), R(1U << 24), R(1U << 24),
             R(100000000));
}

static void headers(uint32_t *seed, size_t i, char *out, size_t room)
{
    static const char *const lines[] = {
        "From: Jerry Price <jerry@example.com> (",
        "To: mary@example.org, bob@example.org, room",
        "Date: Fri, 05 Aug 2011 01:02:03 +0900",
        "Message-ID: <20110805010203.mx@example.com>.",
        "Subject: meeting at 10:00 in room ",
        "Received: from mx.example.com (203.0.113.9) by mail; id ",
        "we will meet as agreed, please bring the report of page ",
    };

    (void)i;
    snprintf(out, room, "%s%u", lines[R(7)], R(100000));
}

static void web_page(uint32_t *seed, size_t i, char *out, size_t room)
{
    if (i == 0)
        snprintf(out, room, "<!DOCTYPE html><html><body>");
    else
        snprintf(out, room,
                 "<div id=\"box-%zu\"><p>Summer garden.</p><a href=\"/a/%u%05u"
                 "?ref=%u\">Phone case</a> price: %u</div>",
                 i, R(100), R(100000), R(9), R(10000));
}

static void epoch_csv(uint32_t *seed, size_t i, char *out, size_t room)
{
    if (i == 0)
        snprintf(out, room, "time,session,ip,bytes");
    else
        snprintf(out, room, "1312506%06u%03u,%08x,10.%u.%u.%u,%u", R(1000000),
                 R(1000), R(1U << 24), R(256), R(256), R(256), R(1U << 20));
}

static void figures(uint32_t *seed, size_t i, char *out, size_t room)
{
    (void)i;
    snprintf(out, room, "%02u %02u %02u %02u %03u %03u %03u", R(100), R(100),
             R(100), R(100), R(1000), R(1000), R(1000));
}

static void hosts(uint32_t *seed, size_t i, char *out, size_t room)
{
    snprintf(out, room,
             "{\"name\":\"node %zu\",\"host\":\"10%u.1%02u.2%u.1%02u\","
             "\"version\":\"%u.%02u.%02u-%02u\",\"range\":\"%03u-%03u %03u\"}",
             i, R(10), R(100), R(10), R(100), R(9), R(100), R(100), R(100),
             R(1000), R(1000), R(1000));
}

static void measures(uint32_t *seed, size_t i, char *out, size_t room)
{
    if (i == 0)
        snprintf(out, room, "sample;part;lot;range");
    else
        snprintf(out, room, "Sample %c;%03u %03u %03u;%02u-%02u-%02u-%02u;a",
                 'A' + (int)R(26), R(1000), R(1000), R(1000), R(100), R(100),
                 R(100), R(100));
}

static void dump(uint32_t *seed, size_t i, char *out, size_t room)
{
    snprintf(out, room, "%07zx  %02x %02x %02x %02x %02x %02x %02x %02x", i,
             R(256), R(256), R(256), R(256), R(256), R(256), R(256), R(256));
}

static void goods(uint32_t *seed, size_t i, char *out, size_t room)
{
    static const char *const words[] = {
        "שולחן גן",    "כיסא כחול",     "قلم أزرق",  "طاولة حديقة",
        "नीली कुर्सी",   "लाल मेज",        "파란 의자", "高级电子词典",
        "Modrá lampa", "Синій стілець", "Zöld szék", "Sininen tuoli"};

    (void)i;
    snprintf(out, room, "%s,%u.%02u,%03u %02u,2011-08-%02u,in stock",
             words[R(12)], R(900), R(100), R(1000), R(100), 1 + R(28));
}

static void towns(uint32_t *seed, size_t i, char *out, size_t room)
{
    static const char *const names[] = {"Praha", "Brno",  "Kolín",
                                        "Zlín",  "Písek", "Tábor"};

    if (i == 0)
        snprintf(out, room, "psc;obec;okres;pocet");
    else
        snprintf(out, room, "%03u %02u;%s %u;%s;%u", 100 + R(690), R(100),
                 names[R(6)], 1 + R(9), names[R(6)], R(90000));
}

static const struct quiet_case cases[] = {
    {"order numbers under their header", orders},
    {"order numbers, one a line", bare_orders},
    {"numbers that begin like a card", visa_like},
    {"a web server's log", access_log},
    {"a mail server's log", syslog_mail},
    {"source text with its authors", source_text},
    {"telemetry", telemetry},
    {"numbers of devices, which pass Luhn", imei},
    {"article numbers", ean},
    {"fractions", floats},
    {"tracking numbers", tracking},
    {"hexadecimal ids", hex_ids},
    {"headers of mails", headers},
    {"a web page", web_page},
    {"times in microseconds", epoch_csv},
    {"rows of figures", figures},
    {"machines and their versions", hosts},
    {"lots and parts in groups", measures},
    {"bytes in hexadecimal", dump},
    {"goods in many languages", goods},
    {"towns and their codes", towns},
};

static void test_quiet(void **state)
{
    static struct collected got;
    const struct quiet_case *c = *state;
    struct detect *d = collect_detect(NULL, 0, NULL);
    uint32_t seed = 77;
    struct buf text;
    char line[400];

    buf_init(&text, MAKE_CAP);
    for (size_t i = 0; i < LINES; i++) {
        c->line(&seed, i, line, sizeof(line));
        assert_true(buf_add(&text, span_of(line)));
        assert_true(buf_add_byte(&text, '\n'));
    }
    collect(d, buf_span(&text), 1460, &got);
    assert_int_equal(got.count, 0);
    buf_clear(&text);
    collect_end(d);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_quiet);
    return SPEC_RUN("detect/quiet", tests, count);
}
