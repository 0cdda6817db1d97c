# SPDX-License-Identifier: GPL-3.0-or-later
"""sealing.py - one file closed with a password or key, in every way.

SEALS lists them: a name, the kind that an alert must tell, a writer of bytes
and file name. It must not know how anything is found.
"""

import contextlib
import hashlib
import io
import os
import struct

import ole
import rar
from making import Bench, run

WORD = "correct horse"
SEALS = []


def seal(name, kind):
    """Enter a writer: bytes of a CSV file in, sealed bytes out."""
    def enter(write):
        SEALS.append((name, kind, write))
        return write
    return enter


@contextlib.contextmanager
def identity():
    """A folder with a key and a certificate of somebody."""
    with Bench("in", b"") as bench:
        bench.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                  "-subj", "/CN=drop.example", "-days", "3650", "-keyout",
                  "key.pem", "-out", "cert.pem")
        yield bench


def _tool(out, *words):
    def write(data, name):
        with Bench(name, data) as bench:
            bench.run(*[name if word == "@" else word for word in words])
            return bench.get(out)
    return write


seal("zip ZipCrypto", "zip")(
    _tool("o.zip", "zip", "-qX", "-P", WORD, "o.zip", "@"))
seal("zip ZipCrypto stored", "zip")(
    _tool("o.zip", "zip", "-qX0", "-P", WORD, "o.zip", "@"))
seal("zip AES-256", "zip")(
    _tool("o.zip", "7z", "a", "-bd", "-tzip", "-mem=AES256", "-p" + WORD,
          "o.zip", "@"))
seal("zip AES-128", "zip")(
    _tool("o.zip", "7z", "a", "-bd", "-tzip", "-mem=AES128", "-p" + WORD,
          "o.zip", "@"))
seal("7z", "7z")(
    _tool("o.7z", "7z", "a", "-bd", "-p" + WORD, "o.7z", "@"))
seal("7z headers", "7z")(
    _tool("o.7z", "7z", "a", "-bd", "-mhe=on", "-p" + WORD, "o.7z", "@"))
seal("arj garbled", "arj")(
    _tool("o.arj", "arj", "a", "-y", "-i", "-g" + WORD.replace(" ", ""),
          "o.arj", "@"))


def noise(data, label=b""):
    """As many bytes that look like chance, always the same."""
    made = hashlib.shake_256(b"peel" + label)
    return made.digest(len(data))


@seal("rar4", "rar")
def rar4(data, name):
    """The data closed, the name open."""
    return rar.four(name, noise(data), 0x404)


@seal("rar5", "rar5")
def rar5(data, name):
    """The data closed, the name open."""
    return rar.five(name, noise(data), True)


@seal("rar5 headers", "rar5")
def rar5_headers(data, _):
    """Everything closed."""
    return rar.five_headers(noise(data))


def _pgp(*options):
    def write(data, _):
        with Bench("in", data) as bench:
            os.mkdir(bench.path("home"), 0o700)
            base = ["gpg", "--homedir", bench.path("home"), "--batch", "-q",
                    "--pinentry-mode", "loopback", "--passphrase", WORD]
            if "-r" in options:
                bench.run(*base[:-2], "--passphrase", "", "--quick-gen-key",
                          "drop@mail.example", "rsa2048", "encr", "never")
            bench.run(*base, "--trust-model", "always", *options, "-o", "out",
                      "in")
            with contextlib.suppress(RuntimeError):
                bench.run("gpgconf", "--homedir", bench.path("home"),
                          "--kill", "all")
            return bench.get("out")
    return write


seal("OpenPGP password", "openpgp")(_pgp("-c"))
seal("OpenPGP key", "openpgp")(_pgp("-e", "-r", "drop@mail.example"))
seal("OpenPGP armour", "openpgp")(_pgp("-c", "-a"))
seal("OpenPGP old", "openpgp")(
    _pgp("-c", "--rfc2440", "--cipher-algo", "CAST5"))


def _cms(form, *options):
    def write(data, _):
        with identity() as bench:
            bench.put("in", data)
            return bench.run("openssl", "cms", "-encrypt", "-binary", "-in",
                             "in", "-outform", form, *options, "cert.pem")
    return write


seal("S/MIME mail", "smime")(_cms("SMIME", "-aes256"))
seal("S/MIME DER", "smime")(_cms("DER", "-aes256"))
seal("S/MIME PEM", "smime")(_cms("PEM", "-aes-128-gcm"))


def _age(*options):
    def write(data, _):
        with Bench("in", data) as bench:
            bench.run("age-keygen", "-o", "key")
            key = bench.get("key").decode().split("public key: ")[1].split()[0]
            bench.run("age", *options, "-r", key, "-o", "out", "in")
            return bench.get("out")
    return write


seal("age", "age")(_age())
seal("age armour", "age")(_age("-a"))


@seal("LUKS1", "luks")
def luks1(data, _):
    """A small volume; its payload is chance."""
    return _luks(data, "luks1")


@seal("LUKS2", "luks")
def luks2(data, _):
    """A small volume; its payload is chance."""
    return _luks(data, "luks2")


def _luks(data, kind):
    with Bench("disk", b"") as bench:
        room = 17 << 20 if kind == "luks2" else 3 << 20
        with open(bench.path("disk"), "wb") as file:
            file.truncate(room)
        words = ["cryptsetup", "luksFormat", "-q", "--type", kind,
                 "--pbkdf-force-iterations",
                 "4" if kind == "luks2" else "1000", "disk", "-"]
        if kind == "luks2":
            words[-2:-2] = ["--pbkdf-memory", "32", "--pbkdf", "argon2id"]
        run(words, WORD.encode(), bench.folder)
        return bench.get("disk") + noise(data, b"luks")


def _pages(data):
    """A table of the bytes, to be sealed as an office file."""
    return [line.split(",")[:3] for line in data.decode().splitlines()]


@seal("SQLCipher", "blob")
def sqlcipher(data, _):
    """A database closed as a whole."""
    with Bench("in", b"") as bench:
        script = [f"PRAGMA key = '{WORD}';", "CREATE TABLE t (a, b, c);",
                  "BEGIN;"]
        for row in _pages(data):
            cells = [("'" + cell.replace("'", "''") + "'") for cell in row]
            script.append("INSERT INTO t VALUES (" + ", ".join(
                (cells + ["''"] * 3)[:3]) + ");")
        run(["sqlcipher", bench.path("out.db")],
            "\n".join([*script, "COMMIT;"]).encode())
        return bench.get("out.db")


def _pdf(bits):
    def write(data, _):
        from reportlab.pdfgen import canvas  # pylint: disable=C0415
        out = io.BytesIO()
        page = canvas.Canvas(out, invariant=1)
        for i, line in enumerate(data.decode("ascii", "replace")
                                 .splitlines()):
            page.drawString(20, 800 - 12 * (i % 60), line[:90])
            if i % 60 == 59:
                page.showPage()
        page.save()
        with Bench("in.pdf", out.getvalue()) as bench:
            more = ["--allow-weak-crypto"] if bits != "256" else []
            bench.run("qpdf", *more, "--encrypt", "reader", "owner", bits,
                      "--", "in.pdf", "out.pdf")
            return bench.get("out.pdf")
    return write


seal("PDF RC4-40", "pdf")(_pdf("40"))
seal("PDF RC4-128", "pdf")(_pdf("128"))
seal("PDF AES-256", "pdf")(_pdf("256"))


def _office(ending, to):
    """LibreOffice asks nobody when a macro hands it the password."""
    def write(data, _):
        with Bench("c.csv", data) as bench:
            bench.put("save.py", SAVE.encode())
            run(["/usr/bin/python3", "save.py", bench.folder, "c.csv",
                 "out." + ending, to, WORD], folder=bench.folder)
            return bench.get("out." + ending)
    return write


SAVE = r'''
import os, subprocess, sys, time
import uno
from com.sun.star.beans import PropertyValue
folder, name, out, form, word = sys.argv[1:]
pipe = "peel%d" % os.getpid()
run = subprocess.Popen(["soffice", "-env:UserInstallation=file://%s/u" % folder,
    "--headless", "--norestore", "--accept=pipe,name=%s;urp;" % pipe],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
here = uno.getComponentContext()
find = here.ServiceManager.createInstanceWithContext(
    "com.sun.star.bridge.UnoUrlResolver", here)
for _ in range(200):
    try:
        there = find.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext"
                             % pipe)
        break
    except Exception:
        time.sleep(0.1)
desk = there.ServiceManager.createInstanceWithContext(
    "com.sun.star.frame.Desktop", there)
def p(**more):
    return tuple(PropertyValue(Name=k, Value=v) for k, v in more.items())
doc = desk.loadComponentFromURL("file://%s/%s" % (folder, name), "_blank", 0,
                                p(Hidden=True))
doc.storeToURL("file://%s/%s" % (folder, out), p(FilterName=form,
                                                 Password=word))
doc.close(True)
try:
    desk.terminate()
except Exception:
    pass
run.wait(20)
'''

AGILE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<encryption '
    'xmlns="http://schemas.microsoft.com/office/2006/encryption" xmlns:p='
    '"http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
    '<keyData saltSize="16" blockSize="16" keyBits="256" hashSize="64" '
    'cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm='
    '"SHA512" saltValue="AAAAAAAAAAAAAAAAAAAAAA=="/></encryption>')


def _sealed_office(info):
    """[MS-OFFCRYPTO]: two streams of a compound file."""
    def write(data, _):
        body = noise(data + bytes(-len(data) % 16))
        return ole.compound([
            ("EncryptionInfo", info),
            ("EncryptedPackage", struct.pack("<Q", len(data)) + body)])
    return write


seal("xlsx agile", "ooxml")(_sealed_office(
    struct.pack("<HHI", 4, 4, 0x40) + AGILE.encode()))
seal("docx standard", "ooxml")(_sealed_office(
    struct.pack("<HHI", 4, 2, 0x24) + bytes(220)))
seal("ods", "odf")(_office("ods", "calc8"))
seal("xls", "xls")(_office("xls", "MS Excel 97"))


@seal("blob", "blob")
def blob(data, _):
    """Bytes like chance, of nothing we know."""
    return noise(data)


@seal("openssl enc", "openssl")
def openssl(data, _):
    """Salted__ in front."""
    return run(["openssl", "enc", "-aes-256-cbc", "-pbkdf2", "-pass",
                "pass:" + WORD], data)
