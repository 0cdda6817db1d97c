// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * make.c - write small captures for tests, and read them back.
 */
#include "make.h"

#include <stdlib.h>
#include <string.h>

void make_init(struct make *m, bool big)
{
    buf_init(&m->bytes, MAKE_ROOM);
    m->big = big;
}

void make_clear(struct make *m)
{
    buf_clear(&m->bytes);
}

void make_bytes(struct make *m, struct span bytes)
{
    assert_true(buf_add(&m->bytes, bytes));
}

void make_u16(struct make *m, uint16_t value)
{
    uint8_t high = (uint8_t)(value >> 8);
    uint8_t low = (uint8_t)value;

    assert_true(buf_add_byte(&m->bytes, m->big ? high : low));
    assert_true(buf_add_byte(&m->bytes, m->big ? low : high));
}

void make_u32(struct make *m, uint32_t value)
{
    uint16_t high = (uint16_t)(value >> 16);
    uint16_t low = (uint16_t)value;

    make_u16(m, m->big ? high : low);
    make_u16(m, m->big ? low : high);
}

void make_pcap(struct make *m, uint32_t magic, uint32_t link)
{
    make_u32(m, magic);
    make_u16(m, 2);
    make_u16(m, 4);
    make_u32(m, 0);
    make_u32(m, 0);
    make_u32(m, 65535);
    make_u32(m, link);
}

void make_record(struct make *m, uint32_t seconds, uint32_t fraction,
                 struct span frame)
{
    make_u32(m, seconds);
    make_u32(m, fraction);
    make_u32(m, (uint32_t)frame.len);
    make_u32(m, (uint32_t)frame.len);
    make_bytes(m, frame);
}

void make_block(struct make *m, uint32_t type, struct span body)
{
    size_t pad = (4 - body.len % 4) % 4;
    uint32_t length = (uint32_t)(body.len + pad + 12);

    make_u32(m, type);
    make_u32(m, length);
    make_bytes(m, body);
    make_bytes(m, span_head(SPAN("\0\0\0"), pad));
    make_u32(m, length);
}

void make_section(struct make *m)
{
    struct make body;

    make_init(&body, m->big);
    make_u32(&body, 0x1a2b3c4d);
    make_u16(&body, 1);
    make_u16(&body, 0);
    make_bytes(&body, SPAN("\xff\xff\xff\xff\xff\xff\xff\xff"));
    make_block(m, 0x0a0d0d0a, buf_span(&body.bytes));
    make_clear(&body);
}

void make_interface(struct make *m, uint16_t link, uint32_t snaplen,
                    struct span options)
{
    struct make body;

    make_init(&body, m->big);
    make_u16(&body, link);
    make_u16(&body, 0);
    make_u32(&body, snaplen);
    make_bytes(&body, options);
    make_block(m, 1, buf_span(&body.bytes));
    make_clear(&body);
}

void make_packet(struct make *m, uint32_t interface, uint64_t units,
                 struct span frame)
{
    struct make body;

    make_init(&body, m->big);
    make_u32(&body, interface);
    make_u32(&body, (uint32_t)(units >> 32));
    make_u32(&body, (uint32_t)units);
    make_u32(&body, (uint32_t)frame.len);
    make_u32(&body, (uint32_t)frame.len);
    make_bytes(&body, frame);
    make_block(m, 6, buf_span(&body.bytes));
    make_clear(&body);
}

void make_read(struct span capture, size_t block, struct seen *seen)
{
    struct file file = {.name = "FILE"};
    struct packet p;

    *seen = (struct seen){.packets = 0};
    buf_init(&seen->frames, MAKE_ROOM);
    source_open_memory(&file.source, capture, block);
    seen->begin = file_begin(&file, &seen->problems, &seen->notes);
    while (seen->begin == ERR_OK &&
           file_next(&file, &p, &seen->problems, &seen->notes)) {
        assert_true(seen->packets < MAKE_PACKETS);
        assert_true(buf_add(&seen->frames, p.frame));
        seen->packet[seen->packets++] = p;
        assert_int_equal(p.number, seen->packets);
        assert_true(p.wire_len >= p.frame.len);
    }
    file_close(&file);
    seen->dropped = file.dropped;
}

void seen_clear(struct seen *seen)
{
    buf_clear(&seen->frames);
    problems_clear(&seen->problems);
    problems_clear(&seen->notes);
}

static const char *only_line(const struct problems *p)
{
    assert_true(p->count < 2);
    return p->count == 0 ? "" : p->lines[0];
}

const char *seen_problem(const struct seen *s)
{
    return only_line(&s->problems);
}

const char *seen_note(const struct seen *s)
{
    return only_line(&s->notes);
}

/* The first packets of whole, and nothing else. */
static void check_front(const struct seen *front, const struct seen *whole)
{
    assert_true(front->packets <= whole->packets);
    assert_true(front->frames.len <= whole->frames.len);
    if (front->frames.len > 0)
        assert_memory_equal(front->frames.ptr, whole->frames.ptr,
                            front->frames.len);
    for (size_t i = 0; i < front->packets; i++) {
        assert_int_equal(front->packet[i].time_ns, whole->packet[i].time_ns);
        assert_int_equal(front->packet[i].link, whole->packet[i].link);
        assert_int_equal(front->packet[i].frame.len,
                         whole->packet[i].frame.len);
    }
}

void make_check_cuts(struct span capture)
{
    static const size_t blocks[] = {1, 7, 64, 4096};
    struct seen whole, front;

    make_read(capture, 4096, &whole);
    for (size_t len = 0; len < capture.len; len++) {
        /* memory of just that size, so that the sanitizer watches its end */
        uint8_t *copy = malloc(len + 1);
        assert_non_null(copy);
        memcpy(copy + 1, capture.ptr, len);
        make_read((struct span){copy + 1, len}, blocks[len % 4], &front);
        check_front(&front, &whole);
        if (front.problems.count == 0)
            assert_true(front.begin == ERR_OK);
        seen_clear(&front);
        free(copy);
    }
    for (size_t i = 0; i < COUNT(blocks); i++) {
        make_read(capture, blocks[i], &front);
        check_front(&front, &whole);
        assert_int_equal(front.packets, whole.packets);
        assert_int_equal(front.problems.count, whole.problems.count);
        seen_clear(&front);
    }
    seen_clear(&whole);
}
