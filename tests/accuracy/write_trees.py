# SPDX-License-Identifier: GPL-3.0-or-later
"""write_trees.py - tables as JSON, XML, HTML and YAML.

It must not know what the columns hold, beyond their types.
"""

import html
import json
from xml.sax.saxutils import escape, quoteattr

from tables import writes

JSON = "application/json"


def _dump(value, **more):
    more.setdefault("ensure_ascii", False)
    return json.dumps(value, **more)


def objects(s):
    """A dictionary a row."""
    return [dict(zip(s.keys, row)) for row in s.rows]


@writes("json indented", JSON, True)
def _json(s):
    return _dump(objects(s), indent=2)


@writes("json compact", JSON, True)
def _compact(s):
    return _dump(objects(s), separators=(",", ":"))


@writes("json escaped", JSON, True)
def _ascii(s):
    return _dump(objects(s), ensure_ascii=True)


@writes("json numbers", JSON, True)
def _numbers(s):
    return _dump([{k: int(v) if v.isdigit() and v[0] != "0" else v
                   for k, v in row.items()} for row in objects(s)])


@writes("json arrays", JSON, True)
def _arrays(s):
    rows = ([s.columns] if s.header else []) + [list(r) for r in s.rows]
    return _dump(rows, separators=(",", ":"))


@writes("json arrays indented", JSON, True)
def _arrays_indented(s):
    rows = ([s.columns] if s.header else []) + [list(r) for r in s.rows]
    return _dump(rows, indent=1)


@writes("json columns key", JSON)
def _columns(s):
    return _dump({"columns": s.columns, "data": [list(r) for r in s.rows]})


@writes("json columns behind", JSON)
def _columns_fields(s):
    return _dump({"result": {"fields": [{"name": c, "type": "text"}
                                        for c in s.columns],
                             "rows": [list(r) for r in s.rows]}})


@writes("ndjson", "application/x-ndjson", True)
def _ndjson(s):
    return "".join(_dump(row) + "\n" for row in objects(s))


@writes("ndjson arrays", "application/x-ndjson", True)
def _ndjson_arrays(s):
    rows = ([s.columns] if s.header else []) + [list(r) for r in s.rows]
    return "".join(_dump(row) + "\n" for row in rows)


@writes("json nested", JSON)
def _nested(s):
    inner = {"phone", "email", "address"}
    made = []
    for row in s.rows:
        one = {"type": "customer", "active": True, "contact": {}, "tags": []}
        for key, kind, cell in zip(s.keys, s.types, row):
            (one["contact"] if kind in inner else one)[key] = cell
        made.append({"customer": one})
    return _dump({"data": made}, indent=1)


@writes("json paged", JSON)
def _paged(s):
    pages = []
    rows = objects(s)
    for i in range(0, len(rows), 25):
        pages.append(_dump({
            "meta": {"page": i // 25 + 1, "per_page": 25,
                     "total": len(rows)},
            "links": {"next": f"/api/customers?page={i // 25 + 2}"},
            "items": rows[i:i + 25]}))
    return "\n".join(pages) + "\n"


@writes("json object of columns", JSON, True)
def _of_columns(s):
    return _dump({k: [row[i] for row in s.rows]
                  for i, k in enumerate(s.keys)})


@writes("json keyed", JSON, True)
def _keyed(s):
    return _dump({f"id{i + 1}": row for i, row in enumerate(objects(s))})


@writes("json hits", JSON)
def _hits(s):
    return _dump({"took": 3, "hits": {"total": len(s.rows), "hits": [
        {"_index": "crm", "_id": str(i), "_score": 1.0, "_source": row}
        for i, row in enumerate(objects(s))]}})


@writes("json in a string", JSON)
def _in_string(s):
    return _dump({"statusCode": 200, "body": _dump(objects(s))})


@writes("json single quotes", "text/plain", True)
def _python(s):
    return repr(objects(s)) + "\n"


def _xml(body):
    return '<?xml version="1.0"?>\n' + body


@writes("xml elements", "application/xml", True)
def _elements(s):
    return _xml("<customers>\n" + "".join(
        " <customer>\n" + "".join(f"  <{k}>{escape(v)}</{k}>\n"
                                  for k, v in zip(s.keys, row))
        + " </customer>\n" for row in s.rows) + "</customers>\n")


@writes("xml compact", "application/xml", True)
def _compact_xml(s):
    return _xml("<rows>" + "".join(
        "<row>" + "".join(f"<{k}>{escape(v)}</{k}>"
                          for k, v in zip(s.keys, row))
        + "</row>" for row in s.rows) + "</rows>")


@writes("xml attributes", "application/xml", True)
def _attributes(s):
    return _xml("<customers>\n" + "".join(
        " <customer " + " ".join(f"{k}={quoteattr(v)}"
                                 for k, v in zip(s.keys, row))
        + "/>\n" for row in s.rows) + "</customers>\n")


@writes("xml namespaces", "application/xml", True)
def _namespaces(s):
    return _xml('<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/'
                'envelope/"><soap:Body>' + "".join(
                    "<ns1:Customer>" + "".join(
                        f"<ns1:{k}>{escape(v)}</ns1:{k}>"
                        for k, v in zip(s.keys, row))
                    + "</ns1:Customer>\n" for row in s.rows)
                + "</soap:Body></soap:Envelope>\n")


@writes("xml cdata", "application/xml", True)
def _cdata(s):
    return _xml("<customers>\n" + "".join(
        "<record>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>\n"
                        for k, v in zip(s.keys, row))
        + "</record>\n" for row in s.rows) + "</customers>\n")


@writes("xml entities", "application/xml", True)
def _entities(s):
    def code(v):
        return "".join(f"&#x{ord(c):x};" if c > "\x7e" else escape(c)
                       for c in v)
    return _xml("<customers>\n" + "".join(
        "<record>" + "".join(f"<{k}>{code(v)}</{k}>\n"
                        for k, v in zip(s.keys, row))
        + "</record>\n" for row in s.rows) + "</customers>\n")


@writes("xml fields", "application/xml", True)
def _fields(s):
    return _xml('<resultset statement="select * from c">\n' + "".join(
        "  <row>\n" + "".join(f'\t<field name="{k}">{escape(v)}</field>\n'
                              for k, v in zip(s.keys, row))
        + "  </row>\n\n" for row in s.rows) + "</resultset>\n")


@writes("xml spreadsheet", "application/xml", True)
def _spreadsheet(s):
    rows = ([s.columns] if s.header else []) + list(s.rows)
    return _xml('<Workbook xmlns="urn:schemas-microsoft-com:office:'
                'spreadsheet"><Worksheet><Table>\n' + "".join(
                    "<Row>" + "".join(
                        f'<Cell><Data ss:Type="String">{escape(v)}</Data>'
                        "</Cell>" for v in row)
                    + "</Row>\n" for row in rows)
                + "</Table></Worksheet></Workbook>\n")


def _page(body):
    return ("<!DOCTYPE html>\n<html><head><title>Customers</title></head>"
            f"<body><h1>Customers</h1>\n{body}\n</body></html>\n")


@writes("html table", "text/html", True)
def _table(s):
    head = "<tr>" + "".join(f"<th>{html.escape(c)}</th>"
                            for c in s.columns) + "</tr>\n"
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>"
                                    for c in row) + "</tr>\n"
                   for row in s.rows)
    return _page("<table>\n" + (head if s.header else "") + rows
                 + "</table>")


@writes("html td header", "text/html", True)
def _td(s):
    rows = ([s.columns] if s.header else []) + list(s.rows)
    return _page("<table border=1><tbody>\n" + "".join(
        "<tr class=\"r\">" + "".join(
            f"\n  <td class='c'>{html.escape(c)}</td>" for c in row)
        + "\n</tr>\n" for row in rows) + "</tbody></table>")


@writes("html open tags", "text/html", True)
def _open(s):
    head = "<tr>" + "".join(f"<th>{html.escape(c)}" for c in s.columns)
    rows = "".join("\n<tr>" + "".join(f"<td>{html.escape(c)}" for c in row)
                   for row in s.rows)
    return _page("<table>\n" + (head if s.header else "") + rows
                 + "\n</table>")


@writes("html nested", "text/html", True)
def _nested_html(s):
    rows = ([s.columns] if s.header else []) + list(s.rows)
    return _page("<table><tr><td colspan=3><b>Report</b></td></tr>\n"
                 + "".join(
                     "<tr>" + "".join(
                         f"<td><div class='x'><span>{html.escape(c)}</span>"
                         "</div></td>" for c in row)
                     + "</tr>\n" for row in rows) + "</table>")


@writes("html entities", "text/html", True)
def _html_entities(s):
    def code(v):
        return "".join(f"&#{ord(c)};" if c > "\x7e" else html.escape(c)
                       for c in v).replace(" ", "&nbsp;")
    rows = ([s.columns] if s.header else []) + list(s.rows)
    return _page("<table>\n" + "".join(
        "<tr>" + "".join(f"<td>{code(c)}</td>" for c in row) + "</tr>\n"
        for row in rows) + "</table>")


@writes("html pairs", "text/html")
def _pairs(s):
    return _page("".join(
        "<dl>" + "".join(f"<dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd>"
                         for k, v in zip(s.columns, row))
        + "</dl>\n" for row in s.rows))


@writes("html cards", "text/html")
def _cards(s):
    return _page("".join(
        "<table>" + "".join(
            f"<tr><th>{html.escape(k)}</th><td>{html.escape(v)}</td></tr>\n"
            for k, v in zip(s.columns, row))
        + "</table>\n" for row in s.rows))


def _plain(v):
    return v if v[:1].isalpha() and ": " not in v else f"'{v}'"


@writes("yaml", "application/yaml")
def _yaml(s):
    return "---\ncustomers:\n" + "".join(
        "".join(f"{'  - ' if i == 0 else '    '}{k}: {_plain(v)}\n"
                for i, (k, v) in enumerate(zip(s.keys, row)))
        for row in s.rows)


@writes("yaml plain", "application/yaml")
def _yaml_plain(s):
    return "".join(
        "".join(f"{'- ' if i == 0 else '  '}{k}: \"{v}\"\n"
                for i, (k, v) in enumerate(zip(s.keys, row)))
        for row in s.rows)


@writes("yaml flow", "application/yaml")
def _yaml_flow(s):
    return "customers:\n" + "".join(
        "  - {" + ", ".join(f'{k}: "{v}"' for k, v in zip(s.keys, row))
        + "}\n" for row in s.rows)


@writes("yaml keyed", "application/yaml")
def _yaml_keyed(s):
    return "".join(
        f"customer_{n}:\n" + "".join(f"  {k}: '{v}'\n"
                                     for k, v in zip(s.keys, row))
        for n, row in enumerate(s.rows))


@writes("yaml lists", "application/yaml", True)
def _yaml_lists(s):
    rows = ([s.columns] if s.header else []) + list(s.rows)
    return "".join("- [" + ", ".join(f'"{v}"' for v in row) + "]\n"
                   for row in rows)
