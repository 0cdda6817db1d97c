// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_alloc.c - every writer when the n-th allocation fails, for every n.
 *
 * The linker sends our allocations here (--wrap). Each job runs with the
 * n-th one failing, once and from then on always, until it needs fewer than
 * n: it must say that it failed, and leak nothing (the address sanitizer
 * looks).
 */
#include "fixture.h"
#include "receiver.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);

static struct {
    bool armed;    /* allocations are counted */
    bool always;   /* all from the n-th on fail */
    unsigned left; /* allocations that still succeed */
    bool failed;   /* at least one did not */
} sweep;

static bool refuse(void)
{
    if (!sweep.armed)
        return false;
    if (sweep.left > 0) {
        sweep.left--;
        return false;
    }
    if (sweep.failed && !sweep.always)
        return false;
    sweep.failed = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return refuse() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refuse() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return refuse() ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
    return refuse() ? NULL : __real_reallocarray(old, count, size);
}

static struct receiver receiver;
static char table[FILE_PATH], list[FILE_PATH];
static struct keyed *key;

static bool write_as(const char *format)
{
    struct alert a = fixture_alert();
    struct buf out;

    buf_init(&out, LIMIT_ALERT);
    bool ok =
        output_format_find(span_of(format))->alert(&a, &fixture_run, &out);
    buf_clear(&out);
    return ok;
}

static bool job_table(void)
{
    return write_as("table");
}

static bool job_json(void)
{
    return write_as("json");
}

static bool job_cef(void)
{
    return write_as("cef");
}

static bool job_list(void)
{
    static const char *const names[] = {"taro"};
    const struct affected c = {.mask = "***",
                               .employees = names,
                               .employee_count = 1,
                               .parties = names,
                               .party_count = 1};
    struct buf out;

    buf_init(&out, LIMIT_ALERT);
    bool ok = list_header(&out) && list_line(&c, &out);
    buf_clear(&out);
    return ok;
}

static bool job_stats(void)
{
    static const struct counters c;
    const struct run_totals t = {0};
    struct buf out;

    buf_init(&out, LIMIT_ALERT);
    bool ok = stats_write(&c, &t, &out) && metrics_write(&c, &t, &out);
    buf_clear(&out);
    return ok;
}

static bool job_syslog(void)
{
    const struct output_settings to = {.path = receiver.path};
    struct problems problems = {0};
    struct alert a = fixture_alert();
    struct syslog *s = syslog_open(&to, &fixture_run, &problems);
    bool ok = s && syslog_send(s, &a) == ERR_OK;

    syslog_close(s);
    problems_clear(&problems);
    if (ok)
        (void)receiver_read(&receiver, receiver.fd);
    return ok;
}

static bool job_join(void)
{
    static char phone[] = "phone";
    struct schema_column column = {.name = phone, .type = FIELD_PHONE};
    const struct schema schema = {.columns = &column, .column_count = 1};
    const struct join_settings settings = {key, &schema, table, list};
    struct problems problems = {0};
    struct join_result result;
    FILE *out = fopen("/dev/null", "w");
    bool ok = list_join(&settings, out, &result, &problems) == ERR_OK &&
              result.matched == 1;

    problems_clear(&problems);
    fclose(out);
    return ok;
}

static void sweep_job(bool (*job)(void), bool always)
{
    for (unsigned n = 0; n < 1000; n++) {
        sweep.left = n;
        sweep.always = always;
        sweep.failed = false;
        sweep.armed = true;
        bool ok = job();
        sweep.armed = false;
        if (!sweep.failed) {
            assert_true(ok);
            assert_true(n > 0);
            return;
        }
        assert_false(ok);
    }
    fail_msg("%s", "a job that never gets enough memory");
}

static void test_every_allocation_may_fail(void **state)
{
    bool (*const jobs[])(void) = {job_table, job_json,   job_cef, job_list,
                                  job_stats, job_syslog, job_join};

    (void)state;
    for (size_t i = 0; i < COUNT(jobs); i++) {
        sweep_job(jobs[i], false);
        sweep_job(jobs[i], true);
    }
}

static void make_files(void)
{
    const uint8_t bytes[KEY_BYTES] = {1};
    const struct field field = {FIELD_PHONE, PROOF_HEADER,
                                SPAN("03-1234-5678")};
    struct record r = {0};
    struct buf out;

    key = keyed_new(bytes);
    assert_true(customer_record(key, &field, 1, &r));
    const struct affected c = {
        .name = r.name, .mask = r.mask, .fields = r.fields};
    buf_init(&out, LIMIT_ALERT);
    assert_true(list_header(&out) && list_line(&c, &out));
    file_make(list, buf_span(&out));
    buf_clear(&out);
    /* Kanji in CP932: the row is converted */
    file_make(table, SPAN("phone,x\n03-1234-5678,\x95\x5C\n"));
    receiver_unix(&receiver, SOCK_DGRAM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_may_fail)};

    make_files();
    int failed = cmocka_run_group_tests_name("output/alloc", tests, NULL, NULL);
    receiver_close(&receiver);
    (void)unlink(table);
    (void)unlink(list);
    keyed_free(key);
    return failed;
}
