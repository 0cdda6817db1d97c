// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * packed.c - archives that the helper opens: 7z rar rar5 cab iso lha xar.
 *
 * In:   the bytes of a part that begins as such an archive does.
 * Out:  a part for each file in it, named as in the archive.
 * Not:  not without the helper; what is encrypted stays closed. Beginning
 *       parts of a self-extracting archive are not looked through.
 * Spec: 7zFormat.txt; RAR 5.0 archive format; [MS-CAB]; ECMA-119; LHA
 *       header levels 0 to 2; the xar file format.
 */
#include "decode/magic.h"
#include "decode/whole.h"
#include "outflow/limits.h"

static enum match sevenzip_probe(struct span head, const struct hint *hint)
{
    (void)hint;
    return magic_match(head, SPAN("7z\xbc\xaf\x27\x1c"));
}

static enum match rar_probe(struct span head, const struct hint *hint)
{
    (void)hint;
    return magic_match(head, SPAN("Rar!\x1a\x07\x00"));
}

static enum match rar5_probe(struct span head, const struct hint *hint)
{
    (void)hint;
    return magic_match(head, SPAN("Rar!\x1a\x07\x01\x00"));
}

static enum match cab_probe(struct span head, const struct hint *hint)
{
    (void)hint;
    return magic_match(head, SPAN("MSCF\0\0\0\0"));
}

static enum match xar_probe(struct span head, const struct hint *hint)
{
    (void)hint;
    return magic_match(head, SPAN("xar!\0\x1c\0\1"));
}

/* "-lh5-" at the third byte; level and name length must be possible. */
static enum match lha_probe(struct span head, const struct hint *hint)
{
    enum { METHOD = 2, LEVEL = 20, HEAD = 21 };
    struct span method = span_slice(head, METHOD, METHOD + 5);

    (void)hint;
    for (size_t i = 0; i < method.len; i++) {
        uint8_t byte = method.ptr[i];
        bool fits = i == 0 || i == 4 ? byte == '-'
                    : i == 1         ? byte == 'l'
                    : i == 2         ? byte == 'h' || byte == 'z' || byte == 'p'
                             : (byte >= '0' && byte <= '9') || byte == 'd' ||
                                   byte == 's' || byte == 'x';
        if (!fits)
            return MATCH_NO;
    }
    if (head.len < HEAD)
        return MATCH_MORE;
    return head.ptr[LEVEL] <= 3 ? MATCH_YES : MATCH_NO;
}

WHOLE_DECODER(7z, sevenzip_probe);
WHOLE_DECODER(rar, rar_probe);
WHOLE_DECODER(rar5, rar5_probe);
WHOLE_DECODER(cab, cab_probe);
WHOLE_DECODER(xar, xar_probe);
WHOLE_DECODER(lha, lha_probe);
