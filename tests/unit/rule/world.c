// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * world.c - exposures written as lines, and verdicts written as lines.
 *
 * It must not judge anything itself.
 */
#include "rule/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/ledger.h"
#include "outflow/pack.h"

enum { PARTIES = 110, TO = 130, NAME_CLASSES = 5 };

#define SCRAMBLE   UINT64_C(0x9E3779B97F4A7C15)
#define UNSCRAMBLE UINT64_C(0xF1DE83E19937733D) /* its inverse mod 2^64 */

struct batch {
    struct exposure e;
    struct resolved who;
    struct party parties[PARTIES];
    const char *to[TO];
    struct exposed_unread unread[LIMIT_BATCH_UNREAD];
    struct record *records; /* owned */
    size_t room;
    char *text; /* owned copy of the line */
    double step, span;
};

static const struct letter {
    char letter;
    int8_t kind; /* enum name_kind, -1: a type alone */
    uint8_t class;
    uint32_t fields;
} letters[] = {
    {'a', NAME_ACCOUNT, 1, FIELD_BIT(FIELD_ACCOUNT_NUMBER)},
    {'k', NAME_CARD, 1, FIELD_BIT(FIELD_CARD_NUMBER)},
    {'i', NAME_NATIONAL_ID, 2, FIELD_BIT(FIELD_NATIONAL_ID)},
    {'s', NAME_ACCOUNT_SHAPE, 1, FIELD_BIT(FIELD_ACCOUNT_NUMBER)},
    {'e', NAME_EMAIL, 3, FIELD_BIT(FIELD_EMAIL)},
    {'p', NAME_PHONE, 4, FIELD_BIT(FIELD_PHONE)},
    {'b', NAME_BIRTH, 5,
     FIELD_BIT(FIELD_PERSON_NAME) | FIELD_BIT(FIELD_DATE_OF_BIRTH)},
    {'N', -1, 0, FIELD_BIT(FIELD_PERSON_NAME)},
    {'A', -1, 0, FIELD_BIT(FIELD_ADDRESS)},
    {'G', -1, 0, FIELD_BIT(FIELD_GENDER)},
    {'O', -1, 0, FIELD_BIT(FIELD_OTHER)},
    {'P', -1, 0, FIELD_BIT(FIELD_PIN)},
};

static uint64_t pseudonym(unsigned class, uint64_t number)
{
    return ((uint64_t) class << 48 | number) * SCRAMBLE;
}

const char *world_name(uint64_t value, char out[32])
{
    static const char first[NAME_CLASSES + 1] = "aiepb";
    uint64_t plain = value * UNSCRAMBLE;

    snprintf(out, 32, "%c%llu", first[(plain >> 48) - 1],
             (unsigned long long)(plain & 0xFFFFFFFFFFFF));
    return out;
}

static double seconds(const char *text)
{
    char *end;
    double s = strtod(text, &end);

    switch (*end) {
    case 'm':
        return s * 60;
    case 'h':
        return s * 3600;
    case 'd':
        return s * 86400;
    default:
        return s;
    }
}

static int64_t nanoseconds(double s)
{
    return (int64_t)llround(s * 1e9);
}

static void copy_name(char *to, size_t room, const char *text)
{
    assert_true(strlen(text) < room);
    memcpy(to, text, strlen(text) + 1);
}

/* An address of its own for a name: 10.0.x.y or 203.0.x.y. */
static struct addr addr_of(const char *name, uint8_t first)
{
    uint8_t bytes[4] = {first, 0, 0, 1};
    struct addr addr;

    if (addr_parse(span_of(name), &addr))
        return addr;
    for (; *name != '\0'; name++) {
        bytes[3] = (uint8_t)(bytes[3] * 31 + *name);
        bytes[2] = (uint8_t)(bytes[2] * 7 + *name);
    }
    return addr_v4(bytes);
}

static void read_sender(struct batch *b, char *text)
{
    char *group;

    b->who.sender_inside = text[0] != '*';
    text += text[0] == '*';
    group = strchr(text, '/');
    if (group)
        *group++ = '\0';
    b->who.known = text[0] < '0' || text[0] > '9';
    b->who.from = b->who.known ? IDENTITY_IP : IDENTITY_ADDRESS;
    copy_name(b->who.employee, sizeof(b->who.employee), text);
    copy_name(b->who.group, sizeof(b->who.group),
              group ? group : (b->who.known ? "employees" : "unknown"));
    b->who.sender = addr_of(text, 10);
}

static void read_party(struct batch *b, char *text)
{
    struct party *p = &b->parties[b->who.party_count++];
    char *partner = strchr(text, '@');
    size_t len = strlen(text);

    assert_true(b->who.party_count <= PARTIES);
    p->by_name_only = text[len - 1] == '^';
    p->inside = text[len - 1] == '!';
    if (p->by_name_only || p->inside)
        text[len - 1] = '\0';
    p->partner = partner ? atoi(partner + 1) : -1;
    if (partner)
        *partner = '\0';
    copy_name(p->name, sizeof(p->name), text);
    p->has_domain = text[0] < '0' || text[0] > '9';
    p->addr = addr_of(text, 203);
    if (b->who.sender_inside)
        p->direction = p->inside ? DIRECTION_INTERNAL : DIRECTION_OUTBOUND;
    else
        p->direction = p->inside ? DIRECTION_INBOUND : DIRECTION_EXTERNAL;
}

static void add_unread(struct batch *b, const char *kind, enum why why,
                       const char *bytes)
{
    struct exposed_unread *u = &b->unread[b->e.unread_count++];

    copy_name(u->kind, sizeof(u->kind), kind);
    u->why = why;
    u->object = strcmp(kind, "tls") != 0;
    u->bytes = strtoull(bytes, NULL, 10);
}

static void read_mail(struct batch *b, char *text)
{
    char *to = strchr(text, '>'), *one;

    assert_non_null(to);
    *to++ = '\0';
    b->e.mail_from = text;
    while ((one = strsep(&to, ";")) != NULL)
        b->to[b->e.mail_to_count++] = one;
    b->e.mail_to = b->to;
}

/* Options that are a number of the exposure. */
static bool read_number(struct batch *b, const char *key, const char *value)
{
    uint64_t n = value ? strtoull(value, NULL, 10) : 0;
    const char *dash = value ? strchr(value, '-') : NULL;

    if (strcmp(key, "flow") == 0)
        b->e.flow = n;
    else if (strcmp(key, "x") == 0)
        b->e.transfer = (uint32_t)n;
    else if (strcmp(key, "b") == 0)
        b->e.batch = (uint32_t)n;
    else if (strcmp(key, "read") == 0)
        b->e.part_read = n;
    else if (strcmp(key, "missing") == 0)
        b->e.part_missing = n;
    else if (strcmp(key, "lack") == 0)
        b->e.stream_missing = n;
    else if (strcmp(key, "cap") == 0)
        b->e.capture = (uint32_t)n;
    else if (strcmp(key, "pkt") == 0) {
        b->e.first_packet = n;
        b->e.last_packet = dash ? strtoull(dash + 1, NULL, 10) : n;
    } else
        return false;
    return true;
}

static void read_option(struct batch *b, char *text)
{
    char *value = strchr(text, '=');

    if (value)
        *value++ = '\0';
    if (read_number(b, text, value))
        return;
    if (strcmp(text, "sep") == 0)
        b->e.separate = true;
    else if (strcmp(text, "odd") == 0)
        b->e.anomalies = 1u << ANOMALY_OVERLAP;
    else if (strcmp(text, "tls") == 0 || strcmp(text, "zip") == 0)
        add_unread(b, text, WHY_ENCRYPTED, value);
    else if (strcmp(text, "limit") == 0)
        add_unread(b, "gzip", WHY_LIMIT, value);
    else if (strcmp(text, "trail") == 0)
        b->e.trail = value;
    else if (strcmp(text, "file") == 0)
        b->e.file = value;
    else if (strcmp(text, "mail") == 0)
        read_mail(b, value);
    else if (strcmp(text, "step") == 0)
        b->step = seconds(value);
    else if (strcmp(text, "span") == 0)
        b->span = seconds(value);
    else
        fail_msg("unknown option %s", text);
}

static const struct letter *letter_of(char c)
{
    for (size_t i = 0; i < COUNT(letters); i++) {
        if (letters[i].letter == c)
            return &letters[i];
    }
    fail_msg("unknown letter %c", c);
    return NULL;
}

static struct record *add_record(struct batch *b)
{
    if (b->e.record_count == b->room) {
        b->room = b->room > 0 ? b->room * 2 : 16;
        b->records = realloc(b->records, b->room * sizeof(*b->records));
        assert_non_null(b->records);
    }
    struct record *r = &b->records[b->e.record_count++];
    *r = (struct record){.rows = 1};
    return r;
}

static void add_name(struct record *r, const struct letter *l, uint64_t number)
{
    struct name name = {pseudonym(l->class, number), (uint8_t)l->kind};

    if (r->name.pseudonym == 0) {
        r->name = name;
        snprintf(r->mask, sizeof(r->mask), "%c***%02u", l->letter,
                 (unsigned)(number % 100));
    } else {
        assert_true(r->weaker_count < RECORD_WEAKER);
        r->weaker[r->weaker_count++] = name;
    }
}

/* The n-th record of a range; false past its end. */
static bool read_record(struct batch *b, const char *text, uint64_t n)
{
    struct record *r = add_record(b);
    double at = (double)(b->e.record_count - 1) * b->step;
    bool more = n == 0;
    char *end;

    while (*text != '\0') {
        const struct letter *l = letter_of(*text++);
        uint64_t from = strtoull(text, &end, 10), to = from;
        if (*end == '-')
            to = strtoull(end + 1, &end, 10);
        more |= from + n <= to && from != to;
        r->fields |= l->fields;
        if (l->kind >= 0)
            add_name(r, l, from + (to > from ? n : 0));
        text = end;
        if (*text == '*')
            r->rows = (uint32_t)strtoull(text + 1, &end, 10);
        text = end + (*end == '+');
    }
    r->first.time_ns = b->e.time_ns + nanoseconds(at);
    r->last.time_ns = r->first.time_ns + nanoseconds(b->span);
    if (!more)
        b->e.record_count--;
    return more;
}

static char *next_word(char **rest)
{
    char *word = strsep(rest, " ");

    while (word && *word == '\0')
        word = strsep(rest, " ");
    assert_non_null(word);
    return word;
}

static struct batch *read_line(const char *line, size_t len, size_t number)
{
    struct batch *b = calloc(1, sizeof(*b));
    char *rest, *word, *list;

    assert_non_null(b);
    b->text = strndup(line, len);
    rest = b->text;
    b->e.flow = number;
    b->e.proto = 6;
    b->e.first_packet = b->e.last_packet = number;
    b->e.trail = b->e.file = b->e.user = b->e.host = b->e.mail_from = "";
    b->e.time_ns = nanoseconds(seconds(next_word(&rest)));
    read_sender(b, next_word(&rest));
    assert_string_equal(next_word(&rest), ">");
    list = next_word(&rest);
    while ((word = strsep(&list, ",")) != NULL)
        read_party(b, word);
    b->e.channel = next_word(&rest);
    while (rest && (word = next_word(&rest))[0] != ':')
        read_option(b, word);
    while (rest && (word = strsep(&rest, " ")) != NULL) {
        for (uint64_t n = 0; *word != '\0' && read_record(b, word, n); n++)
            continue;
    }
    b->e.addr[0] = b->who.sender;
    b->e.addr[1] = b->parties[0].addr;
    b->e.port[0] = (uint16_t)(40000 + b->e.flow);
    b->e.port[1] = 80;
    b->who.parties = b->parties;
    b->e.records = b->records;
    b->e.unread = b->unread;
    return b;
}

void world_read(struct world *w, const char *lines)
{
    size_t number = 0;

    *w = (struct world){.batches = calloc(4096, sizeof(*w->batches))};
    assert_non_null(w->batches);
    while (*lines != '\0') {
        size_t len = strcspn(lines, "\n");
        number++;
        if (len > 0) {
            assert_true(w->count < 4096);
            w->batches[w->count++] = read_line(lines, len, number);
        }
        lines += len + (lines[len] == '\n');
    }
}

void world_clear(struct world *w)
{
    for (size_t i = 0; i < w->count; i++) {
        free(w->batches[i]->text);
        free(w->batches[i]->records);
        free(w->batches[i]);
    }
    free(w->batches);
}

const struct exposure *world_batch(const struct world *w, size_t i,
                                   const struct resolved **who)
{
    *who = &w->batches[i]->who;
    return &w->batches[i]->e;
}

enum err world_add(const struct world *w, size_t i, struct ledger *l)
{
    return ledger_add(l, &w->batches[i]->e, &w->batches[i]->who);
}

enum err world_add_both(const struct world *w, size_t i, struct ledger *all,
                        struct ledger *fresh)
{
    return ledger_add_both(all, fresh, &w->batches[i]->e, &w->batches[i]->who);
}

/* --- verdicts ---------------------------------------------------------- */

struct writer {
    struct buf *out;
    bool full;
    bool ok;
};

/* As lines write times: seconds, and their part when there is one. */
static void put_time(struct writer *w, int64_t t)
{
    int64_t part = t % 1000000000;

    w->ok &= part == 0 ? buf_printf(w->out, "%lld", (long long)(t / 1000000000))
                       : buf_printf(w->out, "%.3f", (double)t / 1e9);
}

static void put_number(struct writer *w, const char *name, uint64_t n)
{
    w->ok &= buf_printf(w->out, " %s=%llu", name, (unsigned long long)n);
}

static void put_parties(struct writer *w, const struct alert *a)
{
    w->ok &= buf_printf(w->out, " to=");
    for (size_t i = 0; i < a->party_count; i++) {
        w->ok &=
            buf_printf(w->out, "%s%s", i > 0 ? "," : "", a->parties[i].name);
        if (a->party_count > 1)
            w->ok &= buf_printf(w->out, ":%llu",
                                (unsigned long long)a->parties[i].customers);
    }
    if (a->party_more > 0)
        w->ok &= buf_printf(w->out, "+%zu", a->party_more);
}

static void put_unread(struct writer *w, const struct alert *a)
{
    for (size_t i = 0; i < a->unread_count; i++)
        w->ok &= buf_printf(w->out, " unread=%s:%s:%llu", a->unread[i].kind,
                            why_name(a->unread[i].why),
                            (unsigned long long)a->unread[i].bytes);
}

static void put_documents(struct writer *w, const struct alert *a)
{
    for (size_t i = 0; i < a->document_count; i++)
        w->ok &= buf_printf(w->out, " doc=%s", a->documents[i]);
    if (a->document_more > 0)
        put_number(w, "docs", a->document_count + a->document_more);
    if (a->file)
        w->ok &= buf_printf(w->out, " file=%s", a->file);
}

static void put_mail(struct writer *w, const struct alert *a)
{
    if (a->mail_from)
        w->ok &= buf_printf(w->out, " mail=%s>", a->mail_from);
    for (size_t i = 0; i < a->mail_to_count; i++)
        w->ok &= buf_printf(w->out, "%s%s", i > 0 ? ";" : "", a->mail_to[i]);
    if (a->mail_to_more > 0)
        put_number(w, "mails", a->mail_to_count + a->mail_to_more);
}

/* What short lines leave out. */
static void put_rest(struct writer *w, const struct alert *a)
{
    char text[ADDR_TEXT];

    for (unsigned i = 0; i < FIELD_TYPES; i++) {
        if (a->fields[i] > 0)
            put_number(w, field_name((enum field_type)i), a->fields[i]);
    }
    w->ok &= buf_printf(w->out, " id=%s source=%s:%u", a->id,
                        addr_text(&a->source, text), a->source_port);
    w->ok &= buf_printf(w->out, " destination=%s:%u %s",
                        addr_text(&a->destination, text), a->destination_port,
                        a->community_id);
    w->ok &= buf_printf(w->out, " user=%s group=%s domain=%s %d %d %s",
                        a->user ? a->user : "-", a->group,
                        a->domain ? a->domain : "-", (int)a->direction,
                        a->client_sends, a->channel);
    for (size_t i = 0; i < a->evidence_count; i++)
        w->ok &= buf_printf(w->out, " packets=%u:%llu-%llu:%s",
                            a->evidence[i].capture,
                            (unsigned long long)a->evidence[i].first_packet,
                            (unsigned long long)a->evidence[i].last_packet,
                            a->evidence[i].community_id);
    put_number(w, "evidence", a->evidence_more);
    put_number(w, "anomalies", a->anomalies);
}

static bool put_alert(void *ctx, const struct alert *a)
{
    struct writer *w = ctx;

    w->ok &= buf_printf(w->out, "%s [%s] ", a->rule->id, a->subject);
    put_time(w, a->start_ns);
    w->ok &= buf_printf(w->out, "..");
    put_time(w, a->end_ns);
    if (a->action == ACTION_UNREADABLE)
        put_number(w, "bytes", a->bytes);
    else
        put_number(w, "customers", a->customers);
    if (a->records != a->customers)
        put_number(w, "records", a->records);
    if (a->customers_estimated != a->customers)
        put_number(w, "estimated", a->customers_estimated);
    if (a->transfers != 1)
        put_number(w, "transfers", a->transfers);
    put_parties(w, a);
    put_documents(w, a);
    if (a->missing_bytes > 0)
        put_number(w, "missing", a->missing_bytes);
    put_unread(w, a);
    put_mail(w, a);
    if (a->partner)
        w->ok &= buf_printf(w->out, " partner=%s/%s", a->partner, a->clause);
    if (w->full)
        put_rest(w, a);
    w->ok &= buf_printf(w->out, "\n");
    return w->ok;
}

bool world_alert(const struct alert *a, struct buf *out)
{
    struct writer writer = {out, true, true};

    return put_alert(&writer, a);
}

static void put_texts(struct writer *w, const char *const *texts, size_t count)
{
    w->ok &= buf_printf(w->out, " ");
    for (size_t i = 0; i < count; i++)
        w->ok &= buf_printf(w->out, "%s%s", i > 0 ? "," : "", texts[i]);
}

static bool put_affected(void *ctx, const struct affected *c)
{
    struct writer *w = ctx;
    char name[32];

    w->ok &= buf_printf(w->out, "%s kind=%u %s records=%llu ",
                        world_name(c->name.pseudonym, name), c->name.kind,
                        c->mask, (unsigned long long)c->records);
    put_time(w, c->first_ns);
    w->ok &= buf_printf(w->out, "..");
    put_time(w, c->last_ns);
    put_texts(w, c->employees, c->employee_count);
    put_texts(w, c->parties, c->party_count);
    for (unsigned i = 0; i < FIELD_TYPES; i++) {
        if ((c->fields >> i & 1) != 0)
            w->ok &= buf_printf(w->out, " %s", field_name((enum field_type)i));
    }
    if (w->full)
        put_texts(w, c->alerts, c->alert_count);
    else
        put_number(w, "alerts", c->alert_count);
    w->ok &= buf_printf(w->out, "\n");
    return w->ok;
}

static bool put_nobody(void *ctx, const struct affected *c)
{
    (void)c;
    return ((struct writer *)ctx)->ok;
}

enum err world_judge(const struct judge_settings *settings, struct ledger *l,
                     bool full, struct buf *out)
{
    struct writer writer = {out, full, true};
    const struct verdict_sink sink = {&writer, put_alert,
                                      full ? put_affected : put_nobody};

    return judge_run(settings, l, &sink);
}
