# SPDX-License-Identifier: GPL-3.0-or-later
"""pack_streams.py - one file packed by a compressor or an encoding.

It must not know how anything is found.
"""

import base64
import bz2
import gzip
import lzma
import zlib

from making import container, run
from write_mails import uuencoded, yencoded

PIECES = 3


def _pieces(data):
    share = -(-len(data) // PIECES)
    return [data[i:i + share] for i in range(0, len(data), share)] or [b""]


@container("gzip", "gz", "application/gzip")
def gzip_one(data, _):
    """One member."""
    return run(["gzip", "-nc"], data)


@container("gzip members", "gz", "application/gzip")
def gzip_members(data, _):
    """Three members in a row."""
    return b"".join(gzip.compress(one, mtime=0) for one in _pieces(data))


@container("zlib", "zz")
def zlib_file(data, _):
    """RFC 1950."""
    return zlib.compress(data)


@container("deflate", "deflate")
def deflate_file(data, _):
    """RFC 1951 without any wrapper."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@container("brotli", "br")
def brotli_file(data, _):
    """By the program."""
    return run(["brotli", "-c", "-q", "5", "-"], data)


@container("zstd", "zst", "application/zstd")
def zstd_file(data, _):
    """With a checksum, as the program does."""
    return run(["zstd", "-qc"], data)


@container("zstd frames", "zst", "application/zstd")
def zstd_frames(data, _):
    """Three frames and one to skip."""
    skip = b"\x50\x2a\x4d\x18\x04\0\0\0skip"
    return skip + b"".join(run(["zstd", "-qc"], one) for one in _pieces(data))


@container("xz", "xz", "application/x-xz")
def xz_file(data, _):
    """One stream."""
    return run(["xz", "-cT1"], data)


@container("xz streams", "xz", "application/x-xz")
def xz_streams(data, _):
    """Three streams with padding between."""
    return b"\0\0\0\0".join(lzma.compress(one) for one in _pieces(data))


@container("lzma", "lzma", "application/x-lzma")
def lzma_file(data, _):
    """LZMA alone, written to a pipe: size unknown."""
    return run(["xz", "--format=lzma", "-c"], data)


@container("lzma sized", "lzma", "application/x-lzma")
def lzma_sized(data, _):
    """LZMA alone with the size in front, as 7-Zip and LZMA SDK write it."""
    made = bytearray(lzma.compress(data, format=lzma.FORMAT_ALONE))
    made[5:13] = len(data).to_bytes(8, "little")
    return bytes(made)


@container("bzip2", "bz2", "application/x-bzip2")
def bzip2_file(data, _):
    """One stream."""
    return run(["bzip2", "-c"], data)


@container("bzip2 streams", "bz2", "application/x-bzip2")
def bzip2_streams(data, _):
    """Three streams, as pbzip2 writes."""
    return b"".join(bz2.compress(one) for one in _pieces(data))


@container("lz4", "lz4", "application/x-lz4")
def lz4_file(data, _):
    """One frame."""
    return run(["lz4", "-qc"], data)


@container("lz4 linked", "lz4", "application/x-lz4")
def lz4_linked(data, _):
    """Blocks that depend on one another, with the size of the content."""
    return run(["lz4", "-qc", "-9", "-BD", "-B4", "--content-size"], data)


@container("lz4 legacy", "lz4", "application/x-lz4")
def lz4_legacy(data, _):
    """The form of the Linux kernel."""
    return run(["lz4", "-qlc"], data)


@container("compress", "Z", "application/x-compress")
def compress_file(data, _):
    """LZW of up to 16 bits."""
    return run(["compress", "-fc"], data)


@container("compress 12", "Z", "application/x-compress")
def compress_twelve(data, _):
    """LZW of up to 12 bits."""
    return run(["compress", "-fc", "-b", "12"], data)


@container("base64", "b64", "text/plain")
def base64_file(data, _):
    """Lines of 76."""
    return base64.encodebytes(data)


@container("uuencode", "uu", "text/plain")
def uuencode_file(data, name):
    """A file alone."""
    return uuencoded(data, name)


@container("yenc", "ync", "application/octet-stream")
def yenc_file(data, name):
    """A file alone."""
    return yencoded(data, name)


@container("openssl signed", "p7m", "application/pkcs7-mime")
def signed(data, _):
    """Opaque S/MIME: signed, not closed."""
    from sealing import identity  # pylint: disable=import-outside-toplevel
    with identity() as bench:
        bench.put("in", data)
        return bench.run("openssl", "cms", "-sign", "-binary", "-nodetach",
                         "-in", "in", "-signer", "cert.pem", "-inkey",
                         "key.pem", "-outform", "DER")


@container("openpgp compressed", "pgp", "application/pgp-encrypted")
def openpgp_store(data, _):
    """Literal data in a compressed packet, not closed."""
    return run(["gpg", "--batch", "--store", "-z", "6", "-o", "-"], data)
