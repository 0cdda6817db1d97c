# SPDX-License-Identifier: GPL-3.0-or-later
"""write_lines.py - tables of one row a line: separated, fixed, drawn.

It must not know what the columns hold.
"""

import base64
import html
import quopri
import unicodedata
import urllib.parse

from tables import writes


def quoted(cell, sep, quote='"', always=False):
    """A cell of RFC 4180."""
    if always or sep in cell or quote in cell or "\n" in cell:
        return quote + cell.replace(quote, quote * 2) + quote
    return cell


def separated(s, sep, end="\r\n", quote='"', always=False):
    """Lines of cells."""
    rows = ([s.columns] if s.header else []) + list(s.rows)
    return [sep.join(quoted(c, sep, quote, always) for c in row) + end
            for row in rows]


def _csv(name, sep, **more):
    @writes(name, "text/csv", True)
    def write(s):
        return "".join(separated(s, sep, **more))
    return write


_csv("csv", ",")
_csv("csv semicolon", ";", end="\n")
_csv("csv pipe", "|")
_csv("csv caret", "^")
_csv("csv colon", ":")
_csv("csv tilde", "~")
_csv("csv all quoted", ",", always=True)
_csv("csv single quotes", ",", quote="'", always=True)
_csv("csv comma blank", ", ", always=True, end="\n")
_csv("csv cr", ",", end="\r")
_csv("csv unit separator", "\x1f", end="\n")
_csv("tsv", "\t", end="\n")
_csv("tsv quoted", "\t", always=True)


@writes("csv sep line", "text/csv", True)
def _sep_line(s):
    return "sep=;\r\n" + "".join(separated(s, ";"))


@writes("csv bom", "text/csv", True)
def _bom(s):
    return "\ufeff" + "".join(separated(s, ","))


@writes("csv backslash", "text/csv", True)
def _backslash(s):
    rows = ([s.columns] if s.header else []) + list(s.rows)
    return "".join(
        ",".join('"' + c.replace("\\", "\\\\").replace('"', '\\"') + '"'
                 for c in row) + "\n" for row in rows)


@writes("csv escaped separators", "text/csv", True)
def _escaped(s):
    rows = ([s.columns] if s.header else []) + list(s.rows)
    return "".join(",".join(c.replace(",", "\\,") for c in row) + "\n"
                   for row in rows)


@writes("csv trailing", "text/csv", True)
def _trailing(s):
    return "".join(line.replace("\r\n", ",\r\n")
                   for line in separated(s, ","))


@writes("csv comments", "text/csv", True)
def _comments(s):
    lines = separated(s, ",", end="\n")
    made = ["# exported 2011-08-05\n", "# source: crm\n"]
    for i, line in enumerate(lines):
        made.append(line)
        if i % 50 == 49:
            made.append(f"# {i + 1} lines\n")
    return "".join(made)


@writes("csv title", "text/csv", True)
def _title(s):
    return ("Customer export\r\n\r\nDepartment: cards\r\n"
            "Made on,2011/08/05\r\n\r\n" + "".join(separated(s, ","))
            + f"\r\nTotal,{len(s.rows)}\r\n")


@writes("csv title far", "text/csv", True)
def _title_far(s):
    return ("".join(f"Note {i}: internal use only\r\n" for i in range(12))
            + "".join(separated(s, ",")))


@writes("csv newlines", "text/csv", True)
def _newlines(s):
    at = s.place("address")
    rows = [tuple(c.replace(", ", ",\n", 1).replace("市", "市\n", 1)
                  if i == at else c for i, c in enumerate(row))
            for row in s.rows]
    rows = ([s.columns] if s.header else []) + rows
    return "".join(",".join(quoted(c, ",") for c in row) + "\r\n"
                   for row in rows)


@writes("csv two tables", "text/csv", True)
def _two(s):
    half = len(s.rows) // 2
    back = [list(s.columns)[::-1]] if s.header else []
    back += [row[::-1] for row in s.rows[half:]]
    front = ([s.columns] if s.header else []) + list(s.rows[:half])
    gap = [["code", "item", "price"]] + [
        [f"A{i}", "Pencil", f"{i}.50"] for i in range(5)]
    return "\n".join(
        "".join(",".join(quoted(c, ",") for c in row) + "\n" for row in part)
        for part in (front, gap, back))


@writes("csv blank lines", "text/csv", True)
def _blank_lines(s):
    return "\n".join(separated(s, ",", end="\n"))


@writes("csv excel text", "text/csv", True)
def _excel(s):
    rows = [[f'="{c}"' if c[:1].isdigit() and c.isdigit() else c for c in row]
            for row in s.rows]
    rows = ([s.columns] if s.header else []) + rows
    return "".join(",".join(quoted(c, ",") for c in row) + "\r\n"
                   for row in rows)


@writes("csv apostrophes", "text/csv", True)
def _apostrophes(s):
    rows = [["'" + c if c.isdigit() else c for c in row] for row in s.rows]
    rows = ([s.columns] if s.header else []) + rows
    return "".join(",".join(quoted(c, ",") for c in row) + "\r\n"
                   for row in rows)


@writes("csv numbers beside", "text/csv", True)
def _beside(s):
    """Columns that are no cards though one in ten passes Luhn."""
    head = ["order_no", "invoice", "created_at", "tracking", "ean", "imei",
            "sha1"]
    made = [",".join(head + s.columns)] if s.header else []
    for i, row in enumerate(s.rows):
        n = i * 7919 + 13
        more = [str(4000001000000000 + n * 37), f"{5100000000000000 + n * 11}",
                str(1312500000000 + n * 977), f"1Z999AA1{n * 9973:010}",
                str(4900000000000 + n * 3), str(350000000000000 + n * 13),
                f"{n * 0x9E3779B97F4A7C15 % (1 << 160):040x}"]
        made.append(",".join(more + [quoted(c, ",") for c in row]))
    return "\r\n".join(made) + "\r\n"


def _coded(name, code):
    @writes(name, "text/csv", True)
    def write(s):
        rows = [[code(c) for c in row] for row in s.rows]
        rows = ([s.columns] if s.header else []) + rows
        return "".join(",".join(quoted(c, ",") for c in row) + "\n"
                       for row in rows)
    return write


def _escape(cell):
    return "".join(c if c < "\x7f" else f"\\u{ord(c):04x}" for c in cell)


_coded("csv url-encoded", urllib.parse.quote)
_coded("csv url-encoded twice",
       lambda c: urllib.parse.quote(urllib.parse.quote(c, safe="")))
_coded("csv plus-encoded", urllib.parse.quote_plus)
_coded("csv entities", lambda c: "".join(
    f"&#{ord(x)};" if x > "\x7e" else html.escape(x) for x in c))
_coded("csv json-escaped", _escape)
_coded("csv quoted-printable", lambda c: quopri.encodestring(
    c.encode(), header=False).decode().replace("=\n", ""))
_coded("csv base64",
       lambda c: base64.b64encode(c.encode()).decode())


def width(text):
    """Columns a text takes on a screen."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def pad(text, size, right=False):
    """Text with blanks up to size columns."""
    fill = " " * (size - width(text))
    return fill + text if right else text + fill


def widths(s, least=0):
    """The widest cell of each column."""
    rows = ([s.columns] if s.header else []) + list(s.rows)
    return [max(max(width(row[i]) for row in rows), least)
            for i in range(len(s.columns))]


def _fixed(name, gap, rule=False, media="text/plain"):
    @writes(name, media, True)
    def write(s):
        size = widths(s)
        lines = [s.columns] if s.header else []
        if rule and s.header:
            lines.append(["-" * n for n in size])
        made = []
        for row in lines + list(s.rows):
            made.append(gap.join(pad(c, n) for c, n in zip(row, size))
                        .rstrip() + "\n")
        return "".join(made)
    return write


_fixed("fixed one blank", " ")
_fixed("fixed two blanks", "  ")
_fixed("fixed dashes", " ", True)


@writes("fixed no gaps", "text/plain", True)
def _no_gaps(s):
    size = [n + (s.types[i] in ("person_name", "address", "email"))
            for i, n in enumerate(widths(s))]
    rows = ([s.columns] if s.header else []) + list(s.rows)
    if s.header:
        size = [n + 1 for n in size]
    return "".join("".join(pad(c, n) for c, n in zip(row, size)) + "\r\n"
                   for row in rows)


@writes("fixed signs", "text/plain", True)
def _fixed_signs(s):
    rows = ([s.columns] if s.header else []) + list(s.rows)
    size = [max(len(r[i]) for r in rows) + 2 for i in range(len(s.columns))]
    return "".join("".join(c.ljust(n) for c, n in zip(row, size)) + "\n"
                   for row in rows)


@writes("blanks", "text/plain", True)
def _blanks(s):
    rows = ([s.columns] if s.header else []) + list(s.rows)
    return "".join("   ".join(row) + "\n" for row in rows)


def drawn(s, bar, rule, *, outer=True, head=True, every=False):
    """A table drawn with bars; rule makes the line between."""
    size = widths(s)
    def line(row):
        text = f" {bar} ".join(pad(c, n) for c, n in zip(row, size))
        return f"{bar} {text} {bar}\n" if outer else f" {text}\n"
    made = [rule(size, 0)]
    if s.header and head:
        made += [line(s.columns), rule(size, 1)]
    for i, row in enumerate(s.rows):
        made.append(line(row))
        if every and i + 1 < len(s.rows):
            made.append(rule(size, 1))
    made.append(rule(size, 2))
    return "".join(made)


@writes("mysql table", "text/plain", True)
def _mysql(s):
    return drawn(s, "|", lambda size, k: "+" + "+".join(
        "-" * (n + 2) for n in size) + "+\n")


@writes("psql table", "text/plain", True)
def _psql(s):
    text = drawn(s, "|", lambda size, k: "+".join(
        "-" * (n + 2) for n in size) + "\n" if k == 1 else "", outer=False)
    return text + f"({len(s.rows)} rows)\n"


@writes("markdown", "text/markdown")
def _markdown(s):
    return drawn(s, "|", lambda size, k: "|" + "|".join(
        "-" * (n + 2) for n in size) + "|\n" if k == 1 else "")


@writes("box drawing", "text/plain", True)
def _box(s):
    ends = ("┌┬┐", "├┼┤", "└┴┘")
    return drawn(s, "│", lambda size, k: ends[k][0] + ends[k][1].join(
        "─" * (n + 2) for n in size) + ends[k][2] + "\n")


@writes("rst grid", "text/plain", True)
def _grid(s):
    return drawn(s, "|", lambda size, k: "+" + "+".join(
        ("=" if k == 1 else "-") * (n + 2) for n in size) + "+\n")


@writes("grid every row", "text/plain", True)
def _every(s):
    return drawn(s, "|", lambda size, k: "+" + "+".join(
        "-" * (n + 2) for n in size) + "+\n", every=True)


@writes("mail table", "text/plain", True)
def _mail(s):
    lines = drawn(s, "|", lambda size, k: "+" + "+".join(
        "-" * (n + 2) for n in size) + "+\n").splitlines()
    return ("Hi Ken,\n\nhere are the customers you asked for.\n\n"
            + "".join("> " + line + "\n" for line in lines)
            + "\nBest regards,\nTaro\n")


@writes("mail csv", "text/plain", True)
def _mail_csv(s):
    return ("Hi Ken,\n\nas discussed:\n\n"
            + "".join(separated(s, ", ", end="\n", always=False)).replace(
                "\n", "\n") + "\nBest regards,\nTaro\n")
