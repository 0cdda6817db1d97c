# SPDX-License-Identifier: GPL-3.0-or-later
"""making.py - what the writers of tests/peel share.

DOCUMENTS lists what a table can be written as, CONTAINERS what bytes can be
packed in. Both are filled by the modules that writers() names. A writer
whose program is not installed raises Missing: its cells are left out and
told, never counted as good.

It must not know how anything is found.
"""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "tests", "accuracy"),
                os.path.join(ROOT, "pcaps", "make")]

DOCUMENTS = []
CONTAINERS = []
SECONDS = 900


class Missing(Exception):
    """A program or module that is not installed."""


class Kind:
    """A document or container: its name, file ending, media type, writer."""

    def __init__(self, name, ending, media, write):
        self.name = name
        self.ending = ending
        self.media = media
        self.write = write


def document(name, ending, media="application/octet-stream"):
    """Enter a writer of a table: Sheet in, bytes out."""
    def enter(write):
        DOCUMENTS.append(Kind(name, ending, media, write))
        return write
    return enter


def container(name, ending, media="application/octet-stream"):
    """Enter a packer: bytes and their file name in, bytes out."""
    def enter(write):
        CONTAINERS.append(Kind(name, ending, media, write))
        return write
    return enter


def need(program):
    """The path of a program, or Missing."""
    path = shutil.which(program)
    if not path:
        raise Missing(program)
    return path


def run(words, data=None, folder=None):
    """Standard output of a program."""
    need(words[0])
    done = subprocess.run(words, input=data, cwd=folder, check=False,
                          capture_output=True, timeout=SECONDS)
    if done.returncode:
        said = (done.stderr + done.stdout).decode(errors="replace")
        raise RuntimeError(f"{' '.join(words)}: {said[-400:]}")
    return done.stdout


class Bench:
    """A folder for a moment, with one file in it."""

    def __init__(self, name, data):
        self.name = name
        self.data = data
        self.folder = None

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="peel-")
        self.put(self.name, self.data)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def path(self, name):
        """A file of the folder."""
        return os.path.join(self.folder, name)

    def put(self, name, data):
        """Make a file; its time is always the same."""
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            file.write(data)
        os.utime(self.path(name), (1312506000, 1312506000))

    def run(self, *words):
        """Run a program in the folder."""
        return run(list(words), folder=self.folder)

    def get(self, name):
        """The bytes of a file."""
        with open(self.path(name), "rb") as file:
            return file.read()


def writers():
    """All documents and containers."""
    if not CONTAINERS:
        # pylint: disable=import-outside-toplevel,unused-import
        import write_sheets  # noqa: F401
        import write_papers  # noqa: F401
        import write_mails  # noqa: F401
        import write_dumps  # noqa: F401
        import pack_streams  # noqa: F401
        import pack_archives  # noqa: F401
    return DOCUMENTS, CONTAINERS
