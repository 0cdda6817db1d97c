// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * multipart.c - take a multipart body apart.
 *
 * In:   a part of type multipart/..., or one that begins as such.
 * Out:  a part for each of its parts, preamble and epilogue included; short
 *       fields of forms as rows of one table (form.h).
 * Not:  undoes no coding and no nesting: the chain does.
 * Spec: RFC 2046 5.1, RFC 7578.
 *
 *     preamble  "\r\n--boundary\r\n" header "\r\n\r\n" body ...
 *     "\r\n--boundary--" epilogue
 *
 * The delimiter is searched as "\n--boundary"; a match that bytes end in is
 * kept as a count, for its bytes are known. Behind a hole bytes belong to
 * the same part until the next delimiter. A delimiter that is wrong in one
 * byte is one when the header of a part follows it; so is any line of that
 * shape while none was seen.
 */
#include <string.h>

#include "decode/format/base64.h"
#include "decode/format/entity.h"
#include "decode/format/form.h"
#include "decode/format/part_head.h"
#include "decode/params.h"

enum {
    BOUNDARY_MAX = 200, /* RFC 2046 allows 70 */
    DELIMITER_MAX = BOUNDARY_MAX + 3,
    LINE_MAX = 256,  /* blanks behind a delimiter */
    FIELD_NEAR = 10, /* two bytes and "Content-" */
    NEAR_MIN = 4,    /* "--x" is too short to be known with a byte wrong */
    LOOK = 16,       /* bytes of a line that may be base64 */
};

enum stage {
    STAGE_DATA = 0, /* up to the next delimiter */
    STAGE_LINE,     /* behind a delimiter */
    STAGE_HEADER,
    STAGE_BASE64, /* lines that nothing declared */
};

enum target {
    TARGET_LOOSE = 0, /* preamble, epilogue: a part only if not blank */
    TARGET_FIELD,     /* a form field that may become a cell */
    TARGET_PART,      /* the open part */
};

struct multipart {
    uint8_t delimiter[DELIMITER_MAX]; /* "\n--boundary" */
    uint8_t len;                      /* of it */
    uint8_t held;   /* bytes of the delimiter that matched so far */
    uint8_t skip;   /* of them, matched before the first byte */
    uint8_t stage;  /* enum stage */
    uint8_t target; /* enum target */
    bool cr;        /* a CR in front of them is held, too */
    bool part;      /* a part is open */
    bool closed;    /* the last delimiter was seen */
    bool member;    /* the last line was base64 of a member */
    bool lost;      /* a hole swallowed the header of this part */
    bool any;       /* a delimiter was seen */
    bool amid;      /* it is text in which a part may begin anywhere */
    bool inside;    /* of such a part */
    uint16_t last_len;
    uint8_t last[DELIMITER_MAX + 2]; /* newest bytes of data */
    uint16_t name_len;
    uint8_t name[LIMIT_NAME]; /* of the form field */
    struct buf value;         /* of it, while it may be a cell */
    struct form form;
};

static struct span boundary_of(const struct hint *hint)
{
    struct span media = hint->part->media;

    if (!span_starts_nocase(media, SPAN("multipart/")))
        return (struct span){NULL, 0};
    return span_trim(params_raw(media, SPAN("boundary")));
}

/* The boundary of bytes that begin "--boundary CRLF Content-". */
static struct span boundary_in(struct span head, bool *more)
{
    size_t end = span_find(head, '\n');
    struct span next = span_skip(head, end + 1);
    struct span content = span_head(SPAN("Content-"), next.len);

    *more = false;
    if (!span_starts(head, span_head(SPAN("--"), head.len)) ||
        !span_starts_nocase(next, content))
        return (struct span){NULL, 0};
    *more = end == head.len || next.len < content.len || content.len < 8;
    return span_trim(span_slice(head, 2, end));
}

static enum match multipart_probe(struct span head, const struct hint *hint)
{
    struct span boundary = boundary_of(hint);
    bool more;

    if (hint->part->coding.len > 0)
        return MATCH_NO;
    if (boundary.len > 0)
        return boundary.len <= BOUNDARY_MAX ? MATCH_YES : MATCH_NO;
    boundary = boundary_in(head, &more);
    if (more)
        return MATCH_MORE;
    return boundary.len > 0 && boundary.len <= BOUNDARY_MAX ? MATCH_YES
                                                            : MATCH_NO;
}

static void set_boundary(struct multipart *m, struct span boundary)
{
    memcpy(m->delimiter, "\n--", 3);
    memcpy(m->delimiter + 3, boundary.ptr, boundary.len);
    m->len = (uint8_t)(boundary.len + 3);
    m->held = 1; /* the first delimiter may be the first line */
    m->skip = 1;
}

static bool multipart_open(void *state, const struct hint *hint)
{
    struct multipart *m = state;
    struct span boundary = boundary_of(hint);

    if (boundary.len > 0)
        set_boundary(m, boundary);
    return true;
}

/* --- delimiters that a damaged byte spoilt --- */

/* Keep the newest bytes of data. */
static void remember(struct multipart *m, struct span bytes)
{
    enum { ROOM = sizeof(m->last) };
    size_t keep = bytes.len < ROOM ? ROOM - bytes.len : 0;

    if (bytes.len > ROOM)
        bytes = span_skip(bytes, bytes.len - ROOM);
    if (keep > m->last_len)
        keep = m->last_len;
    memmove(m->last, m->last + m->last_len - keep, keep);
    memcpy(m->last + keep, bytes.ptr, bytes.len);
    m->last_len = (uint16_t)(keep + bytes.len);
}

/* Does s end in "--boundary", all but a byte of it? */
static bool ends_nearly(const struct multipart *m, struct span s)
{
    size_t len = m->len - 1U, wrong = 0;

    if (m->len == 0 || len < NEAR_MIN || s.len < len)
        return false;
    s = span_skip(s, s.len - len);
    for (size_t i = 0; i < len && wrong < 2; i++)
        wrong += s.ptr[i] != m->delimiter[i + 1];
    return wrong < 2;
}

/*
 * Is the last line of data a delimiter but for a byte? *first: its boundary,
 * when it only looks like one and none was seen.
 */
static bool line_delimits(const struct multipart *m, struct span *first)
{
    struct span line = {m->last, m->last_len};

    if (line.len < 2 || line.ptr[line.len - 1] != '\n')
        return false;
    line.len--;
    if (ends_nearly(m, line) || ends_nearly(m, span_head(line, line.len - 1)))
        return true;
    const uint8_t *begin = memrchr(line.ptr, '\n', line.len);
    if (begin != NULL)
        line = span_skip(line, (size_t)(begin - line.ptr) + 1);
    line = span_trim(line);
    if (m->any || line.len < 3 || line.len > BOUNDARY_MAX + 2 ||
        !span_starts(line, SPAN("--")))
        return false;
    *first = span_skip(line, 2);
    return true;
}

/* --- what comes out --- */

static bool part_open(struct multipart *m, const struct part_info *info,
                      struct sink *out)
{
    m->part = true;
    m->target = TARGET_PART;
    return form_pause(&m->form, out) && out->ops->part_open(out->ctx, info);
}

static struct span field_name(const struct multipart *m)
{
    return (struct span){m->name, m->name_len};
}

/* A field that is no cell is a part of its own. */
static bool field_spill(struct multipart *m, struct sink *out)
{
    uint8_t step[LIMIT_NAME + 8] = "form:";
    const struct part_info info = {.step = {step, m->name_len + 5U}};

    memcpy(step + 5, m->name, m->name_len);
    if (!part_open(m, &info, out))
        return false;
    bool fine =
        m->value.len == 0 || out->ops->put(out->ctx, buf_span(&m->value));
    buf_reset(&m->value);
    return fine;
}

/* Bytes between parts: a part only when there is something in them. */
static bool put_loose(struct multipart *m, struct span bytes, struct sink *out)
{
    struct part_info info = {.step = SPAN("preamble")};

    if (m->amid)
        return part_open(m, &(struct part_info){.step = {NULL, 0}}, out) &&
               out->ops->put(out->ctx, bytes);
    while (bytes.len > 0 && *bytes.ptr <= ' ')
        bytes = span_skip(bytes, 1);
    if (bytes.len == 0)
        return true;
    if (m->closed)
        info.step = SPAN("epilogue");
    if (m->lost)
        info.step = SPAN("part");
    return part_open(m, &info, out) && out->ops->put(out->ctx, bytes);
}

static bool put(struct multipart *m, struct span bytes, struct sink *out)
{
    if (bytes.len == 0)
        return true;
    remember(m, bytes);
    if (m->target == TARGET_LOOSE)
        return put_loose(m, bytes, out);
    if (m->target == TARGET_FIELD) {
        if (m->value.len + bytes.len <= LIMIT_FORM_VALUE &&
            form_is_cell(bytes) && buf_add(&m->value, bytes))
            return true;
        if (!field_spill(m, out))
            return false;
    }
    return out->ops->put(out->ctx, bytes);
}

/* Bytes of the delimiter that were none: data after all. */
static bool put_held(struct multipart *m, struct sink *out)
{
    struct span bytes = {m->delimiter, m->held};
    bool cr = m->cr;

    bytes = span_skip(bytes, m->skip);
    m->held = 0;
    m->skip = 0;
    m->cr = false;
    return (!cr || put(m, SPAN("\r"), out)) && put(m, bytes, out);
}

static bool part_end(struct multipart *m, enum part_end how, struct sink *out)
{
    bool fine = true;

    if (m->target == TARGET_FIELD)
        fine = form_add(&m->form, field_name(m), buf_span(&m->value), out);
    if (m->part)
        fine = out->ops->part_close(out->ctx, how) && fine;
    buf_reset(&m->value);
    m->part = false;
    m->inside = false;
    m->target = TARGET_LOOSE;
    m->lost = false;
    return fine;
}

/* Header lines that could hold rows are a part of their own. */
static bool put_header(struct multipart *m, struct span block, struct sink *out)
{
    const struct part_info info = {.step = SPAN("headers")};

    if (!fields_tell(block))
        return true;
    bool fine = part_open(m, &info, out) && out->ops->put(out->ctx, block) &&
                out->ops->part_close(out->ctx, PART_WHOLE);
    m->part = false;
    return fine;
}

static bool part_begin(struct multipart *m, struct span block, struct sink *out)
{
    struct entity e;

    entity_read(block, &e);
    struct span media = params_value(e.info.media);
    m->inside = true;
    bool plain = media.len == 0 || span_eq_nocase(media, SPAN("text/plain"));

    if (!put_header(m, block, out))
        return false;
    if (e.field.len == 0 || e.file || !plain || e.info.coding.len > 0)
        return part_open(m, &e.info, out);
    m->target = TARGET_FIELD;
    m->name_len = (uint16_t)e.field.len;
    memcpy(m->name, e.field.ptr, e.field.len);
    if (m->value.cap == 0)
        buf_init(&m->value, LIMIT_FORM_VALUE);
    return true;
}

/* --- stages: bytes used; *status tells when they do not suffice --- */

/* Go on with a delimiter that began in earlier bytes. */
static size_t match_on(struct multipart *m, struct span bytes, struct sink *out,
                       enum decode_status *status)
{
    size_t used = 0;

    while (used < bytes.len && m->held < m->len &&
           bytes.ptr[used] == m->delimiter[m->held]) {
        m->held++;
        used++;
    }
    if (m->held == m->len)
        m->stage = STAGE_LINE;
    else if (used < bytes.len && !put_held(m, out))
        *status = DECODE_REFUSED;
    return used;
}

/* Has nothing been put yet, or a line end last? */
static bool begins_line(const struct multipart *m)
{
    return m->last_len == 0 || m->last[m->last_len - 1] == '\n';
}

/*
 * Did base64 begin in a line before, behind something else: a member of a
 * document? That is embed.c's, from its first digit on.
 */
static bool in_member(struct multipart *m)
{
    enum { LEAST = 40 };
    struct span line = span_trim((struct span){m->last, m->last_len});
    size_t digits = 0;

    while (digits < line.len &&
           base64_values[line.ptr[line.len - 1 - digits]] < 64)
        digits++;
    bool behind = digits < line.len && line.ptr[line.len - 1 - digits] > ' ';
    m->member = digits >= LEAST && (behind || m->member);
    return m->member;
}

/*
 * Does a part begin in this text, or base64? Gives SIZE_MAX when that is not
 * known yet, and 0; the stage tells.
 */
static size_t amid_look(struct multipart *m, struct span bytes,
                        struct sink *out, enum decode_status *status)
{
    const struct part_info coded = {.coding = SPAN("base64")};
    struct span boundary = {NULL, 0};
    enum match header = part_head_begins(bytes);
    enum match base64 = in_member(m) ? MATCH_NO : base64_begins(bytes);

    if (header == MATCH_MORE || (header == MATCH_NO && base64 == MATCH_MORE))
        return SIZE_MAX;
    if (header == MATCH_NO && base64 == MATCH_NO)
        return 0;
    if (header == MATCH_YES && line_delimits(m, &boundary) && boundary.len > 0)
        set_boundary(m, boundary);
    m->held = 0;
    m->skip = 0;
    m->stage = header == MATCH_YES ? STAGE_HEADER : STAGE_BASE64;
    bool fine = part_end(m, PART_CUT, out) &&
                (header == MATCH_YES || part_open(m, &coded, out));
    if (!fine)
        *status = DECODE_REFUSED;
    return 0;
}

/* A line of base64 that nothing declared, or what is behind them. */
static size_t stage_base64(struct multipart *m, struct span bytes,
                           struct sink *out, enum decode_status *status)
{
    size_t end = span_find(bytes, '\n');
    struct span line = span_head(bytes, end);

    if (end == bytes.len && end < LIMIT_PROBE)
        return SIZE_MAX;
    if (end < bytes.len && base64_goes_on(line)) {
        if (!put(m, span_head(bytes, end + 1), out))
            *status = DECODE_REFUSED;
        return end + 1;
    }
    m->stage = STAGE_DATA;
    if (!part_end(m, PART_WHOLE, out))
        *status = DECODE_REFUSED;
    return 0;
}

/*
 * Behind a line that nearly is a delimiter a header begins after all; gives
 * SIZE_MAX when that is not known yet, and 0.
 */
static size_t near_header(struct multipart *m, struct span bytes,
                          struct sink *out, enum decode_status *status)
{
    struct span field = SPAN("Content-");
    struct span head = span_head(bytes, field.len), first = {NULL, 0};

    if (m->amid && !m->inside && begins_line(m))
        return amid_look(m, bytes, out, status);
    if (!span_eq_nocase(head, span_head(field, head.len)) ||
        !line_delimits(m, &first))
        return 0;
    if (head.len < field.len)
        return SIZE_MAX;
    if (first.len > 0)
        set_boundary(m, first);
    m->held = 0;
    m->skip = 0;
    if (!part_end(m, PART_CUT, out))
        *status = DECODE_REFUSED;
    m->any = true;
    m->last_len = 0; /* that line is used up */
    m->stage = STAGE_HEADER;
    return 0;
}

/*
 * Where the first line of bytes behind another begins with a 'C', or as
 * base64 in text that may hold it; or len.
 */
static size_t line_to_look(const struct multipart *m, struct span bytes)
{
    bool base64 = m->amid && !m->inside;
    size_t at = span_find(bytes, '\n') + 1;

    for (; at < bytes.len; at += 1 + span_find(span_skip(bytes, at), '\n')) {
        struct span rest = span_skip(bytes, at);
        if ((*rest.ptr | 0x20) == 'c' ||
            (base64 && base64_begins(span_head(rest, LOOK)) != MATCH_NO))
            return at;
    }
    return bytes.len;
}

/* Data up to the next delimiter, or to what may become one. */
static size_t find_delimiter(struct multipart *m, struct span bytes,
                             struct sink *out, enum decode_status *status)
{
    bytes = span_head(bytes, line_to_look(m, bytes));
    if (m->len == 0) {
        if (!put(m, bytes, out))
            *status = DECODE_REFUSED;
        return bytes.len;
    }
    const uint8_t *found = memmem(bytes.ptr, bytes.len, m->delimiter, m->len);
    size_t window = bytes.len < m->len ? bytes.len : m->len - 1U;
    size_t end = bytes.len;
    size_t used = bytes.len;

    if (found == NULL) {
        struct span last = span_skip(bytes, bytes.len - window);
        const uint8_t *line = memrchr(last.ptr, '\n', last.len);
        struct span rest = {
            line, line != NULL ? (size_t)(bytes.ptr + bytes.len - line) : 0};
        if (rest.len > 0 && memcmp(rest.ptr, m->delimiter, rest.len) == 0) {
            end -= rest.len;
            m->held = (uint8_t)rest.len;
        }
    } else {
        end = (size_t)(found - bytes.ptr);
        used = end + m->len;
        m->held = m->len;
        m->stage = STAGE_LINE;
    }
    if (end > 0 && bytes.ptr[end - 1] == '\r') {
        m->cr = true;
        end--;
    }
    if (!put(m, span_head(bytes, end), out))
        *status = DECODE_REFUSED;
    return used;
}

static size_t stage_data(struct multipart *m, struct span bytes,
                         struct sink *out, enum decode_status *status)
{
    if (m->held > 0)
        return match_on(m, bytes, out, status);
    if (m->cr && *bytes.ptr == '\n') {
        m->held = 1;
        return 1;
    }
    if (m->cr && !put_held(m, out)) {
        *status = DECODE_REFUSED;
        return 0;
    }
    size_t near = near_header(m, bytes, out, status);
    if (near > 0 || m->stage != STAGE_DATA || *status != DECODE_MORE)
        return near;
    return find_delimiter(m, bytes, out, status);
}

/* Behind "--boundary": a line end, "--", or it was data. */
static size_t stage_line(struct multipart *m, struct span bytes,
                         struct sink *out, enum decode_status *status)
{
    struct span seen = span_head(bytes, LINE_MAX);
    size_t end = span_find(seen, '\n');
    bool last = span_starts(bytes, SPAN("--"));
    bool begins = bytes.len == 1 && *bytes.ptr == '-';
    struct span near = span_head(seen, FIELD_NEAR);
    size_t field = span_find_run(near, SPAN("Content-"));

    if (begins || (end == seen.len && seen.len < LINE_MAX &&
                   ((seen.len < FIELD_NEAR && !last) || part_head_blank(seen))))
        return SIZE_MAX;
    m->stage = STAGE_DATA;
    if (field > 0 && field <= 2 && field < near.len)
        end = field - 1; /* its line end is damaged */
    else if (!last &&
             (end == seen.len || !part_head_blank(span_head(seen, end)))) {
        if (!put_held(m, out))
            *status = DECODE_REFUSED;
        return 0;
    }
    m->held = 0;
    m->skip = 0;
    m->cr = false;
    if (!part_end(m, PART_WHOLE, out))
        *status = DECODE_REFUSED;
    m->closed = last;
    m->any = true;
    if (last)
        return 2;
    m->stage = STAGE_HEADER;
    return end + 1;
}

static size_t stage_header(struct multipart *m, struct span bytes,
                           struct sink *out, enum decode_status *status)
{
    const struct span dashes = {m->delimiter + 1, m->len > 0 ? m->len - 1U : 0};
    bool body;
    size_t end = part_head_end(bytes, dashes, &body);

    if (end == SIZE_MAX)
        return SIZE_MAX;
    m->stage = STAGE_DATA;
    m->held =
        m->len > 0; /* a delimiter may follow at once: the line just ended */
    m->skip = m->held;
    if (body && !part_begin(m, span_head(bytes, end), out))
        *status = DECODE_REFUSED;
    return end;
}

static size_t step(struct multipart *m, struct span bytes, struct sink *out,
                   enum decode_status *status)
{
    if (m->stage == STAGE_LINE)
        return stage_line(m, bytes, out, status);
    if (m->stage == STAGE_HEADER)
        return stage_header(m, bytes, out, status);
    if (m->stage == STAGE_BASE64)
        return stage_base64(m, bytes, out, status);
    return stage_data(m, bytes, out, status);
}

static struct progress multipart_feed(void *state, enum dir dir,
                                      struct span bytes, struct sink *out)
{
    struct multipart *m = state;
    enum decode_status status = DECODE_MORE;
    struct span rest = bytes;
    bool more;

    (void)dir;
    if (m->len == 0 && !m->amid) {
        struct span boundary = boundary_in(bytes, &more);
        if (boundary.len == 0 || boundary.len > BOUNDARY_MAX)
            return (struct progress){DECODE_BAD, 0};
        set_boundary(m, boundary);
    }
    while (rest.len > 0 && status == DECODE_MORE) {
        size_t used = step(m, rest, out, &status);
        if (used == SIZE_MAX)
            break;
        rest = span_skip(rest, used);
    }
    return (struct progress){status, bytes.len - rest.len};
}

static struct progress multipart_gap(void *state, enum dir dir, uint64_t len,
                                     struct sink *out)
{
    struct multipart *m = state;
    bool fine = true;

    (void)dir;
    if (m->stage == STAGE_LINE || m->stage == STAGE_HEADER) {
        m->held = 0;
        m->skip = 0;
        m->cr = false;
        fine = m->stage != STAGE_LINE || part_end(m, PART_WHOLE, out);
        m->lost = true;
        m->stage = STAGE_DATA;
    } else {
        fine = put_held(m, out);
    }
    if (m->amid && !m->part) { /* what waited was put past us */
        m->part = true;
        m->target = TARGET_PART;
    }
    if (m->target == TARGET_FIELD)
        fine = fine && field_spill(m, out);
    if (m->part)
        fine = fine && out->ops->gap(out->ctx, len);
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status multipart_end(void *state, enum dir dir,
                                        struct span rest, struct sink *out)
{
    struct multipart *m = state;

    (void)dir;
    bool fine = put_held(m, out) && put(m, rest, out) &&
                part_end(m, m->closed ? PART_WHOLE : PART_CUT, out) &&
                form_end(&m->form, out);
    return fine ? DECODE_DONE : DECODE_REFUSED;
}

static void multipart_close(void *state)
{
    struct multipart *m = state;

    buf_clear(&m->value);
    form_clear(&m->form);
}

/* --- text in which a part may begin --- */

static enum match amid_probe(struct span head, const struct hint *hint)
{
    (void)head;
    return hint->part->amid && hint->part->coding.len == 0 ? MATCH_YES
                                                           : MATCH_NO;
}

static bool amid_open(void *state, const struct hint *hint)
{
    struct multipart *m = state;

    (void)hint;
    m->amid = true;
    return true;
}

const struct decoder decoder_amid = {
    .name = "amid",
    .state_size = sizeof(struct multipart),
    .through = true,
    .probe = amid_probe,
    .open = amid_open,
    .feed = multipart_feed,
    .gap = multipart_gap,
    .end = multipart_end,
    .close = multipart_close,
};

const struct decoder decoder_multipart = {
    .name = "multipart",
    .state_size = sizeof(struct multipart),
    .probe = multipart_probe,
    .open = multipart_open,
    .feed = multipart_feed,
    .gap = multipart_gap,
    .end = multipart_end,
    .close = multipart_close,
};
