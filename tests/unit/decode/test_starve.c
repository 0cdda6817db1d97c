// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_starve.c - chains when memory runs out at the n-th allocation.
 *
 * For every n, once and from then on: nothing crashes or leaks, what was
 * opened is closed, and every byte is counted once all the same.
 */
#include <stdlib.h>
#include <string.h>

#include "support/bytes.h"
#include "support/record_chain.h"
#include "support/spec.h"

void *__real_malloc(size_t len);
void *__real_calloc(size_t count, size_t len);
void *__real_realloc(void *ptr, size_t len);
char *__real_strndup(const char *text, size_t len);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t count, size_t len);
void *__wrap_realloc(void *ptr, size_t len);
char *__wrap_strndup(const char *text, size_t len);

/* Which allocation fails: 0 none; and whether all later ones do. */
static struct {
    unsigned count;
    unsigned fail;
    bool always;
} heap;

static bool starved(void)
{
    heap.count++;
    return heap.fail != 0 &&
           (heap.always ? heap.count >= heap.fail : heap.count == heap.fail);
}

void *__wrap_malloc(size_t len)
{
    return starved() ? NULL : __real_malloc(len);
}

void *__wrap_calloc(size_t count, size_t len)
{
    return starved() ? NULL : __real_calloc(count, len);
}

void *__wrap_realloc(void *ptr, size_t len)
{
    return starved() ? NULL : __real_realloc(ptr, len);
}

char *__wrap_strndup(const char *text, size_t len)
{
    return starved() ? NULL : __real_strndup(text, len);
}

/* --- an owner that allocates nothing --- */

struct owner {
    struct counters counters;
    int transfers, texts; /* open now */
};

static void *transfer_open(void *ctx, struct flow *flow, enum dir sender,
                           const struct transfer_info *info)
{
    (void)flow;
    (void)sender;
    (void)info;
    ((struct owner *)ctx)->transfers++;
    return ctx;
}

static void transfer_note(void *ctx, void *transfer, const struct note *note)
{
    (void)ctx;
    (void)transfer;
    (void)note;
}

static void transfer_unread(void *ctx, void *transfer,
                            const struct unread *what)
{
    (void)ctx;
    (void)transfer;
    (void)what;
}

static void transfer_close(void *ctx, void *transfer)
{
    (void)transfer;
    ((struct owner *)ctx)->transfers--;
}

static void *text_open(void *ctx, void *transfer, const struct part *part)
{
    (void)transfer;
    (void)part;
    ((struct owner *)ctx)->texts++;
    return ctx;
}

static void text_put(void *ctx, void *text, struct span bytes)
{
    (void)ctx;
    (void)text;
    (void)bytes;
}

static void text_gap(void *ctx, void *text, uint64_t len)
{
    (void)ctx;
    (void)text;
    (void)len;
}

static void text_close(void *ctx, void *text)
{
    (void)text;
    ((struct owner *)ctx)->texts--;
}

static const struct chain_events events = {
    .transfer_open = transfer_open,
    .transfer_note = transfer_note,
    .transfer_unread = transfer_unread,
    .transfer_close = transfer_close,
    .text_open = text_open,
    .text_put = text_put,
    .text_gap = text_gap,
    .text_close = text_close,
};

/* --- examples --- */

#define GZIP                                                                   \
    "\037\213\010\000\000\000\000\000\002\003\313\110\315\311\311\327\121\310" \
    "\100\242\270\000\347\102\156\122\024\000\000\000"
#define ZSTD                                                                   \
    "\050\265\057\375\004\130\165\000\000\100\150\145\154\154\157\054\040\012" \
    "\001\000\342\212\021\041\151\235\207"

struct starve_case {
    const char *name;
    struct feed feeds[8];
};

static const struct starve_case cases[] = {
    {
        .name = "a socket, compressed, starves",
        .feeds = {CLIENT("GET /c HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
                  SERVER("HTTP/1.1 101 Go\r\nUpgrade: websocket\r\n\r\n"
                         "\x81\x02ok"),
                  CLIENT("\xc1\x87\0\0\0\0\xf2\x48\xcd\xc9\xc9\x07\x00"
                         "\x82\x83\0\0\0\0a,b"),
                  HOLE(DIR_CLIENT, 7),
                  CLIENT("\x81\x90\0\0\0\0taro,03-1234-567")},
    },
    {
        .name = "pieces of a file starve",
        .feeds = {CLIENT("PUT /c HTTP/1.1\r\nContent-Range: bytes 0-7/16\r\n"
                         "Content-Length: 8\r\n\r\na,b\nc,cc"
                         "PUT /c HTTP/1.1\r\nContent-Range: bytes 8-15/16\r\n"
                         "Content-Length: 8\r\n\r\ncc\ne,f\ng")},
    },
    {
        .name = "a mail with files in its text, a hole in gzip starve",
        .feeds = {SERVER(
                      "HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\n"
                      "Content-Length: 70\r\n\r\nSubject: q3\r\n\r\nsee\r\n"
                      "begin 644 c.csv\r\n*;F%M92QP:&]N90\r\n`\r\nend\r\n"
                      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" GZIP),
                  HOLE(DIR_SERVER, 9), SERVER("\1\2" GZIP)},
    },
    {
        .name = "a form with a file starves",
        .feeds = {CLIENT("POST /m?name=taro&tel=0312345678 HTTP/1.1\r\n"
                         "Host: a.example\r\nAuthorization: Basic "
                         "dGFybzpzZWNyZXQ=\r\nX-Data: 4111 1111 1111\r\n"
                         "Content-Type: multipart/form-data; boundary=B\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n"),
                  CLIENT("ff\r\n--B\r\nContent-Disposition: form-data; "
                         "name=a\r\n\r\n1\r\n--B\r\nContent-Disposition: "
                         "form-data; name=f; filename=q.csv.gz\r\n"
                         "Content-Transfer-Encoding: base64\r\n\r\n"
                         "H4sIAAAAAAACA8tIzcnJ11HIQKK4AOdCblIUAAAA\r\n"
                         "--B\r\nContent-Disposition: form-data; name=t\r\n"
                         "\r\na\nb\r\n--B--"),
                  HOLE(DIR_CLIENT, 30), CLIENT("\r\n5\r\nabcde\r\n0\r\n\r\n"),
                  SERVER("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                         "Content-Length: 30\r\n\r\n" GZIP)},
    },
    {
        .name = "a mail in a response starves",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\n"
                         "\r\nSubject: q\r\nX-Data: 4111 1111 1111\r\n"
                         "Content-Type: multipart/mixed; boundary=b\r\n\r\n"),
                  SERVER("--b\r\nContent-Disposition: attachment; "
                         "filename=x.zst\r\n\r\n" ZSTD "\r\n--b--\r\n")},
    },
    {
        .name = "a raw stream and its other side starve",
        .feeds = {CLIENT("taro,031\nPO"),
                  CLIENT("ST /f HTTP/1.1\r\nContent-Type: application/"
                         "x-www-form-urlencoded\r\nContent-Length: 40\r\n\r\n"
                         "name=taro+a&tel=031&csv=a%0Ab&name=c&tel"),
                  SERVER("raw as well\n"), END(DIR_CLIENT)},
    },
    {
        .name = "a mail session starves",
        .feeds = {SERVER("220 a ESMTP\r\n"), CLIENT("EHLO a\r\n"),
                  CLIENT("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"),
                  SERVER("250 a\r\n250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("Subject: q\r\n\r\na,b\r\n.\r\nQUIT\r\n"),
                  SERVER("250 ok\r\n")},
    },
    {
        .name = "a control connection starves",
        .feeds = {SERVER("220 FTP\r\n"), CLIENT("USER a\r\n"),
                  SERVER("230 in\r\n"), CLIENT("PASV\r\n"),
                  SERVER("227 x (10,0,0,1,4,1)\r\n"), CLIENT("STOR q.csv\r\n"),
                  SERVER("150 ok\r\n")},
    },
};

static void feed_one(struct chain *c, const struct feed *f)
{
    if (f->kind == FEED_BYTES) {
        size_t half = f->bytes.len / 2;
        chain_feed(c, f->dir, span_head(f->bytes, half));
        chain_feed(c, f->dir, span_skip(f->bytes, half));
    } else if (f->kind == FEED_GAP) {
        chain_gap(c, f->dir, f->len);
    } else {
        chain_end(c, f->dir);
    }
}

/* Run a case with the n-th allocation failing. */
static void run_starved(const struct starve_case *s, unsigned fail, bool always)
{
    struct owner owner = {.transfers = 0};
    const struct chain_settings settings = {.events = &events,
                                            .ctx = &owner,
                                            .counters = &owner.counters,
                                            .depth = 16};
    struct flow flow = record_flow();
    uint64_t fed = 0;

    heap.count = 0;
    heap.fail = fail;
    heap.always = always;
    struct chains *chains = chains_new(&settings);
    struct chain *c = chains != NULL ? chain_new(chains, &flow) : NULL;
    for (size_t i = 0; c != NULL && i < COUNT(s->feeds); i++) {
        if (s->feeds[i].kind == FEED_END_OF_TABLE)
            break;
        feed_one(c, &s->feeds[i]);
        fed += s->feeds[i].bytes.len;
    }
    chain_free(c);
    chains_free(chains);
    heap.fail = 0;
    uint64_t sum = owner.counters.inspected_bytes;
    for (size_t i = 0; i < WHY_REASONS; i++)
        sum += owner.counters.unread[i];
    assert_int_equal(sum, fed);
    assert_int_equal(owner.transfers, 0);
    assert_int_equal(owner.texts, 0);
}

static void run_case(void **state)
{
    const struct starve_case *s = *state;

    run_starved(s, 0, false);
    unsigned count = heap.count;
    assert_true(count > 5);
    for (unsigned fail = 1; fail <= count; fail++) {
        run_starved(s, fail, false);
        run_starved(s, fail, true);
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, run_case);
    return SPEC_RUN("decode/starve", tests, count);
}
