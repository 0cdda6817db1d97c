// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * incidents.c - a table of incidents, and the life of one.
 *
 *     nothing -> open -> update ... -> final -> update -> final
 *
 * It must not look at a ledger.
 */
#include "judging/incidents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t SECOND = 1000000000;

enum { FIRST_ROOM = 64 };

void incidents_init(struct incidents *all)
{
    *all = (struct incidents){.key = hash_key_new()};
}

static void told_free(struct incident_told *told)
{
    free(told->rule);
    free(told->subject);
    free(told->home);
    free(told);
}

void incidents_forget(struct incidents *all)
{
    for (size_t i = 0; i < all->room; i++) {
        while (all->table[i]) {
            struct incident_told *told = all->table[i];
            all->table[i] = told->next;
            told_free(told);
        }
    }
    free(all->table);
    incidents_init(all);
}

/* Among room slots: all->room of them, or more to come. */
static size_t slot_of(const struct incidents *all, const char *rule,
                      const char *subject, size_t room)
{
    uint64_t hash = hash_mix(&all->key, hash_bytes(&all->key, span_of(rule)),
                             hash_bytes(&all->key, span_of(subject)));

    return (size_t)hash & (room - 1);
}

static bool grow(struct incidents *all)
{
    size_t room = all->room > 0 ? all->room * 2 : FIRST_ROOM;
    struct incident_told **table;

    if (all->count < all->room)
        return true;
    table = calloc(room, sizeof(struct incident_told *));
    if (!table)
        return false;
    for (size_t i = 0; i < all->room; i++) {
        while (all->table[i]) {
            struct incident_told *told = all->table[i];
            size_t to = slot_of(all, told->rule, told->subject, room);
            all->table[i] = told->next;
            told->next = table[to];
            table[to] = told;
        }
    }
    free(all->table);
    all->table = table;
    all->room = room;
    return true;
}

bool incidents_add(struct incidents *all, const struct incident_told *told)
{
    struct incident_told *copy = grow(all) ? malloc(sizeof(*copy)) : NULL;
    size_t slot;

    if (!copy)
        return false;
    *copy = *told;
    copy->rule = strdup(told->rule);
    copy->subject = strdup(told->subject);
    copy->home = told->home ? strdup(told->home) : NULL;
    if (!copy->rule || !copy->subject || (told->home && !copy->home)) {
        told_free(copy);
        return false;
    }
    slot = slot_of(all, copy->rule, copy->subject, all->room);
    copy->next = all->table[slot];
    all->table[slot] = copy;
    all->count++;
    return true;
}

void incidents_remove(struct incidents *all, struct incident_told *told)
{
    size_t slot = slot_of(all, told->rule, told->subject, all->room);
    struct incident_told **at = &all->table[slot];

    while (*at != told)
        at = &(*at)->next;
    *at = told->next;
    all->count--;
    told_free(told);
}

void incidents_each(struct incidents *all,
                    bool (*keep)(void *ctx, struct incident_told *told),
                    void *ctx)
{
    for (size_t i = 0; i < all->room; i++) {
        for (struct incident_told *told = all->table[i], *next; told;
             told = next) {
            next = told->next;
            if (!keep(ctx, told))
                incidents_remove(all, told);
        }
    }
}

/* Two incidents of one subject lie at least a window apart. */
static bool is_same(const struct incident_told *told, const struct judged *is)
{
    return strcmp(told->rule, is->rule->id) == 0 &&
           strcmp(told->subject, is->subject) == 0 && told->flow == is->flow &&
           is->start_ns - told->now.end_ns < told->within_ns &&
           told->now.start_ns - is->end_ns < told->within_ns;
}

static struct incident_told *seek(const struct incidents *all,
                                  const struct judged *is,
                                  struct incident_told **lost)
{
    struct incident_told *found = NULL;
    size_t slot = slot_of(all, is->rule->id, is->subject, all->room);

    for (struct incident_told *told = all->table[slot]; told;
         told = told->next) {
        if (!is_same(told, is))
            continue;
        if (found)
            *lost = found->now.start_ns <= told->now.start_ns ? told : found;
        if (!found || told->now.start_ns < found->now.start_ns)
            found = told;
    }
    return found;
}

struct incident_told *incidents_find(struct incidents *all,
                                     const struct judged *is,
                                     struct incident_told **lost)
{
    struct incident_told told = {.flow = is->flow,
                                 .within_ns = is->rule->within_ns,
                                 .moved_ns = is->end_ns,
                                 .update_ns = INT64_MIN,
                                 .unsaved = true};
    struct incident_told *found;

    *lost = NULL;
    if (!grow(all))
        return NULL;
    found = seek(all, is, lost);
    if (found)
        return found;
    if (told.within_ns <= 0)
        told.within_ns = 86400 * SECOND;
    told.rule = is->rule->id;
    told.subject = (char *)(uintptr_t)is->subject;
    told.now.start_ns = is->start_ns;
    told.now.end_ns = is->end_ns;
    snprintf(told.id, sizeof(told.id), "%s", is->id);
    return incidents_add(all, &told) ? seek(all, is, lost) : NULL;
}

void incident_note(struct incident_told *told, const struct judged *is,
                   int64_t now_ns)
{
    const struct extent now = {is->start_ns, is->end_ns, is->customers,
                               is->records,  is->bytes,  is->fields,
                               is->parties};
    struct extent *was = &told->now;

    told->seen = true;
    if (told->sequence == 0 || now.end_ns > was->end_ns)
        told->moved_ns = now.end_ns;
    else if (now.start_ns != was->start_ns || now.records != was->records ||
             now.customers != was->customers || now.bytes != was->bytes)
        told->moved_ns = now_ns;
    else
        return;
    told->stirred = true;
    told->unsaved = true;
    *was = now;
}

/* Is that news, or just more of the same? */
static bool has_grown(const struct incident_told *told)
{
    const struct extent *now = &told->now, *said = &told->said;

    return (now->customers >= 2 * said->customers && now->customers > 0) ||
           (now->bytes >= 2 * said->bytes && now->bytes > 0) ||
           (now->fields & ~said->fields) != 0 || now->parties > said->parties;
}

/* Behind a final all that comes is news: it was said that nothing would. */
static bool wants_update(const struct incident_told *told)
{
    return told->stirred && (told->status == ALERT_FINAL || has_grown(told));
}

static int64_t update_due(const struct incident_told *told)
{
    if (!wants_update(told))
        return INT64_MAX;
    return told->update_ns == INT64_MIN
               ? INT64_MIN
               : told->update_ns + INCIDENT_UPDATE_S * SECOND;
}

static int64_t final_due(const struct incident_told *told)
{
    if (told->status == ALERT_FINAL)
        return INT64_MAX;
    return told->moved_ns + INCIDENT_FINAL_S * SECOND;
}

enum incident_step incident_step(const struct incident_told *told,
                                 int64_t now_ns)
{
    if (told->sequence == 0)
        return STEP_OPEN;
    if (now_ns >= final_due(told))
        return STEP_FINAL;
    return now_ns >= update_due(told) ? STEP_UPDATE : STEP_NONE;
}

int64_t incident_due(const struct incident_told *told)
{
    int64_t update = update_due(told), final = final_due(told);

    if (told->sequence == 0)
        return INT64_MIN;
    return update < final ? update : final;
}

void incident_said(struct incident_told *told, enum alert_status status,
                   int64_t now_ns)
{
    told->sequence++;
    told->status = status;
    told->said = told->now;
    told->stirred = false;
    told->unsaved = true;
    if (status == ALERT_UPDATE)
        told->update_ns = now_ns;
}
