#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""cuts.py - however a stream is cut, its records are the same.

    cuts.py [--count N] [--format TEXT] [--charset TEXT] [--every N]
            [--places N] [--jobs N] [--wraps]

Feeds every cell of cross.py (every format, charset, order, header or none) to
the decoders and detectors in packets, and then again cut otherwise: byte by
byte, in steps of 7, 33 and 4,096 bytes that begin anywhere, in two pieces, all
at once. --wraps does the same for the uploads of damage.py: chunks of HTTP,
Base64, quoted-printable. The records must be the same each time. Exit status
1: they were not.

It must not know how anything is found.
"""

import argparse
import multiprocessing
import sys

import cross
import customers
import damage
import feeding
import tables

STEPS = (1, 7, 33, 4096)


def uncut(feeder, size, source, places):
    """The first cut that changes records of what is loaded, or None."""
    feeder.read()
    cuts = [(0, 0)] + [(source.below(step), step) for step in STEPS]
    cuts += [(source.below(size), 0) for _ in range(places)]
    for at, step in cuts:
        changes = feeder.ask(f"cut {at} {step}")
        if changes:
            return f"cut {at} {step}: {len(changes)} records differ"
    return None


class Unit(cross.Unit):
    """All cells of one language, order and header."""

    source = None

    def look(self, feeder, truth, sheet):
        """Which cut changes anything; None when none does."""
        self.source = self.source or customers.Source(
            f"cuts:{self.language}:{self.order}:{self.header}")
        return uncut(feeder, feeder.size, self.source, self.given.places)


def run_unit(what):
    """One unit, in a process of its own."""
    return Unit(*what).run()


def run_wrap(what):
    """One upload of damage.py."""
    number, language, wrap, given = what
    form = tables.all_formats()[number]
    sheet = tables.sheet(language, given.count)
    data = damage.WRAPS[wrap](form, form.write(sheet), language)
    if data is None:
        return []
    with feeding.Feeder() as feeder:
        feeder.load(data)
        said = uncut(feeder, len(data), customers.Source("cuts:" + form.name),
                     given.places)
    return [(form.name, wrap, language, said)]


def options():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--format", default="")
    parser.add_argument("--charset", default="")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--places", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--wraps", action="store_true")
    parser.set_defaults(declare="none")
    return parser.parse_args()


def main():
    """The command line; exits 1 when a cut changes records."""
    given = options()
    if given.wraps:
        work, todo = run_wrap, [
            (number, language, wrap, given)
            for number, form in enumerate(tables.all_formats())
            if given.format in form.name
            for language in tables.LANGUAGES for wrap in damage.WRAPS]
        todo = todo[::given.every]
    else:
        work, todo = run_unit, [
            (language, order, header, given) for language in tables.LANGUAGES
            for order in tables.ORDERS for header in (True, False)]
    with multiprocessing.Pool(given.jobs) as pool:
        done = [cell for part in pool.map(work, todo, 1) for cell in part]
    bad = [cell for cell in done if cell[-1]]
    for cell in bad:
        print("FAILS", " | ".join(cell[:-1]) + ":", cell[-1])
    print(f"{len(done) - len(bad)} of {len(done)} cells")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
