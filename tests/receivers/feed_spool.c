// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * feed_spool.c - a judge and a sender without packets, for tests.
 *
 *     feed_spool FOLDER SETTINGS COUNT GAP_US WAIT_S
 *
 * Puts COUNT alerts with hostile names into a spool in FOLDER, GAP_US apart,
 * while a sender serves the outputs of SETTINGS; waits until every output
 * has them, WAIT_S at most, and ends. Standard output: for each alert its id,
 * sequence and, for each output, what is to arrive: one JSON array a line.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "outflow/spool.h"
#include "output/cursor.h"
#include "output/jsonw.h"
#include "output/shorten.h"
#include "output/words.h"
#include "privs.h"

#define START INT64_C(1312506123123456789)

static const char *const names[] = {
    "taro",
    "a\"b\\c=d|e]f;g",
    "line\nbreak\r\ttab\x1b[31m",
    "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E \xE9\xA1\xA7\xE5\xAE\xA2.csv",
    "right\xE2\x80\xAEleft\xE2\x80\xA8line",
    "bad\xFF\xFEutf8\xC0\x80",
    "[meta sequenceId=\"9\"] <13>1 - - - - - -",
    "^caret|pipe\ttab=equals\\",
    "%n%s$(id)`id`'; rm -rf /",
    "x00\x01\x7F\xC2\x85 c1",
};

struct feed {
    struct settings settings;
    struct run_info run;
    struct spool *spool;
    struct spool_settings spool_settings;
    pid_t sender;
    int events[2];
    uint64_t dropped;
    int folder;
};

static const char *const captures[] = {"live:span0"};

static struct alert make(unsigned i, struct rule *rule,
                         struct alert_party *party, const char **document)
{
    struct alert a = {
        .rule = rule,
        .status = i % 3 == 2 ? ALERT_FINAL : ALERT_OPEN,
        .sequence = i % 3 + 1,
        .start_ns = START,
        .end_ns = START + (int64_t)i * 1000000,
        .user = names[i % COUNT(names)],
        .group = "employees",
        .identity = IDENTITY_IP,
        .source_port = 40112,
        .destination_port = 80,
        .domain = names[(i + 1) % COUNT(names)],
        .proto = 6,
        .client_sends = true,
        .channel = "http",
        .parties = party,
        .party_count = 1,
        .file = names[(i + 2) % COUNT(names)],
        .customers = i,
        .records = i,
        .customers_estimated = i,
        .transfers = 1,
        .documents = document,
        .document_count = 1,
    };
    const uint8_t from[4] = {198, 51, 100, 7}, to[4] = {203, 0, 113, 9};

    (void)snprintf(a.id, sizeof(a.id), "%08x%024x", (i / 3 + 1) * 2654435761u,
                   i / 3);
    a.source = addr_v4(from);
    a.destination = addr_v4(to);
    a.fields[FIELD_CARD_NUMBER] = i;
    party->name = names[(i + 3) % COUNT(names)];
    party->customers = i;
    *document = names[(i + 4) % COUNT(names)];
    return a;
}

/* What each output is to get of it. */
static void expect(const struct feed *f, const struct alert *a)
{
    struct buf line, payload;

    buf_init(&line, 1 << 20);
    buf_init(&payload, 1 << 20);
    struct jsonw j = {put_to(&line), false};
    jsonw_open(&j, NULL, '[');
    jsonw_word(&j, NULL, a->id);
    jsonw_number(&j, NULL, a->sequence);
    for (size_t i = 0; i < f->settings.output_count; i++) {
        const struct output_settings *o = &f->settings.outputs[i];
        size_t most = strcmp(o->type, "file") == 0 ? SIZE_MAX : 7400;
        buf_reset(&payload);
        if (!shorten_alert(output_format_find(span_of(o->format)), a, &f->run,
                           most, &payload))
            continue;
        jsonw_text_begin(&j, NULL);
        for (size_t k = 0; k < payload.len; k++) {
            if (payload.ptr[k] == '"' || payload.ptr[k] == '\\')
                put_byte(&j.put, '\\');
            if (payload.ptr[k] == '\t')
                put_text(&j.put, "\\t");
            else
                put_byte(&j.put, (char)payload.ptr[k]);
        }
        jsonw_text_end(&j);
    }
    jsonw_close(&j, ']');
    put_byte(&j.put, '\n');
    (void)fwrite(line.ptr, 1, line.len, stdout);
    buf_clear(&line);
    buf_clear(&payload);
}

/* Events of the sender go the way they go in a sensor: into the spool. */
static void take_events(struct feed *f)
{
    struct event e;

    while (read(f->events[0], &e, sizeof(e)) == sizeof(e)) {
        if (event_sound(&e))
            (void)spool_event(f->spool, &e);
        (void)fprintf(stderr, "%s %s %s\n", event_name(e.kind), e.subject,
                      e.text);
    }
}

static void feed(struct feed *f, unsigned count, long gap_us)
{
    static char id[] = "bulk|out\"bound", name[] = "Bulk=customer\\records]";
    struct rule rule = {.id = id, .name = name, .severity = SEVERITY_HIGH};
    const struct timespec gap = {gap_us / 1000000, gap_us % 1000000 * 1000};
    struct alert_party party;
    const char *document;

    for (unsigned i = 0; i < count; i++) {
        struct alert a = make(i, &rule, &party, &document);
        expect(f, &a);
        f->dropped += spool_alert(f->spool, &a, NULL) == ERR_LIMIT ? 1 : 0;
        if (i % 8 == 7 || gap_us >= 1000)
            (void)spool_sync(f->spool);
        take_events(f);
        if (gap_us > 0)
            (void)nanosleep(&gap, NULL);
    }
    (void)spool_sync(f->spool);
}

/* Does every output have everything? */
static bool all_sent(const struct feed *f)
{
    uint64_t head = head_read(f->folder);
    struct cursor c;

    for (size_t i = 0; i < f->settings.output_count; i++) {
        if (!cursor_read(f->folder, &f->settings.outputs[i], &c) ||
            c.next <= head)
            return false;
    }
    return true;
}

static bool start(struct feed *f, const char *folder, const char *settings)
{
    struct problems problems = {0};
    bool good = settings_read(settings, NULL, 0, &f->settings, &problems) &&
                pipe2(f->events, O_CLOEXEC | O_NONBLOCK) == 0;

    f->spool_settings = (struct spool_settings){
        .folder = folder,
        .memory = spool_memory(),
        .outputs = f->settings.outputs,
        .output_count = f->settings.output_count,
        .run = &f->run,
    };
    f->spool = good ? spool_open(&f->spool_settings, &problems) : NULL;
    (void)problems_print(&problems, stderr);
    problems_clear(&problems);
    f->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!f->spool || f->folder < 0)
        return false;
    const struct sender_settings sender = {
        .folder = folder,
        .memory = f->spool_settings.memory,
        .events = f->events[1],
        .outputs = f->settings.outputs,
        .output_count = f->settings.output_count,
        .run = &f->run,
    };
    (void)fflush(stdout);
    f->sender = fork();
    if (f->sender == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        struct problems why = {0};
        if (!privs_seclude(PRIVS_SENDER, &why)) /* as watch does */
            _exit(EXIT_FAILURE);
        _exit(sender_run(&sender));
    }
    return f->sender > 0;
}

int main(int argc, char **argv)
{
    struct feed f = {.run = {captures, 1, "sensor1"}};
    const struct timespec step = {0, 100000000};

    if (argc != 6 || !start(&f, argv[1], argv[2]))
        return 2;
    feed(&f, (unsigned)strtoul(argv[3], NULL, 10), strtol(argv[4], NULL, 10));
    (void)fflush(stdout);
    for (long i = 10 * strtol(argv[5], NULL, 10); i > 0 && !all_sent(&f); i--) {
        take_events(&f);
        (void)spool_sync(f.spool);
        (void)nanosleep(&step, NULL);
    }
    bool good = all_sent(&f) && f.dropped == 0;
    (void)kill(f.sender, SIGTERM);
    (void)waitpid(f.sender, NULL, 0);
    take_events(&f);
    spool_close(f.spool);
    settings_clear(&f.settings);
    return good ? 0 : 1;
}
