# SPDX-License-Identifier: GPL-3.0-or-later
"""pack_archives.py - one file in an archive, by the archivers themselves.

It must not know how anything is found.
"""

import io
import tarfile
import zipfile

import rar
from making import Bench, container, run
from write_sheets import zipped

NOTE = b"Handed over as agreed.\n"


def _zip(*options):
    def write(data, name):
        with Bench(name, data) as bench:
            bench.put("read me.txt", NOTE)
            bench.run("zip", "-qX", *options, "out.zip", "read me.txt", name)
            return bench.get("out.zip")
    return write


ZIP = "application/zip"
container("zip", "zip", ZIP)(_zip())
container("zip stored", "zip", ZIP)(_zip("-0"))
container("zip bzip2", "zip", ZIP)(_zip("-Z", "bzip2"))
container("zip64", "zip", ZIP)(_zip("-fz"))


@container("zip streamed", "zip", ZIP)
def zip_streamed(data, name):
    """Through a pipe: data descriptors."""
    with Bench(name, data) as bench:
        return bench.run("zip", "-qX", "-", name)


@container("zip64 streamed", "zip", ZIP)
def zip64_streamed(data, name):
    """Through two pipes: zip64 descriptors."""
    packed = run(["zip", "-q", "-fz", "-", "-"], data)
    assert packed[:2] == b"PK" and name
    return packed


@container("zip stored streamed", "zip", ZIP)
def zip_stored_streamed(data, name):
    """Stored entries whose sizes stand behind them."""
    return zipped([("read me.txt", NOTE), (name, data)], True,
                  zipfile.ZIP_STORED)


@container("zip lzma", "zip", ZIP)
def zip_lzma(data, name):
    """Method 14."""
    return zipped([(name, data)], method=zipfile.ZIP_LZMA)


@container("zip with text in front", "zip", ZIP)
def zip_behind(data, name):
    """A self-extractor's shape: a script and then the zip."""
    return b"#!/bin/sh\nexec unzip $0\n" + zipped([(name, data)])


def _seven(kind, *options):
    def write(data, name):
        with Bench(name, data) as bench:
            bench.put("read me.txt", NOTE)
            bench.run("7z", "a", "-bd", f"-t{kind}", *options, "out",
                      "read me.txt", name)
            ending = {"zip": ".zip", "7z": ".7z"}[kind]
            return bench.get("out" + ending)
    return write


container("zip 7-Zip", "zip", ZIP)(_seven("zip"))
container("zip deflate64", "zip", ZIP)(_seven("zip", "-mm=Deflate64"))
SEVEN = "application/x-7z-compressed"
container("7z", "7z", SEVEN)(_seven("7z"))
container("7z lzma", "7z", SEVEN)(_seven("7z", "-m0=lzma"))
container("7z bzip2", "7z", SEVEN)(_seven("7z", "-m0=bzip2"))
container("7z ppmd", "7z", SEVEN)(_seven("7z", "-m0=ppmd"))
container("7z copy", "7z", SEVEN)(_seven("7z", "-m0=copy"))


def _tar(dialect):
    def write(data, name):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=dialect) as file:
            for one, body in (("read me.txt", NOTE), (name, data)):
                info = tarfile.TarInfo(one)
                info.size, info.mtime = len(body), 1312506000
                file.addfile(info, io.BytesIO(body))
        return out.getvalue()
    return write


TAR = "application/x-tar"
container("tar ustar", "tar", TAR)(_tar(tarfile.USTAR_FORMAT))


@container("tar gnu", "tar", TAR)
def tar_gnu(data, name):
    """GNU tar with a long name."""
    with Bench("a" * 60 + "/" + "b" * 60 + "/" + name, data) as bench:
        return bench.run("tar", "--format=gnu", "-cf", "-", bench.name)


@container("tar pax", "tar", TAR)
def tar_pax(data, name):
    """GNU tar, pax headers and a Japanese name."""
    with Bench("顧客/" + "b" * 90 + "/" + name, data) as bench:
        return bench.run("tar", "--format=pax", "-cf", "-", bench.name)


@container("tar v7", "tar", TAR)
def tar_v7(data, name):
    """Without any magic."""
    with Bench(name, data) as bench:
        return bench.run("tar", "--format=v7", "-cf", "-", name)


@container("tar bsdtar", "tar", TAR)
def tar_bsd(data, name):
    """libarchive's own."""
    with Bench(name, data) as bench:
        return bench.run("bsdtar", "-cf", "-", name)


@container("tar.gz", "tgz", "application/gzip")
def tar_gz(data, name):
    """As everybody does it."""
    with Bench(name, data) as bench:
        return bench.run("tar", "-czf", "-", name)


def _cpio(dialect):
    def write(data, name):
        with Bench(name, data) as bench:
            return run(["cpio", "-o", "--quiet", "-H", dialect],
                       name.encode() + b"\n", bench.folder)
    return write


for _one in ("newc", "odc", "bin", "crc"):
    container(f"cpio {_one}", "cpio", "application/x-cpio")(_cpio(_one))


@container("ar", "a", "application/x-archive")
def ar_file(data, name):
    """As binutils writes it."""
    with Bench(name, data) as bench:
        bench.run("ar", "rcD", "out.a", name)
        return bench.get("out.a")


@container("deb", "deb", "application/vnd.debian.binary-package")
def deb(data, name):
    """A package with the file in it."""
    with Bench("root/usr/share/" + name, data) as bench:
        bench.put("root/DEBIAN/control",
                  b"Package: list\nVersion: 1\nArchitecture: all\nMaintainer:"
                  b" Nobody <nobody@bank.example>\nDescription: list\n")
        bench.run("dpkg-deb", "--root-owner-group", "-Zxz", "-b", "root",
                  "out.deb")
        return bench.get("out.deb")


def _cab(*options):
    def write(data, name):
        with Bench(name, data) as bench:
            bench.run("gcab", "-c", *options, "out.cab", name)
            return bench.get("out.cab")
    return write


CAB = "application/vnd.ms-cab-compressed"
container("cab", "cab", CAB)(_cab("-z"))
container("cab stored", "cab", CAB)(_cab())


def _iso(program, *options):
    def write(data, name):
        with Bench("files/" + name, data) as bench:
            bench.run(*program, *options, "-o", "out.iso", "files")
            return bench.get("out.iso")
    return write


ISO = "application/x-iso9660-image"
container("iso", "iso", ISO)(_iso(["genisoimage", "-quiet"]))
container("iso joliet", "iso", ISO)(
    _iso(["genisoimage", "-quiet", "-J", "-R"]))
container("iso xorriso", "iso", ISO)(
    _iso(["xorriso", "-as", "mkisofs", "-quiet", "-R"]))


def _lha(*options):
    def write(data, name):
        with Bench(name, data) as bench:
            bench.run("jlha", *options, "out.lzh", name)
            return bench.get("out.lzh")
    return write


LHA = "application/x-lzh-compressed"
container("lha lh5", "lzh", LHA)(_lha("-ao5"))
container("lha lh7", "lzh", LHA)(_lha("-ao7"))
container("lha lh0", "lzh", LHA)(_lha("-az"))

RAR = "application/vnd.rar"


@container("rar4", "rar", RAR)
def rar4(data, name):
    """Stored, from the specification."""
    return rar.four(name, data)


@container("rar5", "rar", RAR)
def rar5(data, name):
    """Stored, from the specification."""
    return rar.five(name, data)


@container("arj", "arj", "application/x-arj")
def arj(data, name):
    """A stated unread."""
    with Bench(name, data) as bench:
        bench.run("arj", "a", "-y", "-i", "out.arj", name)
        return bench.get("out.arj")


@container("xar", "xar", "application/x-xar")
def xar(data, name):
    """libarchive's own."""
    with Bench(name, data) as bench:
        return bench.run("bsdtar", "--format=xar", "-cf", "-", name)
