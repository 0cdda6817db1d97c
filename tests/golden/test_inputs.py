# SPDX-License-Identifier: GPL-3.0-or-later
"""test_inputs.py - what can be named as a capture, and how it may be broken.

Compressed, from a pipe, in pieces, as a folder, in every form of file: the
same packets give the same alerts. What cannot be read is named, the rest is
read, and the exit status says it.
"""

import gzip
import lzma
import os
import shutil
import subprocess
import unittest

from program import PCAPS, Place

RAW = os.path.join(PCAPS, "http-raw-post", "capture.pcap")
FORMS = ("pcap", "pcap-be", "pcap-ns", "pcapng", "pcapng-2",
         "pcapng-sections")


def data_of(path):
    """A whole file."""
    with open(path, "rb") as file:
        return file.read()


class Inputs(unittest.TestCase):
    """Sentences about captures."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)

    def read(self, *captures, **more):
        """Any customer alerts; names are relative to the place."""
        more.setdefault("cwd", self.place.path)
        more.setdefault("rules", 100)
        return self.place.read(*captures, **more)

    def same_as_plain(self, capture, **more):
        """That capture gives the alerts and the list of the plain one."""
        want = self.read(RAW)
        have = self.read(capture, **more)
        self.assertEqual(have.list, want.list)
        alerts = have.alerts
        for alert in alerts:
            for one in alert["outflow"]["evidence"]:
                self.assertIn(one["capture"], (capture, RAW))
                one["capture"] = RAW
        self.assertEqual(alerts, want.alerts)
        return have

    def test_standard_input_is_read_as_dash(self):
        self.same_as_plain("-", stdin=data_of(RAW))

    def test_standard_input_may_be_compressed(self):
        self.same_as_plain("-", stdin=gzip.compress(data_of(RAW)))

    def test_gzip_is_opened(self):
        self.place.write("a.pcap.gz", gzip.compress(data_of(RAW)))
        self.same_as_plain("a.pcap.gz")

    def test_gzip_of_two_members_is_opened(self):
        data = data_of(RAW)
        self.place.write("a.pcap.gz", gzip.compress(data[:9000])
                         + gzip.compress(data[9000:]))
        self.same_as_plain("a.pcap.gz")

    def test_xz_is_opened(self):
        self.place.write("a.xz", lzma.compress(data_of(RAW)))
        self.same_as_plain("a.xz")

    @unittest.skipUnless(shutil.which("zstd"), "no zstd here")
    def test_zstd_is_opened(self):
        packed = subprocess.run(["zstd", "-c"], input=data_of(RAW),
                                stdout=subprocess.PIPE, check=True).stdout
        self.place.write("a.pcap.zst", packed)
        self.same_as_plain("a.pcap.zst")

    def test_the_name_of_a_file_says_nothing_about_its_form(self):
        self.place.write("a.txt", gzip.compress(data_of(RAW)))
        self.same_as_plain("a.txt")

    def test_every_form_of_file_gives_the_same_alerts(self):
        import mutate
        want = None
        for form in FORMS:
            folder = self.place.name(form)
            os.makedirs(folder)
            mutate.mutate(RAW, folder + "/c", ["format=" + form, "clean"])
            os.chmod(folder + "/c", 0o644)
            have = self.read("c", cwd=folder)
            want = want or have
            self.assertEqual(have.out, want.out, form)
            self.assertEqual(have.list, want.list, form)

    def test_compressed_and_cut_gives_what_came_before_and_status_2(self):
        self.place.write("cut.gz", gzip.compress(data_of(RAW))[:-900])
        result = self.read("cut.gz", rules=1)
        self.assertEqual(result.status, 2)
        self.assertIn("cut.gz", result.err)
        self.assertGreater(result.stats["customers"], 50)

    def test_compressed_garbage_is_named(self):
        self.place.write("g.gz", gzip.compress(b"no capture at all" * 99))
        result = self.read("g.gz")
        self.assertEqual(result.status, 2)
        self.assertIn("g.gz", result.err)

    def test_a_missing_file_is_named_and_the_others_are_read(self):
        result = self.read("not-there.pcap", RAW)
        self.assertEqual(result.status, 2)
        self.assertIn("not-there.pcap", result.err)
        self.assertEqual(result.stats["customers"], 150)
        self.assertEqual(len(result.alerts), 1)

    def test_an_empty_file_is_named(self):
        self.place.write("empty.pcap", b"")
        result = self.read("empty.pcap")
        self.assertEqual(result.status, 2)
        self.assertIn("empty.pcap", result.err)

    def test_a_device_is_named(self):
        for device in ("/dev/null", "/dev/zero"):
            result = self.read(device)
            self.assertEqual(result.status, 2, device)
            self.assertIn(device, result.err)

    def test_a_text_file_is_named(self):
        self.place.write("notes.txt", "id,name\n1,a\n" * 40)
        result = self.read("notes.txt", RAW)
        self.assertEqual(result.status, 2)
        self.assertIn("notes.txt", result.err)
        self.assertEqual(result.stats["customers"], 150)

    def test_a_capture_without_packets_is_said_to_have_none(self):
        self.place.write("none.pcap", data_of(RAW)[:24])
        result = self.read("none.pcap")
        self.assertEqual(result.status, 0)
        self.assertIn("0 packets", result.err)

    def test_every_cut_of_a_capture_is_status_2_or_whole_records(self):
        data, counts = data_of(RAW), []
        for size in range(0, len(data), len(data) // 23):
            self.place.write("part.pcap", data[:size])
            result = self.read("part.pcap", rules=1)
            self.assertIn(result.status, (0, 1, 2))
            counts.append(result.stats["customers"])
        self.assertEqual(counts, sorted(counts))

    def test_a_folder_is_one_timeline(self):
        os.makedirs(self.place.name("day/sub"))
        shutil.copy(RAW, self.place.name("day/a.pcap"))
        self.place.write("day/b.pcap.gz", gzip.compress(data_of(
            os.path.join(PCAPS, "ftp-port", "capture.pcap"))))
        self.place.write("day/.hidden", "no capture")
        result = self.read("day")
        self.assertEqual(result.status, 1, result.err)
        self.assertEqual(result.alerts[0]["outflow"]["transfers"], 2)
        self.assertEqual({e["capture"] for a in result.alerts
                          for e in a["outflow"]["evidence"]},
                         {"day/a.pcap", "day/b.pcap.gz"})

    def test_the_order_of_captures_changes_nothing(self):
        names = [os.path.join(PCAPS, n, "capture.pcap") for n in (
            "http-raw-post", "ftp-port", "smtp-attachment")]
        want = self.read(*names)
        for order in ((2, 1, 0), (1, 2, 0), (1, 0, 2)):
            have = self.read(*[names[i] for i in order])
            self.assertEqual(have.out, want.out)
            self.assertEqual(have.list, want.list)

    def test_a_capture_named_twice_is_read_once(self):
        have = self.read(RAW, RAW)
        self.assertEqual(have.out, self.read(RAW).out)

    def pieces(self, count, deal):
        """RAW dealt into files: deal(packet number) is the file's."""
        import capfile
        link, packets = capfile.read(RAW)
        names = []
        for i in range(count):
            names.append(f"piece-{i}.pcap")
            out = capfile.Writer(self.place.name(names[-1]), link)
            for number, (t, frame, wire) in enumerate(packets):
                if deal(number, len(packets)) == i:
                    out.put(t, frame, wire)
            out.close()
        return names

    def test_a_flow_over_rotated_captures_is_one_flow(self):
        names = self.pieces(3, lambda n, all_: n * 3 // all_)
        result = self.read(*reversed(names))
        self.assertEqual(result.list, self.read(RAW).list)
        self.assertEqual(result.alerts[0]["outflow"]["missing_bytes"], 0)
        self.assertEqual(len(result.alerts[0]["outflow"]["evidence"]), 3)

    def test_two_captures_of_alternate_packets_are_merged_by_time(self):
        names = self.pieces(2, lambda n, _: n % 2)
        for order in (names, names[::-1]):
            result = self.read(*order)
            self.assertEqual(result.list, self.read(RAW).list)
            self.assertEqual(result.alerts[0]["outflow"]["missing_bytes"], 0)

    def test_more_workers_than_packets_is_fine(self):
        want = self.read(RAW)
        for workers in (3, 8):
            have = self.read(RAW, workers=workers)
            self.assertEqual(have.out, want.out)
            self.assertEqual(have.list, want.list)

    def test_all_recorded_captures_at_once_give_the_same_with_any_workers(self):
        folders = [os.path.join(PCAPS, n) for n in sorted(os.listdir(PCAPS))
                   if os.path.exists(os.path.join(PCAPS, n, "truth.json"))]
        captures = [f + "/capture.pcap" for f in folders]
        want = self.read(*captures)
        for more in ({"workers": 2}, {"workers": 3}, {"session": "nids"}):
            have = self.read(*captures[::-1], **more)
            self.assertEqual(have.out, want.out, more)
            self.assertEqual(have.list, want.list, more)


if __name__ == "__main__":
    unittest.main()
