# SPDX-License-Identifier: GPL-3.0-or-later
"""formats.py - CEF, LEEF, ECS and OCSF read strictly, from their documents.

Each function takes one line as text and gives what it says as a dictionary,
or raises ValueError. They know nothing of the program that wrote it.
"""
import ipaddress
import json
import re

# Characters no name may bring into any output: they move a cursor, a line
# or the reading direction.
FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e"
                       "\u2066-\u2069\u200e\u200f]")


def plain(line):
    if FORBIDDEN.search(line):
        raise ValueError("a character that is no text: %r" % line)
    return line


# ArcSight CEF, revision 25: name and type of the keys used.
CEF_KEYS = {
    "rt": "time", "start": "time", "end": "time", "externalId": 40,
    "act": 63, "src": "ipv4", "dst": "ipv4", "spt": "port", "dpt": "port",
    "dhost": 1023, "suser": 1023, "proto": 31, "app": 31,
    "deviceDirection": "bit", "fname": 1023, "cnt": "int", "msg": 1023,
    "out": "int", "dvchost": 100, "cat": 1023,
    "c6a2": "ipv6", "c6a3": "ipv6", "flexNumber1": "int",
}
CEF_KEYS.update({"cs%d" % i: 4000 for i in range(1, 7)})
CEF_KEYS.update({"cn%d" % i: "int" for i in range(1, 4)})
CEF_LABELLED = re.compile(r"(cs[1-6]|cn[1-3]|c6a[1-4]|flexNumber[12])$")


def split_escaped(text, sign, most):
    """Fields in front of an unescaped sign; the rest as the last one."""
    fields, at, field = [], 0, ""
    while at < len(text) and len(fields) < most:
        c = text[at]
        if c == "\\":
            if text[at + 1:at + 2] not in ("\\", sign):
                raise ValueError("escape of %r in a header" % text[at:at + 2])
            field += text[at + 1]
            at += 2
        elif c == sign:
            fields.append(field)
            field = ""
            at += 1
        else:
            field += c
            at += 1
    return fields, text[at:]


def check_value(key, value, kind):
    if kind == "time":
        int(value)
        good = len(value) == 13
    elif kind == "int":
        good = -2 ** 63 <= int(value) < 2 ** 64
    elif kind == "port":
        good = 0 < int(value) < 65536
    elif kind == "bit":
        good = value in ("0", "1")
    elif kind == "ipv4":
        good = bool(ipaddress.IPv4Address(value))
    elif kind == "ipv6":
        good = bool(ipaddress.IPv6Address(value))
    else:
        good = 0 < len(value)
    if not good:
        raise ValueError("%s=%r is no %s" % (key, value, kind))


def cef(line):
    fields, rest = split_escaped(plain(line), "|", 7)
    if len(fields) != 7 or fields[0] != "CEF:0":
        raise ValueError("no CEF:0 header: %r" % line[:80])
    names = ("version", "vendor", "product", "device_version", "signature",
             "name", "severity")
    found = dict(zip(names, fields))
    if not 0 <= int(found["severity"]) <= 10:
        raise ValueError("severity %s" % found["severity"])
    extension = {}
    pieces = re.split(r"(?:^| )([A-Za-z0-9_]+)(?<!\\)=", rest)
    if pieces[0]:
        raise ValueError("text before the first key: %r" % pieces[0])
    for key, value in zip(pieces[1::2], pieces[2::2]):
        if re.search(r"(?<!\\)(?:\\\\)*=", value):
            raise ValueError("= in %s=%r" % (key, value))
        if re.search(r"(?<!\\)(?:\\\\)*\\[^\\=nr]", value):
            raise ValueError("escape in %s=%r" % (key, value))
        if key in extension:
            raise ValueError("%s twice" % key)
        extension[key] = re.sub(r"\\([\\=])", r"\1", value)
    for key, value in extension.items():
        if key.endswith("Label") and CEF_LABELLED.match(key[:-5]):
            continue
        if key not in CEF_KEYS:
            raise ValueError("no key of CEF: %s" % key)
        if CEF_LABELLED.match(key) and key + "Label" not in extension:
            raise ValueError("%s has no label" % key)
        check_value(key, value, CEF_KEYS[key])
    found["extension"] = extension
    return found


# IBM's predefined attributes; others are custom keys.
LEEF_TYPES = {"sev": "sev", "src": "ip", "dst": "ip", "srcPort": "port",
              "dstPort": "port"}


def leef(line):
    parts = plain(line).split("|", 6)
    if len(parts) != 7 or parts[0] != "LEEF:2.0":
        raise ValueError("no LEEF:2.0 header: %r" % line[:80])
    names = ("version", "vendor", "product", "device_version", "event")
    found = dict(zip(names, parts))
    if not all(found.values()):
        raise ValueError("an empty header field")
    delimiter = parts[5]
    if re.fullmatch("(0?x)[0-9A-Fa-f]{1,4}", delimiter):
        delimiter = chr(int(delimiter.split("x")[1], 16))
    if len(delimiter) != 1:
        raise ValueError("delimiter %r" % delimiter)
    attributes = {}
    for pair in parts[6].split(delimiter):
        key, sign, value = pair.partition("=")
        if not sign or not re.fullmatch("[A-Za-z0-9]+", key):
            raise ValueError("no attribute: %r" % pair)
        if key in attributes:
            raise ValueError("%s twice" % key)
        attributes[key] = value
    for key in ("cat", "devTime", "devTimeFormat", "sev"):
        if key not in attributes:
            raise ValueError("no %s" % key)
    if attributes["devTimeFormat"] != "yyyy-MM-dd'T'HH:mm:ss.SSSZ" or \
            not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}",
                             attributes["devTime"]):
        raise ValueError("devTime %r is not as devTimeFormat says" %
                         attributes["devTime"])
    for key, kind in LEEF_TYPES.items():
        value = attributes.get(key)
        if value is None:
            continue
        if kind == "sev" and not 1 <= int(value) <= 10:
            raise ValueError("sev %s" % value)
        if kind == "port" and not 0 < int(value) < 65536:
            raise ValueError("%s %s" % (key, value))
        if kind == "ip":
            ipaddress.ip_address(value)
    found["attributes"] = attributes
    return found


def unique(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice: %r" % [k for k, _ in pairs])
    return found


def load(line):
    plain(line)
    return json.loads(line, object_pairs_hook=unique)


# ECS 8.11: the fields used, by type; arrays where ECS says so.
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
ECS = {
    "@timestamp": "date", "ecs.version": "keyword",
    "event.kind": ("alert", "event"),
    "event.category": ["network", "host"], "event.type": ["info"],
    "event.module": "keyword", "event.dataset": "keyword",
    "event.action": "keyword", "event.id": "keyword",
    "event.sequence": "long", "event.start": "date", "event.end": "date",
    "event.severity": "long", "event.reason": "keyword",
    "rule.id": "keyword", "rule.name": "keyword", "user.name": "keyword",
    "user.group.name": "keyword", "file.name": "keyword",
    "network.transport": "keyword", "network.protocol": "keyword",
    "network.direction": ("inbound", "outbound", "internal", "external"),
    "network.community_id": "keyword",
    "email.from.address": "keywords", "email.to.address": "keywords",
    "threat.technique.id": "keywords", "observer.name": "keyword",
    "observer.product": "keyword", "observer.version": "keyword",
}
for end in ("source", "destination", "client", "server"):
    ECS.update({end + ".ip": "ip", end + ".port": "long",
                end + ".domain": "keyword"})


def flatten(value, path=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, path + "." + key if path else key)
    else:
        yield path, value


def ecs(line):
    found = load(line)
    own = found.pop("outflow")
    for path, value in flatten(found):
        kind = ECS.get(path)
        if kind is None:
            raise ValueError("no field of ECS: %s" % path)
        good = {"date": lambda: DATE.fullmatch(value),
                "keyword": lambda: isinstance(value, str),
                "long": lambda: type(value) is int,
                "ip": lambda: ipaddress.ip_address(value),
                "keywords": lambda: all(isinstance(v, str) for v in value),
                }
        if isinstance(kind, tuple):
            bad = value not in kind
        elif isinstance(kind, list):
            bad = not set(value) <= set(kind)
        else:
            bad = not good[kind]()
        if bad:
            raise ValueError("%s: %r is no %s" % (path, value, kind))
    found["outflow"] = own
    return found


# OCSF 1.4.0: required attributes, enumerations with captions.
OCSF_ENUMS = {
    "severity_id": ("severity", {0: "Unknown", 1: "Informational", 2: "Low",
                                 3: "Medium", 4: "High", 5: "Critical",
                                 6: "Fatal", 99: None}),
    "status_id": ("status", {0: "Unknown", 1: "New", 2: "In Progress",
                             3: "Suppressed", 4: "Resolved", 5: "Archived",
                             6: "Deleted", 99: None}),
    "confidence_id": ("confidence", {0: "Unknown", 1: "Low", 2: "Medium",
                                     3: "High", 99: None}),
    "data_lifecycle_state_id": ("data_lifecycle_state", {
        0: "Unknown", 1: "Data at-Rest", 2: "Data in-Transit",
        3: "Data in-Use", 99: None}),
    "detection_system_id": ("detection_system", {0: "Unknown", 99: None}),
    "category_id": ("category", {0: "Unknown", 1: "Personal",
                                 2: "Governmental", 3: "Financial",
                                 99: None}),
}
OCSF_CLASSES = {
    2006: ("Data Security Finding", 2, "Findings",
           {1: "Create", 2: "Update", 3: "Close"}),
    0: ("Base Event", 0, "Uncategorized", {0: "Unknown", 99: None}),
}
OCSF_KEYS = {
    2006: {"activity_id", "activity_name", "category_uid", "category_name",
           "class_uid", "class_name", "type_uid", "type_name", "time",
           "start_time", "end_time", "severity_id", "severity", "status_id",
           "status", "confidence_id", "confidence", "is_alert", "message",
           "metadata", "finding_info", "data_security", "actor",
           "src_endpoint", "dst_endpoint", "file", "observables",
           "unmapped"},
    0: {"activity_id", "activity_name", "category_uid", "category_name",
        "class_uid", "class_name", "type_uid", "type_name", "time",
        "severity_id", "severity", "message", "metadata", "unmapped"},
}
HOSTNAME = re.compile(r"(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])\.)*"
                      r"([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])")


def need(condition, text):
    if not condition:
        raise ValueError(text)


def ocsf_class(found):
    kind = found["class_uid"]
    name, category, category_name, activities = OCSF_CLASSES[kind]
    activity = found["activity_id"]
    need(found["class_name"] == name, "class_name")
    need(found["category_uid"] == category, "category_uid")
    need(found["category_name"] == category_name, "category_name")
    need(activity in activities, "activity_id %r" % activity)
    caption = activities[activity]
    need(caption in (None, found["activity_name"]), "activity_name")
    need(found["type_uid"] == kind * 100 + activity, "type_uid")
    need(found["type_name"] == "%s: %s" % (name, caption or "Other"),
         "type_name")
    need(set(found) <= OCSF_KEYS[kind],
         "no attributes: %s" % (set(found) - OCSF_KEYS[kind]))
    need({"time", "severity_id", "metadata"} <= set(found), "required")
    return kind


def ocsf_enums(value):
    if isinstance(value, list):
        for inner in value:
            ocsf_enums(inner)
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key in OCSF_ENUMS:
            sibling, captions = OCSF_ENUMS[key]
            need(inner in captions, "%s: %r" % (key, inner))
            need(sibling in value, "no %s" % sibling)
            if captions[inner]:
                need(value[sibling] == captions[inner], sibling)
        if key.endswith("time") and key != "time" or key == "time":
            need(type(inner) is int and 0 <= inner < 2 ** 53, key)
        ocsf_enums(inner)


def ocsf(line):
    found = load(line)
    kind = ocsf_class(found)
    ocsf_enums({k: v for k, v in found.items() if k != "unmapped"})
    metadata = found["metadata"]
    need(re.fullmatch(r"1\.\d+\.\d+", metadata["version"]), "version")
    need(metadata["product"]["name"] and metadata["product"]["vendor_name"],
         "product")
    need(type(metadata["sequence"]) is int, "sequence")
    if kind == 0:
        return found
    info = found["finding_info"]
    need(info["uid"] and info["title"] and info["desc"], "finding_info")
    need(info["analytic"]["type_id"] == 1 and
         info["analytic"]["type"] == "Rule", "analytic")
    for attack in info.get("attacks", []):
        need({"tactic", "technique", "sub_technique"} & set(attack), "attack")
    need({"data_lifecycle_state_id", "detection_pattern", "policy"} <=
         set(found["data_security"]), "data_security")
    for end in ("src_endpoint", "dst_endpoint"):
        one = found.get(end)
        if one is None:
            continue
        need({"ip", "name", "hostname"} & set(one), end)
        if "ip" in one:
            ipaddress.ip_address(one["ip"])
        need(HOSTNAME.fullmatch(one.get("hostname", "a")), "hostname")
        need(0 <= one.get("port", 0) < 65536, "port")
    if "file" in found:
        need(found["file"]["name"] and found["file"]["type_id"] == 1, "file")
    for seen in found.get("observables", []):
        need(seen["name"] and seen["type"] == {1: "Hostname", 2: "IP Address",
             4: "User Name"}[seen["type_id"]], "observable")
    return found
