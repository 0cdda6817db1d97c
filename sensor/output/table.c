// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * table.c - alerts for people: one block each, and what the run saw.
 *
 * Labels stand in a column of their own, text is wrapped to the width of a
 * terminal; Japanese takes two columns a character. No colour, no cursor.
 */
#include <string.h>

#include "outflow/output.h"
#include "output/words.h"
#include "util/clock.h"
#include "util/unicode.h"

enum {
    WIDTH = 80,  /* columns of a line */
    INDENT = 14, /* columns of a label and what stands in front */
    SHOWN = 3,   /* entries of a list; the rest is counted */
};

/* A block at work: the text of the current label, not yet wrapped. */
struct block {
    struct put out;
    struct buf text;
    struct put put; /* into text */
};

static void put_blanks(struct put *p, int count)
{
    while (count-- > 0)
        put_byte(p, ' ');
}

static int width_of(struct span s)
{
    int width = 0;

    while (s.len > 0) {
        uint32_t code;
        size_t len = unicode_decode(s, &code);
        width += unicode_width(code);
        s = span_skip(s, len);
    }
    return width;
}

/* A word too long for a line is broken between characters. */
static int put_broken(struct put *p, struct span word, int column)
{
    while (word.len > 0) {
        uint32_t code;
        size_t len = unicode_decode(word, &code);
        int width = unicode_width(code);
        if (column + width > WIDTH) {
            put_byte(p, '\n');
            put_blanks(p, INDENT);
            column = INDENT;
        }
        put_bytes(p, span_head(word, len));
        column += width;
        word = span_skip(word, len);
    }
    return column;
}

static void put_wrapped(struct put *p, struct span text)
{
    struct span word;
    int column = INDENT;

    while (span_cut(&text, ' ', &word)) {
        int width = width_of(word);
        if (column > INDENT && column + 1 + width > WIDTH) {
            put_byte(p, '\n');
            put_blanks(p, INDENT);
            column = INDENT;
        } else if (column > INDENT) {
            put_byte(p, ' ');
            column++;
        }
        column = put_broken(p, word, column);
    }
    put_byte(p, '\n');
}

/* Write what was gathered under this label. */
static void say(struct block *b, const char *label)
{
    put_text(&b->out, "  ");
    put_text(&b->out, label);
    put_blanks(&b->out, INDENT - 2 - (int)strlen(label));
    put_wrapped(&b->out, buf_span(&b->text));
    buf_reset(&b->text);
}

static void name(struct block *b, const char *text)
{
    escape_put(&b->put, ESCAPE_PLAIN, text, LIMIT_NAME);
}

static void address(struct block *b, const struct addr *ip, uint16_t port)
{
    char text[ADDR_TEXT];
    bool v6 = port != 0 && !addr_is_v4(ip);

    put_text(&b->put, v6 ? "[" : "");
    put_text(&b->put, addr_text(ip, text));
    put_text(&b->put, v6 ? "]" : "");
    if (port == 0)
        return;
    put_byte(&b->put, ':');
    put_number(&b->put, port);
}

static const char *const loud[] = {"LOW", "MEDIUM", "HIGH", "CRITICAL"};

/* A run tells each incident once, at its end; a sensor as it goes on. */
static void standing(struct block *b, const struct alert *a)
{
    if (a->status == ALERT_FINAL && a->sequence <= 1)
        return;
    put_text(&b->out, "  ");
    put_text(&b->out, words_status(a->status));
    put_text(&b->out, ", alert ");
    put_number(&b->out, a->sequence);
}

static void title(struct block *b, const struct alert *a)
{
    put_text(&b->out, loud[a->rule->severity]);
    put_text(&b->out, "  ");
    escape_put(&b->out, ESCAPE_PLAIN, a->rule->name, LIMIT_NAME);
    put_text(&b->out, "  [");
    escape_put(&b->out, ESCAPE_PLAIN, a->rule->id, LIMIT_NAME);
    put_text(&b->out, "]");
    standing(b, a);
    put_text(&b->out, "\n");
    words_reason(&b->put, ESCAPE_PLAIN, a, LIMIT_NAME);
    say(b, "");
}

static void who(struct block *b, const struct alert *a)
{
    if (a->user) {
        name(b, a->user);
        put_text(&b->put, a->group ? " (" : "");
        name(b, a->group);
        put_text(&b->put, a->group ? ")" : "");
    } else {
        put_text(&b->put, "nobody known,");
    }
    if (words_has(&a->source)) {
        put_text(&b->put, " at ");
        address(b, &a->source, a->source_port);
    }
    if (a->user) {
        put_text(&b->put, ", found by ");
        put_text(&b->put, identity_from_name(a->identity));
    }
    if (a->low_confidence)
        put_text(&b->put, " (low confidence)");
    if (a->identity_other && a->identity_other[0]) {
        put_text(&b->put, "; another source says ");
        name(b, a->identity_other);
    }
    say(b, "who");
}

static void whose(struct block *b, const struct alert *a)
{
    if (a->action == ACTION_UNREADABLE) {
        put_counted(&b->put, a->bytes, "byte");
        put_text(&b->put, " that could not be read");
        say(b, "whose");
        return;
    }
    put_counted(&b->put, a->customers, "customer");
    put_text(&b->put, " in ");
    put_counted(&b->put, a->records, "record");
    if (a->exact)
        put_text(&b->put, ", matched with the customer table");
    say(b, "whose");
    for (size_t i = 0; i < FIELD_TYPES; i++) {
        if (a->fields[i] == 0)
            continue;
        put_text(&b->put, b->text.len > 0 ? ", " : "");
        put_text(&b->put, field_name((enum field_type)i));
        put_byte(&b->put, ' ');
        put_count(&b->put, a->fields[i]);
    }
    say(b, "what");
}

static void more(struct block *b, size_t count)
{
    if (count == 0)
        return;
    put_text(&b->put, " and ");
    put_count(&b->put, count);
    put_text(&b->put, " more");
}

static void to_whom(struct block *b, const struct alert *a)
{
    size_t shown = a->party_count < SHOWN ? a->party_count : SHOWN;

    for (size_t i = 0; i < shown; i++) {
        put_text(&b->put, i > 0 ? ", " : "");
        name(b, a->parties[i].name);
        if (a->party_count + a->party_more < 2)
            continue;
        put_text(&b->put, " (");
        put_counted(&b->put, a->parties[i].customers, "customer");
        put_byte(&b->put, ')');
    }
    more(b, a->party_count - shown + a->party_more);
    if (words_has(&a->destination)) {
        put_text(&b->put, " at ");
        address(b, &a->destination, a->destination_port);
    }
    if (a->partner) {
        put_text(&b->put, "; breaks the contract of ");
        name(b, a->partner);
        put_text(&b->put, ", clause ");
        name(b, a->clause);
    }
    say(b, "to whom");
}

/* "2011-08-05 01:02:03" of an RFC 3339 time. */
static void day_and_second(struct block *b, int64_t ns)
{
    char text[CLOCK_TEXT];

    (void)clock_text(ns, text);
    put_bytes(&b->put, span_head(span_of(text), 10));
    put_byte(&b->put, ' ');
    put_bytes(&b->put, span_slice(span_of(text), 11, 19));
}

static void duration(struct block *b, int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *word;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};

    for (size_t i = 0; i < COUNT(units); i++) {
        if (seconds < units[i].seconds)
            continue;
        put_text(&b->put, " (");
        put_counted(&b->put, (uint64_t)(seconds / units[i].seconds),
                    units[i].word);
        put_byte(&b->put, ')');
        return;
    }
}

static void when(struct block *b, const struct alert *a)
{
    day_and_second(b, a->start_ns);
    if (a->end_ns / 1000000000 != a->start_ns / 1000000000) {
        put_text(&b->put, " to ");
        day_and_second(b, a->end_ns);
    }
    put_text(&b->put, " UTC");
    duration(b, (a->end_ns - a->start_ns) / 1000000000);
    say(b, "when");
}

static void how(struct block *b, const struct alert *a)
{
    size_t shown = a->document_count < SHOWN ? a->document_count : SHOWN;

    name(b, a->channel ? a->channel : "");
    put_text(&b->put, b->text.len > 0 ? ", " : "");
    put_text(&b->put, direction_name(a->direction));
    put_text(&b->put, ", ");
    put_counted(&b->put, a->transfers, "transfer");
    for (size_t i = 0; i < shown; i++) {
        put_text(&b->put, i > 0 ? "; " : ": ");
        escape_put(&b->put, ESCAPE_PLAIN, a->documents[i], LIMIT_TRAIL);
    }
    more(b, a->document_count - shown + a->document_more);
    say(b, "how");
}

static void not_seen(struct block *b, const struct alert *a)
{
    if (a->missing_bytes > 0) {
        put_counted(&b->put, a->missing_bytes, "byte");
        put_text(&b->put, " missing from the capture");
    }
    for (size_t i = 0; i < a->unread_count; i++) {
        put_text(&b->put, b->text.len > 0 ? ", " : "");
        put_counted(&b->put, a->unread[i].bytes, "byte");
        put_text(&b->put, " of ");
        name(b, a->unread[i].kind);
        put_text(&b->put, " not read: ");
        put_text(&b->put, why_name(a->unread[i].why));
    }
    if (a->customers_estimated > a->customers) {
        put_text(&b->put, b->text.len > 0 ? "; " : "");
        put_text(&b->put, "about ");
        put_counted(&b->put, a->customers_estimated, "customer");
        put_text(&b->put, " with what was not seen");
    }
    if (b->text.len == 0)
        put_text(&b->put, "nothing: all of it was seen and read");
    say(b, "not seen");
    for (unsigned i = 0; i < ANOMALIES; i++) {
        if (!(a->anomalies & (UINT32_C(1) << i)))
            continue;
        put_text(&b->put, b->text.len > 0 ? ", " : "");
        put_text(&b->put, anomaly_name((enum anomaly)i));
    }
    if (b->text.len > 0)
        say(b, "odd");
}

static void where(struct block *b, const struct alert *a,
                  const struct run_info *run)
{
    size_t shown = a->evidence_count < SHOWN ? a->evidence_count : SHOWN;

    for (size_t i = 0; i < shown; i++) {
        const struct alert_evidence *e = &a->evidence[i];
        put_text(&b->put, i > 0 ? "; " : "");
        if (e->capture < run->capture_count)
            escape_put(&b->put, ESCAPE_PLAIN, run->captures[e->capture],
                       ESCAPE_LONGEST);
        put_text(&b->put, " packets ");
        put_count(&b->put, e->first_packet);
        put_text(&b->put, " to ");
        put_count(&b->put, e->last_packet);
    }
    more(b, a->evidence_count - shown + a->evidence_more);
    if (b->text.len > 0)
        say(b, "where");
    put_text(&b->put, a->id);
    say(b, "id");
}

static bool table_alert(const struct alert *a, const struct run_info *run,
                        struct buf *out)
{
    struct block b = {.out = put_to(out)};

    buf_init(&b.text, LIMIT_ALERT);
    b.put = put_to(&b.text);
    title(&b, a);
    who(&b, a);
    whose(&b, a);
    to_whom(&b, a);
    when(&b, a);
    how(&b, a);
    not_seen(&b, a);
    where(&b, a, run);
    put_byte(&b.out, '\n');
    buf_clear(&b.text);
    return b.out.ok && b.put.ok;
}

/* What of the payload nobody looked into, by reason. */
static void put_unread(struct put *p, const struct counters *c)
{
    bool any = false;

    for (unsigned i = WHY_NONE + 1; i < WHY_REASONS; i++) {
        if (c->unread[i] == 0)
            continue;
        put_text(p, any ? ", " : "not read: ");
        any = true;
        put_text(p, why_name((enum why)i));
        put_byte(p, ' ');
        put_counted(p, c->unread[i], "byte");
    }
    put_text(p, any ? "; " : "");
    put_text(p, "missing: ");
    put_counted(p, c->missing_bytes, "byte");
    put_byte(p, '\n');
}

static bool table_end(size_t alerts, const struct counters *c, struct buf *out)
{
    struct put p = put_to(out);
    uint64_t skipped = c->packets - c->packets_used;

    put_counted(&p, alerts, "alert");
    put_text(&p, "; ");
    put_counted(&p, c->packets, "packet");
    put_text(&p, ", ");
    put_counted(&p, c->flows, "flow");
    put_text(&p, ", ");
    put_counted(&p, c->records, "customer record");
    put_byte(&p, '\n');
    put_count(&p, c->inspected_bytes);
    put_text(&p, " of ");
    put_count(&p, c->payload_bytes);
    put_text(&p, " payload bytes read; ");
    put_unread(&p, c);
    if (c->packets_used < c->packets) {
        put_counted(&p, skipped, "packet");
        put_text(&p, " skipped:");
        for (unsigned i = SKIP_NONE + 1; i < SKIP_REASONS; i++) {
            if (c->packets_skipped[i] == 0)
                continue;
            put_byte(&p, ' ');
            put_text(&p, skip_name((enum skip)i));
            put_byte(&p, ' ');
            put_count(&p, c->packets_skipped[i]);
        }
        put_byte(&p, '\n');
    }
    return p.ok;
}

/* One line: "HIGH  interface span0 is down  2011-08-05 01:02:03 UTC". */
static bool table_event(const struct event *e, const struct run_info *run,
                        struct buf *out)
{
    struct put p = put_to(out);
    char time[CLOCK_TEXT];

    (void)run;
    put_text(&p, loud[event_severity(e->kind)]);
    put_text(&p, "  ");
    words_event(&p, ESCAPE_PLAIN, e);
    put_text(&p, "  ");
    put_text(&p, clock_text(e->time_ns, time));
    return p.ok;
}

const struct output_format output_table = {
    .name = "table",
    .alert = table_alert,
    .event = table_event,
    .end = table_end,
};
