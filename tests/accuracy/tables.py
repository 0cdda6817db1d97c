# SPDX-License-Identifier: GPL-3.0-or-later
"""tables.py - one table of customers, written in every format we know.

FORMATS lists them: a writer takes a Sheet (columns, rows, what of it is
said) and gives text, which encode() turns into bytes of a charset. The
writers write as the programs do that people use: spreadsheets, databases,
address books, loggers and letters.

It must not invent customers or look at what is found.
"""

import customers

LANGUAGES = ("english", "japanese")
ORDERS = ("as is", "reversed", "shuffled")

FORMATS = []


class Sheet:
    """A table to be written: rows of text under columns with types."""

    def __init__(self, columns, types, rows, header=True):
        self.columns = list(columns)
        self.types = list(types)
        self.rows = rows
        self.header = header

    @property
    def keys(self):
        """Names for formats whose values have keys; c1, c2 without header."""
        if self.header:
            return self.columns
        return [f"c{i + 1}" for i in range(len(self.columns))]

    def place(self, kind):
        """The column of a type, or None."""
        return self.types.index(kind) if kind in self.types else None


class Format:
    """A way to write a table, its media type, and what it can write."""

    def __init__(self, name, write, media, headless):
        self.name = name
        self.write = write
        self.media = media
        self.headless = headless


def writes(name, media="text/plain", headless=False):
    """Enter a writer; headless: it can also write without a header."""
    def enter(write):
        FORMATS.append(Format(name, write, media, headless))
        return write
    return enter


def sheet(language, count, order="as is", header=True):
    """The table of a language with its columns in some order."""
    make = {"english": customers.accounts, "japanese": customers.japan}
    table = make[language](count, "matrix")
    places = list(range(len(table.columns)))
    if order == "reversed":
        places.reverse()
    elif order == "shuffled":
        customers.Source("order:" + language).shuffle(places)
    return Sheet([table.columns[i] for i in places],
                 [table.types[i] for i in places],
                 [tuple(row[i] for i in places) for row in table.rows],
                 header)


def encode(text, charset):
    """Text as bytes of a charset; None when it cannot be written in it."""
    try:
        return text.encode(charset)
    except UnicodeEncodeError:
        return None


def all_formats():
    """The formats of every module of writers, in the order of the table."""
    import write_lines
    import write_trees
    import write_texts
    assert write_lines and write_trees and write_texts
    return FORMATS
