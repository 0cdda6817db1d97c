// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_links.c - capture/links.c: tenants, and going on behind fragments.
 */
#include "outflow/capture.h"
#include "peel_case.h"

#include "capture/links.h"

#define TAG(id)   "\x81\0" id
#define VXLAN(id) UDP("\x12\xb5", "\0\x3a") "\x08\0\0\0\0\0" id "\0"

static struct datagram peel(struct span frame, uint32_t link)
{
    struct packet p = {
        .link = link, .wire_len = (uint32_t)frame.len, .frame = frame};
    struct datagram d;

    assert_int_equal(links_peel(&p, &d), SKIP_NONE);
    return d;
}

static uint64_t tenant(struct span frame, uint32_t link)
{
    return peel(frame, link).tenant;
}

static void tenants_differ(void **state)
{
    (void)state;
    uint64_t seen[] = {
        tenant(SPAN(MACS IP4 DATA4), 1),
        tenant(SPAN(MACS TAG("\0\5") IP4 DATA4), 1),
        tenant(SPAN(MACS TAG("\0\6") IP4 DATA4), 1),
        tenant(SPAN(MACS TAG("\0\5") TAG("\0\6") IP4 DATA4), 1),
        tenant(SPAN(MACS TAG("\0\6") TAG("\0\5") IP4 DATA4), 1),
        tenant(SPAN(OUTER4("\x4e", UDP_) VXLAN("\5") MACS IP4 DATA4), 101),
        tenant(SPAN(OUTER4("\x4e", UDP_) VXLAN("\6") MACS IP4 DATA4), 101),
        tenant(SPAN(OUTER4("\x38", "\x2f") "\x20\0\x08\0\0\0\0\5" DATA4), 101),
        tenant(SPAN(OUTER4("\x38", "\x2f") "\x20\0\x08\0\0\0\0\6" DATA4), 101),
    };

    assert_int_equal(seen[0], 0);
    for (size_t i = 0; i < COUNT(seen); i++) {
        for (size_t j = i + 1; j < COUNT(seen); j++)
            assert_int_not_equal(seen[i], seen[j]);
    }
}

static void tenant_is_the_vlan(void **state)
{
    (void)state;
    uint64_t plain = tenant(SPAN(MACS TAG("\0\5") IP4 DATA4), 1);

    /* priority, kind of tag and frame around it make no other tenant */
    assert_int_equal(tenant(SPAN(MACS TAG("\xe0\5") IP4 DATA4), 1), plain);
    assert_int_equal(tenant(SPAN(MACS "\x88\xa8\0\5" IP4 DATA4), 1), plain);
    assert_int_equal(tenant(SPAN(MACS TAG("\0\0") TAG("\0\5") IP4 DATA4), 1),
                     plain);
    assert_int_equal(
        tenant(SPAN(OTHER_MACS "\x88\x47\0\1\1\x40\0\0\0\0" MACS TAG("\0\5")
                        IP4 DATA4),
               1),
        plain);
}

/* A GRE datagram, cut in two fragments and made whole by somebody. */
static void tunnel_behind_fragments(void **state)
{
    struct datagram first = peel(SPAN("\x45\0\0\x1c\0\7\x20\0\x40\x2f\0\0"
                                      "\xc0\0\2\1\xc0\0\2\2\0\0\x08\0\x45\0\0"
                                      "\x1c"),
                                 101);
    struct datagram inner;

    (void)state;
    assert_true(first.fragment && first.frag_more);
    first.payload = SPAN("\0\0\x08\0" DATA4);
    assert_int_equal(links_resume(&first, &inner), SKIP_NONE);
    assert_false(inner.fragment || inner.frag_more);
    assert_int_equal(inner.proto, 6);
    assert_int_equal(inner.depth, 1);
    assert_int_equal(inner.payload.len, 8);
    assert_memory_equal(inner.payload.ptr, DATA, 8);
}

static void whole_that_is_no_tunnel(void **state)
{
    struct datagram whole = peel(SPAN(DATA4), 101);
    struct datagram same;

    (void)state;
    whole.fragment = true;
    whole.frag_at = 16;
    whole.cut = 3;
    assert_int_equal(links_resume(&whole, &same), SKIP_NONE);
    assert_int_equal(same.proto, 6);
    assert_int_equal(same.cut, 3);
    assert_int_equal(same.frag_at, 0);
    assert_false(same.fragment);
    assert_ptr_equal(same.payload.ptr, whole.payload.ptr);
    assert_int_equal(same.payload.len, whole.payload.len);
}

static void whole_with_extension_headers(void **state)
{
    struct datagram whole = peel(
        SPAN(IPV6("\x18", "\x2c") "\x3c\0\0\1\0\0\1\2\6\0\1\4\0\0\0\0" DATA),
        101);
    struct datagram inner;

    (void)state;
    assert_true(whole.fragment);
    assert_int_equal(links_resume(&whole, &inner), SKIP_NONE);
    assert_int_equal(inner.proto, 6);
    assert_int_equal(inner.payload.len, 8);
}

static void whole_with_a_broken_tunnel(void **state)
{
    struct datagram whole = peel(SPAN(DATA4), 101);
    struct datagram inner;

    (void)state;
    whole.proto = 4;
    whole.payload = SPAN("\x43 is no header length");
    assert_int_equal(links_resume(&whole, &inner), SKIP_MALFORMED);
    whole.payload = SPAN("\x45\0\0\x1c");
    whole.cut = 24;
    assert_int_equal(links_resume(&whole, &inner), SKIP_TRUNCATED);
}

static void unknown_link_types(void **state)
{
    static const uint32_t unknown[] = {2,   147,   259,        277,
                                       281, 65535, 0x7fffffff, 0xffffffff};
    struct datagram d;

    (void)state;
    for (size_t i = 0; i < COUNT(unknown); i++) {
        struct packet p = {.link = unknown[i], .frame = SPAN(DATA4)};
        assert_false(links_reads(unknown[i]));
        assert_int_equal(links_peel(&p, &d), SKIP_LINK_TYPE);
    }
    assert_true(links_reads(0) && links_reads(1) && links_reads(276));
}

static void wire_length_that_lies(void **state)
{
    struct packet p = {.link = 101,
                       .wire_len = 0xffffffff,
                       .frame = SPAN("\x45\0\0\0\0\7\0\0\x40\6\0\0\12\0\0\1"
                                     "\12\0\0\2" DATA)};
    struct datagram d;

    (void)state;
    assert_int_equal(links_peel(&p, &d), SKIP_NONE);
    assert_true(d.cut < 1 << 20); /* not a hole of gigabytes */
    p.wire_len = 3;               /* less than was captured */
    assert_int_equal(links_peel(&p, &d), SKIP_NONE);
    assert_int_equal(d.cut, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tenants_differ),
        cmocka_unit_test(tenant_is_the_vlan),
        cmocka_unit_test(tunnel_behind_fragments),
        cmocka_unit_test(whole_that_is_no_tunnel),
        cmocka_unit_test(whole_with_extension_headers),
        cmocka_unit_test(whole_with_a_broken_tunnel),
        cmocka_unit_test(unknown_link_types),
        cmocka_unit_test(wire_length_that_lies),
    };

    return SPEC_RUN("capture/links", tests, COUNT(tests));
}
