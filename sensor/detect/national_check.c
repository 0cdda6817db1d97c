// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * national_check.c - the checks of national identifiers.
 *
 * A check is given signs of its row's shape: places that are digits there
 * are digits here. What an identifier holds besides its check digit (a date,
 * a province, a range that was issued) is looked at too.
 *
 * It must not accept what was never issued.
 */
#include "detect/national_check.h"

#include <string.h>

#include "detect/cell.h"
#include "detect/check.h"
#include "detect/mod.h"

#define UNUSED(x) (void)(x)

NATIONAL_CHECK(any)
{
    UNUSED(s);
    UNUSED(w);
    return true;
}

NATIONAL_CHECK(luhn)
{
    UNUSED(w);
    return check_luhn(s);
}

NATIONAL_CHECK(mod10)
{
    UNUSED(w);
    return check_mod10(s);
}

NATIONAL_CHECK(verhoeff)
{
    UNUSED(w);
    return check_verhoeff(s);
}

NATIONAL_CHECK(weighted)
{
    return mod_sum(s, w.of) % w.modulus == 0 && !mod_alike(s);
}

NATIONAL_CHECK(check_zero)
{
    unsigned rest = w.modulus - mod_sum(s, w.of) % w.modulus;
    size_t at = strlen(w.of);

    return mod_digit(s, at) == (rest < 10 ? rest : 0) && !mod_alike(s);
}

/* Letters and digits, so many of them, digits enough. */
static bool is_document(struct span s, size_t least, size_t most)
{
    size_t digits = 0;

    for (size_t i = 0; i < s.len; i++)
        digits += cell_is_digit(s.ptr[i]);
    return s.len >= least && s.len <= most && digits >= 4;
}

NATIONAL_CHECK(document)
{
    UNUSED(w);
    return is_document(s, 6, 9);
}

NATIONAL_CHECK(licence)
{
    UNUSED(w);
    return is_document(s, 5, 20);
}

NATIONAL_CHECK(us_ssn)
{
    unsigned area = mod_number(s, 0, 3), group = mod_number(s, 3, 5);
    unsigned serial = mod_number(s, 5, 9);

    UNUSED(w);
    if (area == 0 || area == 666 || group == 0 || serial == 0)
        return false;
    /* voided: printed on wallets and in leaflets */
    return !span_eq(s, SPAN("078051120")) && !span_eq(s, SPAN("219099999")) &&
           !span_eq(s, SPAN("457555462")) && !span_eq(s, SPAN("123456789")) &&
           !mod_alike(s);
}

NATIONAL_CHECK(us_itin)
{
    unsigned group = mod_number(s, 3, 5);

    UNUSED(w);
    return group >= 50 && group != 89 && group != 93 &&
           (group <= 65 || group >= 70);
}

NATIONAL_CHECK(gb_nino)
{
    static const char *const never[] = {"BG", "GB", "KN", "NK",
                                        "NT", "TN", "ZZ"};
    struct span front = span_head(s, 2);
    uint8_t last = mod_letter(s, 8);

    UNUSED(w);
    if (strchr("DFIQUV", mod_letter(s, 0)) ||
        strchr("DFIOQUV", mod_letter(s, 1)))
        return false;
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
        if (span_eq_nocase(front, span_of(never[i])))
            return false;
    }
    return last >= 'A' && last <= 'D';
}

NATIONAL_CHECK(jp_licence)
{
    unsigned rest = w.modulus - mod_sum(s, w.of) % w.modulus;
    unsigned place = mod_number(s, 0, 2);

    return (place == 0 || (place >= 10 && place <= 97)) &&
           mod_digit(s, 10) == rest % 10;
}

/* One digit two or three times in the first ten, the others once or never. */
static bool is_uneven(struct span s)
{
    uint8_t times[10] = {0};
    unsigned more = 0;

    for (size_t i = 0; i < 10; i++)
        times[mod_digit(s, i)]++;
    for (size_t i = 0; i < 10; i++) {
        if (times[i] > 3)
            return false;
        more += times[i] > 1;
    }
    return more == 1;
}

NATIONAL_CHECK(de_steuer)
{
    unsigned product = 10;

    UNUSED(w);
    for (size_t i = 0; i < 10; i++) { /* ISO 7064 MOD 11,10 */
        unsigned sum = (mod_digit(s, i) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return mod_digit(s, 10) == (11 - product) % 10 && is_uneven(s);
}

NATIONAL_CHECK(fr_nir)
{
    uint64_t number = 0;
    unsigned month = mod_number(s, 3, 5);
    uint8_t corsica = mod_letter(s, 6);

    if (cell_is_letter(corsica) &&
        (mod_digit(s, 5) != 2 || (corsica != 'A' && corsica != 'B')))
        return false;
    if (month == 0 || (month > 12 && month < 20) || (month > 42 && month < 50))
        return false;
    for (size_t i = 0; i < 13; i++) {
        unsigned digit =
            i == 6 && cell_is_letter(corsica) ? 0 : mod_digit(s, i);
        number = number * 10 + digit;
    }
    if (corsica == 'A')
        number -= 1000000;
    else if (corsica == 'B')
        number -= 2000000;
    return mod_number(s, 5, 6 + !cell_is_letter(corsica)) > 0 &&
           w.modulus - number % w.modulus == mod_number(s, 13, 15);
}

/* The digit that stands at place at, written as a letter or not. */
static unsigned it_digit(struct span s, size_t at)
{
    static const char *const instead = "LMNPQRSTUV";
    const char *found;

    if (cell_is_digit(s.ptr[at]))
        return mod_digit(s, at);
    found = strchr(instead, mod_letter(s, at));
    return found ? (unsigned)(found - instead) : 99;
}

NATIONAL_CHECK(it_cf)
{
    static const uint8_t odd[26] = {1,  0,  5,  7,  9,  13, 15, 17, 19,
                                    21, 2,  4,  18, 20, 11, 3,  6,  8,
                                    12, 14, 16, 10, 22, 25, 24, 23};
    static const uint8_t digits[] = {6, 7, 9, 10, 12, 13, 14};
    unsigned sum = 0, day = it_digit(s, 9) * 10 + it_digit(s, 10) % 99;

    for (size_t i = 0; i < sizeof(digits); i++) {
        if (it_digit(s, digits[i]) > 9)
            return false;
    }
    if (!strchr("ABCDEHLMPRST", mod_letter(s, 8)) || (day > 31 && day < 41) ||
        day == 0 || day > 71)
        return false;
    for (size_t i = 0; i < 15; i++) {
        unsigned value = cell_is_digit(s.ptr[i])
                             ? mod_digit(s, i)
                             : (unsigned)(mod_letter(s, i) - 'A');
        sum += i % 2 == 0 ? odd[value] : value;
    }
    return mod_letter(s, 15) == 'A' + sum % w.modulus;
}

NATIONAL_CHECK(es_dni)
{
    static const uint8_t letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";
    unsigned number = mod_number(s, 1, 8);

    if (cell_is_digit(s.ptr[0]))
        number += mod_digit(s, 0) * 10000000;
    else
        number += (unsigned)(mod_letter(s, 0) - 'X') * 10000000;
    return mod_letter(s, 8) == letters[number % w.modulus];
}

NATIONAL_CHECK(se_pnr)
{
    struct span ten = span_skip(s, s.len - 10);
    unsigned day = mod_number(ten, 4, 6), year = mod_number(ten, 0, 2);

    UNUSED(w);
    if (s.len == 12) {
        unsigned century = mod_number(s, 0, 2);
        if (century < 18 || century > 20)
            return false;
    }
    if (day > 60) /* a coordination number */
        day -= 60;
    return mod_date(2000 + year, mod_number(ten, 2, 4), day) && check_luhn(ten);
}

NATIONAL_CHECK(pl_pesel)
{
    unsigned month = mod_number(s, 2, 4) % 20;

    return mod_date(2000 + mod_number(s, 0, 2), month, mod_number(s, 4, 6)) &&
           mod_sum(s, w.of) % w.modulus == 0;
}

NATIONAL_CHECK(be_nn)
{
    uint64_t number = mod_number(s, 0, 9);
    unsigned month = mod_number(s, 2, 4), day = mod_number(s, 4, 6);
    unsigned check = mod_number(s, 9, 11);

    if (month % 20 > 12 || month > 52 || day > 31 || mod_alike(s))
        return false;
    return check == w.modulus - number % w.modulus ||
           check == w.modulus - (number + 2000000000) % w.modulus;
}

/* Letters stand for their place behind '0' in ASCII. */
static unsigned br_check(struct span s, size_t len, const char *weights,
                         unsigned modulus)
{
    unsigned sum = 0;

    weights += strlen(weights) - len;
    for (size_t i = 0; i < len; i++)
        sum += (unsigned)(mod_letter(s, i) - '0') * mod_weight(weights[i]);
    sum %= modulus;
    return sum < 2 ? 0 : modulus - sum;
}

NATIONAL_CHECK(br_twice)
{
    size_t len = strlen(w.of);

    return !mod_alike(s) &&
           br_check(s, len - 1, w.of, w.modulus) == mod_digit(s, len - 1) &&
           br_check(s, len, w.of, w.modulus) == mod_digit(s, len);
}

NATIONAL_CHECK(in_pan)
{
    UNUSED(w);
    return strchr("ABCFGHJKLPT", mod_letter(s, 3)) && mod_number(s, 5, 9) > 0;
}

NATIONAL_CHECK(cn_id)
{
    static const uint8_t least[] = {11, 21, 31, 41, 50, 61, 71, 81, 91};
    static const uint8_t most[] = {15, 23, 37, 46, 54, 65, 71, 83, 91};
    unsigned rest = 0, place = mod_number(s, 0, 2), year = mod_number(s, 6, 10);
    bool known = false;

    for (size_t i = 0; i < sizeof(least); i++)
        known = known || (place >= least[i] && place <= most[i]);
    if (!known || year < 1850 || year > 2099 ||
        !mod_date(year, mod_number(s, 10, 12), mod_number(s, 12, 14)))
        return false;
    for (size_t i = 0; i < 17; i++) /* ISO 7064 MOD 11-2 */
        rest = (rest + mod_digit(s, i)) * 2 % w.modulus;
    unsigned check = (w.modulus + 1 - rest) % w.modulus;
    return check == 10 ? mod_letter(s, 17) == 'X'
                       : mod_letter(s, 17) == '0' + check;
}

NATIONAL_CHECK(kr_rrn)
{
    unsigned kind = mod_digit(s, 6), year = mod_number(s, 0, 2);
    unsigned check = w.modulus - mod_sum(s, w.of) % w.modulus;
    bool late = (kind >= 3 && kind <= 8 && kind != 5 && kind != 6) &&
                mod_number(s, 0, 4) >= 2010;

    year += kind == 0 || kind == 9         ? 1800
            : kind % 4 < 1 || kind % 4 > 2 ? 2000
                                           : 1900;
    if (!mod_date(year, mod_number(s, 2, 4), mod_number(s, 4, 6)))
        return false;
    if (late) /* since October 2020 the last six digits are chance */
        return true;
    return mod_digit(s, 12) == check % 10 ||
           (kind >= 5 && kind <= 8 && mod_digit(s, 12) == (check + 2) % 10);
}

/* Letters are two digits, not in the order of the alphabet. */
static unsigned tw_letter(struct span s, size_t at)
{
    static const uint8_t values[26] = {10, 11, 12, 13, 14, 15, 16, 17, 34,
                                       18, 19, 20, 21, 22, 35, 23, 24, 25,
                                       26, 27, 28, 29, 32, 30, 31, 33};

    return values[mod_letter(s, at) - 'A'];
}

NATIONAL_CHECK(tw_id)
{
    uint8_t plain[11];
    unsigned first = tw_letter(s, 0);
    uint8_t kind = mod_letter(s, 1);

    if (!strchr("1289ABCD", kind))
        return false;
    plain[0] = (uint8_t)('0' + first / 10);
    plain[1] = (uint8_t)('0' + first % 10);
    plain[2] =
        cell_is_digit(kind) ? kind : (uint8_t)('0' + tw_letter(s, 1) % 10);
    memcpy(plain + 3, s.ptr + 2, 8);
    struct span all = {plain, 11};
    return (mod_sum(span_head(all, 10), w.of) + mod_digit(all, 10)) %
               w.modulus ==
           0;
}

NATIONAL_CHECK(hk_id)
{
    unsigned sum = 0, weight = 9;

    if (s.len == 8) /* a blank in front of a single letter */
        sum = 36 * weight--;
    for (size_t i = 0; i < s.len; i++, weight--) {
        uint8_t sign = mod_letter(s, i);
        unsigned value =
            cell_is_digit(sign) ? mod_digit(s, i) : (unsigned)(sign - 'A' + 10);
        sum += value * weight;
    }
    uint8_t check = mod_letter(s, s.len - 1);
    return sum % w.modulus == 0 && (cell_is_digit(check) || check == 'A');
}

NATIONAL_CHECK(sg_nric)
{
    uint8_t kind = mod_letter(s, 0);
    unsigned sum = mod_sum(span_slice(s, 1, 8), w.of);
    const char *letters = kind == 'M'                  ? "XWUTRQPNJLK"
                          : kind == 'F' || kind == 'G' ? "XWUTRQPNMLK"
                                                       : "JZIHGFEDCBA";

    sum += kind == 'M' ? 3 : kind == 'T' || kind == 'G' ? 4 : 0;
    return mod_letter(s, 8) == (uint8_t)letters[sum % w.modulus];
}

NATIONAL_CHECK(nz_ird)
{
    size_t len = s.len - 1;
    unsigned number = mod_number(s, 0, s.len), rest;
    const char *second = "74325276";

    if (number <= 10000000 || number >= 150000000)
        return false;
    rest = mod_sum(span_head(s, len), w.of + 8 - len) % w.modulus;
    if (rest == 1)
        rest = mod_sum(span_head(s, len), second + 8 - len) % w.modulus;
    return rest != 1 && mod_digit(s, len) == (w.modulus - rest) % w.modulus;
}

NATIONAL_CHECK(za_id)
{
    UNUSED(w);
    return mod_date(2000 + mod_number(s, 0, 2), mod_number(s, 2, 4),
                    mod_number(s, 4, 6)) &&
           mod_digit(s, 10) <= 2 && check_luhn(s);
}

/* Places in 0-9A-N, a sign of its own (N with a tilde, or &), O-Z. */
static unsigned mx_value(struct span s, size_t at)
{
    uint8_t sign = mod_letter(s, at);

    if (cell_is_digit(sign))
        return mod_digit(s, at);
    return (unsigned)(sign - 'A') + 10 + (sign > 'N');
}

NATIONAL_CHECK(mx_curp)
{
    static const char states[] = "ASBCBSCCCHCLCMCSDFDGGRGTHGJCMCMNMSNENLNTOCPL"
                                 "QRQTSLSPSRTCTLTSVZYNZS";
    unsigned sum = 0, year = mod_number(s, 4, 6);
    bool known = false;

    for (size_t i = 0; states[i]; i += 2)
        known = known || (mod_letter(s, 11) == (uint8_t)states[i] &&
                          mod_letter(s, 12) == (uint8_t)states[i + 1]);
    year += cell_is_digit(s.ptr[16]) ? 1900 : 2000;
    if (!known || !strchr("HMX", mod_letter(s, 10)) ||
        !mod_date(year, mod_number(s, 6, 8), mod_number(s, 8, 10)))
        return false;
    for (size_t i = 0; i < 17; i++)
        sum += mx_value(s, i) * (unsigned)(18 - i);
    return mod_digit(s, 17) == (w.modulus - sum % w.modulus) % w.modulus;
}

NATIONAL_CHECK(mx_rfc)
{
    size_t name = s.len - 9;
    unsigned sum = s.len == 12 ? 37 * 13 : 0; /* a blank in front */

    if (!mod_date(2000 + mod_number(s, name, name + 2),
                  mod_number(s, name + 2, name + 4),
                  mod_number(s, name + 4, name + 6)))
        return false;
    for (size_t i = 0; i + 1 < s.len; i++)
        sum += mx_value(s, i) * (unsigned)(s.len - i);
    unsigned check = (w.modulus - sum % w.modulus) % w.modulus;
    uint8_t last = mod_letter(s, s.len - 1);
    return check == 10 ? last == 'A' : last == '0' + check;
}
