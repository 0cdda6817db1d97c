// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * words.c - texts numbered from 0, each kept once, in an open hash table.
 *
 * It must not know what the words mean.
 */
#include "identity/words.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"

enum { FIRST_SLOTS = 64, FIRST_ROOM = 1024 };

static uint64_t hash_of(struct span word)
{
    const struct hash_key key = hash_key_from(1);

    return hash_bytes(&key, word);
}

/* The slot that holds word, or the free one where it would go. */
static uint32_t slot_of(const struct words *w, struct span word)
{
    uint32_t slot = (uint32_t)hash_of(word) & (w->size - 1);

    while (w->slots[slot] != 0) {
        const char *have = words_at(w, w->slots[slot] - 1);
        if (strlen(have) == word.len &&
            (word.len == 0 || memcmp(have, word.ptr, word.len) == 0))
            break;
        slot = (slot + 1) & (w->size - 1);
    }
    return slot;
}

/* Twice the slots, every word in its place. */
static bool grow_slots(struct words *w)
{
    uint32_t size = w->size ? 2 * w->size : FIRST_SLOTS;
    uint32_t *slots = calloc(size, sizeof(*slots));

    if (!slots)
        return false;
    free(w->slots);
    w->slots = slots;
    w->size = size;
    for (uint32_t i = 0; i < w->count; i++)
        w->slots[slot_of(w, span_of(words_at(w, i)))] = i + 1;
    return true;
}

/* Room for len more bytes of text. */
static bool grow_text(struct words *w, size_t len)
{
    size_t room = w->room ? w->room : FIRST_ROOM;

    if (w->room - w->len >= len)
        return true;
    while (room - w->len < len)
        room *= 2;
    char *text = realloc(w->text, room);
    if (!text)
        return false;
    w->text = text;
    w->room = room;
    return true;
}

/* Room for one more word of len bytes. */
static bool grow(struct words *w, size_t len)
{
    if (w->count == UINT32_MAX - 1 || !grow_text(w, len + 1))
        return false;
    if (w->count >= w->size / 2 && !grow_slots(w))
        return false;
    if ((w->count & (w->count - 1)) != 0)
        return true; /* at has room up to the next power of two */
    size_t *at =
        realloc(w->at, (w->count ? 2 * (size_t)w->count : 1) * sizeof(*at));
    if (!at)
        return false;
    w->at = at;
    return true;
}

uint32_t words_put(struct words *w, struct span word)
{
    uint32_t known = words_find(w, word);

    if (known != WORD_NONE)
        return known;
    if (!grow(w, word.len))
        return WORD_NONE;

    w->at[w->count] = w->len;
    if (word.len > 0)
        memcpy(w->text + w->len, word.ptr, word.len);
    w->text[w->len + word.len] = '\0';
    w->len += word.len + 1;
    w->slots[slot_of(w, word)] = w->count + 1;
    return w->count++;
}

uint32_t words_find(const struct words *w, struct span word)
{
    if (w->size == 0)
        return WORD_NONE;
    uint32_t slot = w->slots[slot_of(w, word)];
    return slot ? slot - 1 : WORD_NONE;
}

const char *words_at(const struct words *w, uint32_t i)
{
    return w->text + w->at[i];
}

void words_clear(struct words *w)
{
    free(w->text);
    free(w->at);
    free(w->slots);
    *w = (struct words){0};
}
