// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_embed.c - files in base64 inside of text are parts beside it.
 *
 * Each row is the body of a response, so that it comes to its decoder as on
 * the wire.
 */
#include <stdio.h>
#include <string.h>

#include "support/chain_case.h"
#include "support/record_sink.h"

#define BODY(body)                                                             \
    {                                                                          \
        SERVER("HTTP/1.1 200 OK\r\n\r\n" body), END(DIR_SERVER)                \
    }
#define TAKEN "< http [response]\n"

/* "name,phone\ntaro,031\n..." and its first 56 digits, which stay. */
#define ROWS                                                                   \
    "bmFtZSxwaG9uZQp0YXJvLDAzMQpqaXJvLDAzMgpzYWJ1cm8sMDMzCnNo"                 \
    "aXJvLDAzNAo="
#define STAYS  "bmFtZSxwaG9uZQp0YXJvLDAzMQpqaXJvLDAzMgpzYWJ1cm8sMDMzCnNo"
#define UNDONE "name,phone|taro,031|jiro,032|saburo,033|shiro,034|"

/* Lines of 60 digits, 45 bytes each. */
#define LINE_A  "bmFtZSxwaG9uZSxjMQp0YXJvMTAsMDMxMTAKdGFybzExLDAzMTExCnRhcm8x"
#define LINE_IN "bmFtZSxwaG9uZSxjMQp0YXJvMTAsMDMxMTAKdGFybzExLDAzMTExCnRh"
#define LINE_B  "amlybzUsMDMyNQpqaXJvNSwwMzI1Cmppcm81LDAzMjUKamlybzUsMDMyNQoK"
#define FIVES   "jiro5,0325|jiro5,0325|jiro5,0325|jiro5,0325||"
#define LINES_UNDONE                                                           \
    "name,phone,c1|taro10,03110|taro11,03111|taro1" FIVES FIVES FIVES FIVES    \
        FIVES

static const struct chain_case cases[] = {
    {
        .name = "a member of JSON is a part, the text goes on behind it",
        .feeds = BODY("{\"file\":\"" ROWS "\",\"n\":1}"),
        .log = TAKEN "  [response > base64] " UNDONE "\n"
                     "  [response] {\"file\":\"" STAYS "\",\"n\":1}\n",
    },
    {
        .name = "an element of XML too, on lines",
        .feeds = BODY(
            "<r><f>\n"
            "bmFtZSxwaG9uZQp0YXJvLDAzMQpqaXJvLDAzMgpzYWJ1cm8sMDMzCnNoaXJv\n"
            "LDAzNApnb3JvLDAzNQpyb2t1cm8sMDM2CnNoaWNoaXJvLDAzNwpoYWNoaSww\n"
            "MzgK\n"
            "</f><n>1</n></r>"),
        .log = TAKEN "  [response > base64] " UNDONE
                     "goro,035|rokuro,036|shichiro,037|hachi,038|\n"
                     "  [response] <r><f>|" STAYS "|</f><n>1</n></r>\n",
    },
    {
        .name = "a link of HTML that holds the file",
        .feeds = BODY("<a href=\"data:text/csv;base64," ROWS "\">x</a>"),
        .log = TAKEN "  [response > base64] " UNDONE "\n"
                     "  [response] <a href=\"data:text/csv;base64," STAYS
                     "\">x</a>\n",
    },
    {
        .name = "digits that JSON or a URI writes in another way",
        .feeds = BODY("[\"/+8\",\""
                      "bmFtZSxwaG9uZQp0YXJvLDAzMQpqaXJvLDAzMgpzYWJ1cm8sMDMzCnN"
                      "o\\naXJv\\u003d\"]"),
        .log = TAKEN "  [response > base64] name,phone|taro,031|jiro,032|"
                     "saburo,033|shiro\n"
                     "  [response] [\"/+8\",\"" STAYS "\"]\n",
    },
    {
        .name = "rows of CSV stay rows around their column",
        .feeds = BODY("id,doc\n1," ROWS "\n22," ROWS "\n"),
        .log = TAKEN "  [response > base64] " UNDONE "\n"
                     "  [response > base64] " UNDONE "\n"
                     "  [response] id,doc|1," STAYS "|22," STAYS "|\n",
    },
    {
        .name = "hashes, tokens and pictures stay text",
        .feeds =
            BODY("{\"a\":\"9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2"
                 "dff72519673ca7\",\"t\":\"eyJhbGciOiJIUzI1NiIsInR5cCI6Ikp"
                 "XVCIsImtpZCI6IjEyMzQ1Njc4OTAifQ.eyJzdWIiOiIxMjM0NTY3ODkwI"
                 "iwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.x\","
                 "\"p\":\"/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgMCAgMDAwME"
                 "AwMEBQgFBQQEBQoHBwYIDAoMDAsK\"}"),
        .log = TAKEN
        "  [response] {\"a\":\"9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caa"
        "dae2dff72519673ca7\",\"t\":\"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsIm"
        "tpZCI6IjEyMzQ1Njc4OTAifQ.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG"
        "4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.x\",\"p\":\"/9j/4AAQSkZJRgABAQEASA"
        "BIAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsK\"}\n",
    },
    {
        .name = "what a hole cuts goes on where it must",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\n\r\n{\"f\":\"" ROWS),
                  HOLE(DIR_SERVER, 4), SERVER("c2hp\",1]\n"), END(DIR_SERVER)},
        .log = TAKEN "  [response > base64] " UNDONE "{~3}shi\n"
                     "  [response] {\"f\":\"" STAYS "\",1]|\n",
    },
    {
        .name = "lines of a member in what nobody knows begin with its first",
        .feeds = {SERVER("<f>" LINE_A "\n" LINE_B "\n" LINE_B "\n" LINE_B
                         "\n" LINE_B "\n" LINE_B "\n</f>\n"),
                  END(DIR_SERVER)},
        .log = "< raw [raw]\n  [raw > base64] " LINES_UNDONE "\n"
               "  [raw] <f>" LINE_IN "|</f>|\n",
    },
    {
        .name = "armor of what is encrypted",
        .feeds = BODY("-----BEGIN PGP MESSAGE-----\n\n"
                      "hCADQUJDREVGR0gBAIBhYmNkZWZnaGlqa2xtbm9wcXJzdNIGAWNsb3Nl"
                      "Y2xv\nc2U=\n=abcd\n-----END PGP MESSAGE-----\n"),
        .log = TAKEN "  ? openpgp encrypted 47\n"
                     "  [response] -----BEGIN PGP MESSAGE-----||"
                     "hCADQUJDREVGR0gBAIBhYmNkZWZnaGlqa2xtbm9wcXJzdNIGAWNsb3Nl"
                     "|=abcd|-----END PGP MESSAGE-----|\n",
    },
};

/* Digits are found wherever they begin, behind text with or without blanks. */
static void test_at_any_place(void **state)
{
    static const char *const fronts[] = {"a, b ", "x;y|z:", "{\"k\":"};
    char text[512];

    (void)state;
    for (size_t len = 0; len < 3 * 130; len++) {
        const char *front = fronts[len % 3];
        struct record_way way = {.step = 0};
        struct buf log;
        size_t at = 0;
        buf_init(&log, 4096);
        while (at < len / 3)
            text[at] = front[at % strlen(front)], at++;
        (void)snprintf(text + at, sizeof(text) - at, "\"%s\" and so on", ROWS);
        (void)record_decoder("embed", span_of(text), &way, &log);
        assert_true(span_find_run(buf_span(&log), SPAN("[base64]")) < log.len);
        buf_clear(&log);
    }
}

static const struct CMUnitTest places = cmocka_unit_test(test_at_any_place);

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, chain_case_run);
    tests[count++] = places;
    return SPEC_RUN("decode/embed", tests, count);
}
