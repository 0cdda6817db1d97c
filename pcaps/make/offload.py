#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""offload.py - switch off what a network card does behind a tap's back.

    offload.py INTERFACE...

Checksum and segmentation offload, so that frames are recorded as they would
be on a wire. Does what `ethtool -K IF tx off tso off gso off gro off` does,
by the same ioctl, for machines without ethtool.

It must not be run outside the namespaces of lab.sh.
"""

import array
import fcntl
import socket
import struct
import sys

SIOCETHTOOL = 0x8946
COMMANDS = (0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C)  # rx tx sg tso gso gro


def switch_off(name):
    """All six, whatever of it the driver knows."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for command in COMMANDS:
            value = array.array("B", struct.pack("II", command, 0))
            request = struct.pack("16sP", name.encode(),
                                  value.buffer_info()[0])
            try:
                fcntl.ioctl(sock.fileno(), SIOCETHTOOL, request)
            except OSError:
                pass


if __name__ == "__main__":
    for one in sys.argv[1:]:
        switch_off(one)
