# SPDX-License-Identifier: GPL-3.0-or-later
"""mutations.py - the captures of pcaps/make/mutations.list, made once.

They are kept below the build directory under a name that changes with the
generator, so a second run of the tests does not make them again.

It must not judge what the program says about them.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys

import program

ROWS = 1500
MAKE = os.path.join(program.PCAPS, "make")


def listed():
    """[(name, words for mutate.py)]."""
    with open(os.path.join(MAKE, "mutations.list"), encoding="utf-8") as file:
        lines = [line.split() for line in file]
    return [(words[0], words[1:]) for words in lines
            if words and words[0][0] not in "#/"]


def store():
    """The folder of generated captures, named after the generator."""
    state = hashlib.sha256(str(ROWS).encode())
    for name in sorted(os.listdir(MAKE)):
        if name.endswith((".py", ".list")):
            with open(os.path.join(MAKE, name), "rb") as file:
                state.update(file.read())
    above = os.path.join(program.BUILD, "captures")
    path = os.path.join(above, state.hexdigest()[:12])
    if not os.path.exists(path):
        os.makedirs(path, exist_ok=True)
        for name in os.listdir(above):
            if name != os.path.basename(path):  # of an older generator
                shutil.rmtree(os.path.join(above, name), ignore_errors=True)
    return path


def incident(name, *words):
    """The folder of an incident, made when first asked for."""
    mark = name + "".join("-" + word.strip("-") for word in words)
    path = os.path.join(store(), mark)
    if not os.path.exists(path):
        part = f"{path}.{os.getpid()}"
        subprocess.run([sys.executable, "-B", os.path.join(
            MAKE, "incidents.py"), name, part, *words], check=True,
            stdout=subprocess.DEVNULL)
        try:
            os.rename(part, path)
        except OSError:
            pass  # another test was quicker; its bytes are the same
    return path


def truth_of(folder):
    """What an incident's generator wrote down."""
    with open(os.path.join(folder, "truth.json"), encoding="utf-8") as file:
        return json.load(file)


def mutated(name, words, source):
    """(capture, truth) of one mutation of a capture."""
    import mutate
    path = os.path.join(store(), f"mutation-{name}")
    if not os.path.exists(path + ".json"):
        part = f"{path}.{os.getpid()}"
        truth = mutate.mutate(source, part, words)
        with open(part + ".json", "w", encoding="utf-8") as file:
            json.dump(truth, file)
        os.rename(part, path + ".pcap")
        os.rename(part + ".json", path + ".json")
    with open(path + ".json", encoding="utf-8") as file:
        return path + ".pcap", json.load(file)
