// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * host.c - hosts and domains as the wire writes them, made comparable.
 *
 * It must not resolve names: the sensor speaks to nobody.
 */
#include <string.h>

#include "identity/identity.h"

/* The inside of "[...]", or text without ":port". */
static struct span without_port(struct span text)
{
    if (span_starts(text, SPAN("[")))
        return span_slice(text, 1, span_find(text, ']'));

    size_t colon = span_find(text, ':');
    struct span behind = span_skip(text, colon + 1);
    if (span_find(behind, ':') < behind.len)
        return text; /* a bare IPv6 address */
    return span_head(text, colon);
}

bool host_read(struct span text, struct host *out)
{
    char address[ADDR_TEXT];

    *out = (struct host){0};
    text = without_port(span_trim(text));
    if (span_starts_nocase(text, SPAN("ipv6:"))) /* RFC 5321 4.1.3 */
        text = span_skip(text, 5);
    if (addr_parse(text, &out->addr)) {
        out->literal = true;
        snprintf(out->name, sizeof(out->name), "%s",
                 addr_text(&out->addr, address));
        return true;
    }
    while (text.len > 0 && text.ptr[text.len - 1] == '.')
        text.len--;
    people_lower(text, out->name, sizeof(out->name) - 1);
    return out->name[0] != '\0';
}

uint32_t domain_find(const struct words *words, const char *name)
{
    while (name) {
        uint32_t found = words_find(words, span_of(name));
        if (found != WORD_NONE)
            return found;
        const char *dot = strchr(name, '.');
        name = dot ? dot + 1 : NULL;
    }
    return WORD_NONE;
}
