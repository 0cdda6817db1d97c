// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * days.c - days that are put wait as blobs; what is loaded adds up.
 *
 * It must not know what is in a blob.
 */
#include "state/store.h"

#include <stdlib.h>
#include <string.h>

static struct waiting_day *add_waiting(struct state *st)
{
    size_t room = st->day_room > 0 ? st->day_room * 2 : 64;
    struct waiting_day *days;

    if (st->day_count < st->day_room)
        return &st->days[st->day_count++];
    days = reallocarray(st->days, room, sizeof(*days));
    if (!days)
        return NULL;
    st->days = days;
    st->day_room = room;
    return &st->days[st->day_count++];
}

/* Take the bytes of a packed day; false when there is no room to wait. */
static bool keep(struct state *st, const struct waiting_day *as,
                 const struct buf *blob)
{
    struct waiting_day *to;
    uint8_t *bytes;

    if (st->held + blob->len > st->memory)
        return false;
    bytes = malloc(blob->len);
    to = bytes ? add_waiting(st) : NULL;
    if (!to) {
        free(bytes);
        return false;
    }
    memcpy(bytes, blob->ptr, blob->len);
    *to = *as;
    to->blob = bytes;
    to->len = blob->len;
    st->held += blob->len;
    book_note_day(st, as->book, as->day);
    return true;
}

static enum err put_one(struct state *st, struct waiting_day *day,
                        struct ledger *fresh, const struct ledger_codec *codec)
{
    struct buf blob;
    size_t rows = 0;
    enum err err;

    buf_init(&blob, LIMIT_STATE_BLOB);
    err = day_fits(day->day)
              ? ledger_pack_day(fresh, day->day, codec, &blob, &rows)
              : ERR_LIMIT;
    day->rows = (uint32_t)rows;
    if (err == ERR_OK && !keep(st, day, &blob))
        err = ERR_LIMIT;
    if (err != ERR_OK) {
        st->health.lost_days++;
        st->health.lost_rows += rows;
    }
    buf_clear(&blob);
    return err;
}

enum err state_put(struct state *st, uint32_t book, struct ledger *fresh,
                   const struct ledger_codec *codec)
{
    int64_t *days;
    size_t count;
    enum err err = ledger_days(fresh, &days, &count);

    for (size_t i = 0; i < codec->partner_count; i++)
        (void)names_find(&st->partners, codec->partners[i].name);
    for (size_t i = 0; i < count; i++) {
        struct waiting_day day = {.book = book, .day = days[i]};
        enum err one = put_one(st, &day, fresh, codec);
        err = one != ERR_OK ? one : err;
    }
    free(days);
    return err;
}

static enum err load_waiting(struct state *st, uint32_t book,
                             const int64_t range[2], struct ledger *into,
                             const struct ledger_codec *codec)
{
    enum err err = ERR_OK;

    for (size_t i = 0; err == ERR_OK && i < st->day_count; i++) {
        const struct waiting_day *d = &st->days[i];
        if (d->book == book && d->day >= range[0] && d->day <= range[1])
            err = ledger_unpack(into, (struct span){d->blob, d->len}, codec);
    }
    return err;
}

static int64_t within(int64_t day)
{
    return day < -DAY_ZERO ? -DAY_ZERO : day >= DAY_ZERO ? DAY_ZERO - 1 : day;
}

enum err state_load(struct state *st, uint32_t book, const int64_t range[2],
                    struct ledger *into, const struct ledger_codec *codec)
{
    enum err err = ERR_OK, one;
    enum sql_step step = SQL_FAILED;

    sql_set(st->get_days, 1, day_row(book, within(range[0]), 0));
    sql_set(st->get_days, 2, day_row(book, within(range[1]), PARTS - 1));
    while ((step = sql_step(st->get_days)) == SQL_ROW) {
        one = ledger_unpack(into, sql_get_bytes(st->get_days, 2), codec);
        if (one == ERR_FORMAT) {
            st->health.lost_days++;
            st->health.lost_rows += (uint64_t)sql_get(st->get_days, 1);
        }
        err = one != ERR_OK ? one : err;
    }
    if (step == SQL_FAILED) {
        state_failed(st);
        err = ERR_IO;
    }
    one = load_waiting(st, book, range, into, codec);
    return one != ERR_OK ? one : err;
}

/* The part behind the newest of a day, or PARTS. -1: it failed. */
static int64_t next_part(struct state *st, uint32_t book, int64_t day)
{
    int64_t part = 0;
    enum sql_step step;

    sql_set(st->seek_part, 1, day_row(book, day, 0));
    sql_set(st->seek_part, 2, day_row(book, day, PARTS - 1));
    step = sql_step(st->seek_part);
    if (step == SQL_ROW)
        part = (sql_get(st->seek_part, 0) & (PARTS - 1)) + 1;
    sql_reset(st->seek_part);
    return step == SQL_FAILED ? -1 : part;
}

/* A day with two parts is to be joined some time. */
static bool note_loose(struct state *st, uint32_t book, int64_t day)
{
    const int64_t id = day_row(book, day, 0) >> PART_BITS;

    return sql_run(st->db, "INSERT OR IGNORE INTO loose VALUES (?)", &id, 1);
}

static bool write_one(struct state *st, const struct waiting_day *d)
{
    int64_t part = next_part(st, d->book, d->day);

    if (part == PARTS) {
        if (!days_join(st, d->book, d->day, true))
            return false;
        part = next_part(st, d->book, d->day);
    }
    if (part < 0 || part >= PARTS ||
        (part > 0 && !note_loose(st, d->book, d->day)))
        return false;
    sql_set(st->put_day, 1, day_row(d->book, d->day, (uint32_t)part));
    sql_set(st->put_day, 2, d->rows);
    sql_set_bytes(st->put_day, 3, (struct span){d->blob, d->len});
    return sql_step(st->put_day) == SQL_DONE;
}

bool days_write(struct state *st)
{
    bool ok = true;

    for (size_t i = 0; ok && i < st->day_count; i++)
        ok = write_one(st, &st->days[i]);
    return ok;
}

void days_forget(struct state *st, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        st->held -= st->days[i].len;
        free(st->days[i].blob);
    }
    st->day_count -= count;
    memmove(st->days, st->days + count, st->day_count * sizeof(*st->days));
}

void days_clear(struct state *st)
{
    for (size_t i = 0; i < st->day_count; i++)
        free(st->days[i].blob);
    free(st->days);
    st->days = NULL;
    st->day_count = st->day_room = 0;
}
