# SPDX-License-Identifier: GPL-3.0-or-later
"""bomb_kinds.py - files that grow, nest or turn in circles when unpacked.

BOMBS lists them: a name, a writer, and what must be told of them: LIMIT when
bytes are left out for a cap, ANY when one reason or another will do, NONE
when everything can be read in the time. It must not know how they are read.
"""

import bz2
import io
import lzma
import struct
import zipfile
import zlib

import ole
from making import Bench, run
from write_sheets import HEAD_XML, members, zipped

BOMBS = []
MIB = 1 << 20
LIMIT, ANY, NONE = "limit", "any", "none"


def bomb(name, told=LIMIT):
    """Enter a writer without arguments."""
    def enter(write):
        BOMBS.append((name, write, told))
        return write
    return enter


def _zeros(packer, mib):
    made = [packer.compress(bytes(MIB)) for _ in range(mib)]
    return b"".join(made) + packer.flush()


def _gz(data=None, mib=0):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    if data is None:
        return _zeros(packer, mib)
    return packer.compress(data) + packer.flush()


@bomb("gzip of 1 GiB zeros")
def gzip_zeros():
    return _gz(mib=1024)


@bomb("gzip twice")
def gzip_twice():
    return _gz(gzip_zeros())


@bomb("gzip three times")
def gzip_thrice():
    return _gz(gzip_twice())


@bomb("gzip 100 deep", ANY)
def gzip_deep():
    data = b"deep\n"
    for _ in range(100):
        data = _gz(data)
    return data


@bomb("gzip, a million empty members", NONE)
def gzip_members():
    return _gz(b"") * 1000000


@bomb("bzip2 of 256 MiB zeros")
def bzip2_zeros():
    return _zeros(bz2.BZ2Compressor(), 256)


@bomb("xz of 256 MiB zeros")
def xz_zeros():
    return _zeros(lzma.LZMACompressor(), 256)


@bomb("zstd of 1 GiB zeros")
def zstd_zeros():
    return run(["sh", "-c", "head -c 1G /dev/zero | zstd -qc19"])


@bomb("lz4 of 1 GiB zeros", NONE)
def lz4_zeros():
    return run(["sh", "-c", "head -c 1G /dev/zero | lz4 -qc"])


@bomb("zip of 1 GiB zeros")
def zip_zeros():
    return run(["sh", "-c", "head -c 1G /dev/zero | zip -q9 - -"])


@bomb("7z of 1 GiB zeros")
def seven_zeros():
    with Bench("x", b"") as bench:
        run(["sh", "-c", "head -c 1G /dev/zero | 7z a -bd -mx1 -si o.7z"],
            folder=bench.folder)
        return bench.get("o.7z")


@bomb("cab of 512 MiB zeros")
def cab_zeros():
    with Bench("x", b"") as bench:
        with open(bench.path("x"), "wb") as file:
            file.truncate(512 * MIB)
        bench.run("gcab", "-c", "-z", "o.cab", "x")
        return bench.get("o.cab")


def _entry(name, crc, packed, size, at):
    return struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc,
                       packed, size, len(name), 0, 0, 0, 0, 0, at) + name


@bomb("zip, 2,000 names for one entry", NONE)
def zip_overlapped():
    body = zlib.compress(bytes(22 * MIB), 9)[2:-4]
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0,
                       zlib.crc32(bytes(22 * MIB)), len(body), 22 * MIB, 1,
                       0) + b"a"
    names = b"".join(_entry(b"%d" % n, 0, len(body), 22 * MIB, 0)
                     for n in range(2000))
    return (head + body + names + struct.pack(
        "<4s4H2IH", b"PK\5\6", 0, 0, 2000, 2000, len(names),
        len(head + body), 0))


@bomb("zip, each entry quotes the next", ANY)
def zip_quoted():
    """Fifield: every entry is the stored head of the next, and the kernel."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = _zeros(kernel, 21)
    made, count = b"", 250
    for n in reversed(range(count)):
        inside = body if not made else made
        if made:
            quote = struct.pack("<BHH", 0, 30 + 4, 0xFFFF ^ 34)
            inside = quote + made
        head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, 0,
                           len(inside), 21 * MIB, 4, 0) + b"%04d" % n
        made = head + inside
    return made


@bomb("zip in zip, 16 each, six deep", ANY)
def zip_tree():
    data = zipped([("0", bytes(4 * MIB))])
    for _ in range(5):
        data = zipped([(f"{n:x}.zip", data) for n in range(16)])
    return data


@bomb("zip, 65,536 entries", NONE)
def zip_many():
    return zipped([(f"{n}.txt", b"x") for n in range(65536)],
                  method=zipfile.ZIP_STORED)


@bomb("tar, 65,536 entries", NONE)
def tar_many():
    import tarfile  # pylint: disable=import-outside-toplevel
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w",
                      format=tarfile.USTAR_FORMAT) as file:
        for n in range(65536):
            file.addfile(tarfile.TarInfo(f"{n}.txt"))
    return out.getvalue()[:32 * MIB]


LAUGHS = ('<!DOCTYPE x [<!ENTITY a0 "lol">' + "".join(
    f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, 10))
    + "]>")


@bomb("xml entities", NONE)
def xml_laughs():
    return (HEAD_XML + LAUGHS + "<x>&a9;</x>").encode()


def small_book():
    """An honest workbook."""
    from write_sheets import xlsx_dates  # pylint: disable=C0415
    import tables  # pylint: disable=import-outside-toplevel
    return xlsx_dates(tables.sheet("english", 3))


def _book(part, body):
    return zipped([(name, body if name == part else data)
                   for name, data in members(small_book())])


STRINGS = ('<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
           'main">')
SHEET = ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
         '2006/main"><sheetData>')


@bomb("xlsx with xml entities", NONE)
def xlsx_laughs():
    return _book("xl/sharedStrings.xml", (
        HEAD_XML + LAUGHS + STRINGS + "<si><t>&a9;</t></si></sst>").encode())


@bomb("xlsx, 10^6 columns", ANY)
def xlsx_columns():
    def name(n):
        text = ""
        while n:
            n, left = divmod(n - 1, 26)
            text = chr(65 + left) + text
        return text
    cells = "".join(f'<c r="{name(n)}1"><v>7</v></c>'
                    for n in range(1, 1000001))
    return _book("xl/worksheets/sheet1.xml", (
        HEAD_XML + SHEET + f'<row r="1">{cells}</row></sheetData></worksheet>'
    ).encode())


@bomb("xlsx, two million equal cells", NONE)
def xlsx_equal():
    row = "".join(f'<c r="{c}1" t="s"><v>0</v></c>' for c in "ABCDEFGHIJ")
    rows = f"<row>{row}</row>" * 200000
    return _book("xl/worksheets/sheet1.xml", (
        HEAD_XML + SHEET + rows + "</sheetData></worksheet>").encode())


@bomb("xlsx, 10^6 shared strings", NONE)
def xlsx_strings():
    items = "".join(f"<si><t>string number {n}</t></si>"
                    for n in range(1000000))
    return _book("xl/sharedStrings.xml",
                 (HEAD_XML + STRINGS + items + "</sst>").encode())


@bomb("xlsx, one string of 64 MiB", ANY)
def xlsx_string():
    return _book("xl/sharedStrings.xml", (
        HEAD_XML + STRINGS + "<si><t>" + "a" * (64 * MIB)
        + "</t></si></sst>").encode())


@bomb("xlsx, a string in every cell of 64 KiB", ANY)
def xlsx_multiplied():
    """One long shared string, told a hundred thousand times."""
    parts = dict(members(small_book()))
    parts["xl/sharedStrings.xml"] = (
        HEAD_XML + STRINGS + "<si><t>" + "a" * 65536
        + "</t></si></sst>").encode()
    parts["xl/worksheets/sheet1.xml"] = (
        HEAD_XML + SHEET + '<row><c t="s"><v>0</v></c></row>' * 100000
        + "</sheetData></worksheet>").encode()
    return zipped(list(parts.items()))


@bomb("docx, elements 10^6 deep", NONE)
def docx_deep():
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (HEAD_XML + f'<w:document xmlns:w="{space}">' + "<w:p>" * 1000000)
    return zipped([("[Content_Types].xml", b"<Types/>"),
                   ("word/document.xml", body.encode())])


@bomb("ods, a row repeated 10^6 times", NONE)
def ods_repeated():
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    body = (HEAD_XML + f'<office:document-content xmlns:office="{office}'
            f'office:1.0" xmlns:table="{office}table:1.0" xmlns:text="'
            f'{office}text:1.0"><office:body><office:spreadsheet><table:table'
            '><table:table-row table:number-rows-repeated="1048576"><table:'
            'table-cell table:number-columns-repeated="16384" office:value-'
            'type="string"><text:p>aaaaaaaaaaaaaaa</text:p></table:table-cell'
            '></table:table-row></table:table></office:spreadsheet></office:'
            "body></office:document-content>")
    return zipped([
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", body.encode())])


def _mime(body, kind):
    return (b"From: a@bank.example\r\nTo: b@drop.example\r\nSubject: x\r\n"
            b"MIME-Version: 1.0\r\nContent-Type: " + kind + b"\r\n\r\n" + body)


@bomb("mime, 100,000 multiparts deep", ANY)
def mime_deep():
    return _mime(b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (
            n, n + 1) for n in range(100000)), b"multipart/mixed; boundary=b0")


@bomb("mime, 10^6 empty parts", NONE)
def mime_parts():
    return _mime(b"--b\r\n\r\n\r\n" * 1000000 + b"--b--\r\n",
                 b"multipart/mixed; boundary=b")


@bomb("quoted-printable, 2 million soft breaks", NONE)
def quoted():
    return _mime(b"=\r\n" * 2000000, b"text/plain\r\nContent-Transfer-"
                 b"Encoding: quoted-printable")


@bomb("mails in mails, 1,000 deep", ANY)
def mails_deep():
    return _mime(b"", b"message/rfc822") * 1000


@bomb("base64 30 times", ANY)
def base64_deep():
    import base64  # pylint: disable=import-outside-toplevel
    data = b"deep\n" * 4
    for _ in range(30):
        data = base64.encodebytes(data)
    return data[:8 * MIB]


def pdf(objects, trailer=b"<< /Root 1 0 R /Size 9 >>"):
    """A PDF of objects, with a table of their places."""
    out, places = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % n + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)


def _page(stream, more=b""):
    return [b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] "
            b"/Contents 4 0 R >>",
            b"<< /Length %d %s >>\nstream\n" % (len(stream), more) + stream
            + b"\nendstream"]


@bomb("pdf, a stream of 1 GiB", ANY)
def pdf_stream():
    body = _zeros(zlib.compressobj(9), 1024)
    return pdf(_page(body, b"/Filter /FlateDecode"))


@bomb("pdf, a filter 100 times", ANY)
def pdf_filters():
    data = b" " * 1000
    for _ in range(100):
        data = zlib.compress(data, 9)
    return pdf(_page(data, b"/Filter [" + b"/FlateDecode " * 100 + b"]"))


@bomb("pdf, a page tree in a circle", ANY)
def pdf_circle():
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 9 >>",
                b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 "
                b"/Parent 2 0 R >>"])


@bomb("pdf, tables that name one another", ANY)
def pdf_tables():
    made = pdf(_page(b""))
    at = made.index(b"xref\n")
    return made.replace(b"/Size 9", b"/Prev %d /Size 9" % at)


@bomb("pdf, object streams in each other", ANY)
def pdf_streams():
    head = b"5 0 "
    return pdf([b"<< /Type /Catalog /Pages 5 0 R >>",
                b"<< /Type /ObjStm /N 1 /First 4 /Length 8 /Extends 3 0 R >>"
                b"\nstream\n" + head + b"null\nendstream",
                b"<< /Type /ObjStm /N 1 /First 4 /Length 8 /Extends 2 0 R >>"
                b"\nstream\n" + head + b"null\nendstream"])


@bomb("ole, a table in a circle", ANY)
def ole_circle():
    made = bytearray(ole.compound([("Workbook", bytes(200000))]))
    fat = struct.unpack_from("<I", made, 76)[0]
    at = 512 + fat * 512
    struct.pack_into("<128I", made, at, *([0] * 128))
    return bytes(made)


@bomb("ole, names in a circle", ANY)
def ole_names():
    made = bytearray(ole.compound([("Workbook", bytes(9000)),
                                   ("Other", bytes(9000))]))
    names = 512 + struct.unpack_from("<I", made, 48)[0] * 512
    for n in range(3):
        struct.pack_into("<III", made, names + 128 * n + 68, 1, 2, 1)
    return bytes(made)


@bomb("ole, a double table in a circle", ANY)
def ole_difat():
    made = bytearray(ole.compound([("Workbook", bytes(200000))]))
    struct.pack_into("<II", made, 68, 0, 0xFFFFFFF0)
    struct.pack_into("<I", made, 512 + 508, 0)
    return bytes(made)


@bomb("sqlite, pages in a circle", NONE)
def sqlite_circle():
    from write_dumps import sqlite  # pylint: disable=C0415
    import tables  # pylint: disable=import-outside-toplevel
    made = bytearray(sqlite(tables.sheet("english", 200)))
    for at in range(4096, len(made), 4096):
        if made[at] == 5:
            struct.pack_into(">I", made, at + 8, at // 4096 + 1)
    return bytes(made)


@bomb("iso, a folder in itself", ANY)
def iso_circle():
    with Bench("d/e/f.txt", b"x\n") as bench:
        bench.run("genisoimage", "-quiet", "-o", "o.iso", "d")
        made = bytearray(bench.get("o.iso"))
    root = struct.unpack_from("<I", made, 16 * 2048 + 158)[0]
    at = root * 2048
    while made[at]:
        struct.pack_into("<I", made, at + 2, root)
        at += made[at]
    return bytes(made)


@bomb("tar, an entry of 8 EiB", NONE)
def tar_huge():
    import tarfile  # pylint: disable=import-outside-toplevel
    info = tarfile.TarInfo("x")
    info.size = (1 << 63) - 1
    return info.tobuf(tarfile.GNU_FORMAT) + b"a" * MIB


@bomb("csv, a line of 64 MiB", NONE)
def csv_line():
    return b"a,b,c" * (64 * MIB // 5)


@bomb("csv, 10^6 columns", NONE)
def csv_columns():
    return (b"1," * 1000000 + b"\n") * 8


@bomb("csv, an open quote", NONE)
def csv_quote():
    return b'a,b,"c\n' + b"x,y,z\n" * (4 * MIB)
