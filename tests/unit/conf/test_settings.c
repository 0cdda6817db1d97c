// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_settings.c - conf/settings.c: every setting, and how each goes wrong.
 */
#include "conf/conf.h"
#include "said.h"

#define FIELDS_KNOWN                                                           \
    "account_number, card_number, iban, national_id, person_name, address, "   \
    "postal_code, phone, email, date_of_birth, gender, account_opened, "       \
    "security_code, pin, other"

struct bad_case {
    const char *name;
    const char *text;
    const char *said;
};

static const struct bad_case bad[] = {
    {"an empty file is good", "", NULL},
    {"an unknown setting with the nearest", "partnrs = ();",
     "t.conf:1: partnrs: want a setting of the settings, have \"partnrs\"; "
     "did you mean \"partners\"?\n"},
    {"an unknown setting with all there are", "colour = 1;",
     "t.conf:1: colour: want a setting of the settings, have \"colour\"; "
     "known: inside, domains, employees, partners, index, rules, state, "
     "metrics, silence, filter, session, user, outputs, numbers, limits\n"},
    {"a text for a list", "inside = \"10.0.0.0/8\";",
     "t.conf:1: inside: want a list such as [ \"10.0.0.0/8\" ], have "
     "\"10.0.0.0/8\"\n"},
    {"nothing inside", "inside = [];",
     "t.conf:1: inside: want a list such as [ \"10.0.0.0/8\" ], have an "
     "empty list\n"},
    {"networks that are none",
     "inside = [ \"10.0.0.0/33\",\n\"10.0.0.1\",\n\"ten\" ];",
     "t.conf:1: inside: want an address or network such as \"10.0.0.0/8\", "
     "have \"10.0.0.0/33\"\n"
     "t.conf:3: inside: want an address or network such as \"10.0.0.0/8\", "
     "have \"ten\"\n"},
    {"domains that are none", "domains = [ \"*.bank.example\" ];",
     "t.conf:1: domains: want a domain such as \"bank.example\" (its "
     "subdomains are meant too), have \"*.bank.example\"\n"},
    {"a number for a text", "employees = 7;",
     "t.conf:1: employees: want a text, have 7\n"},
    {"an empty text", "user = \"\";",
     "t.conf:1: user: want a text, have \"\"\n"},
    {"a text too long", "user = \"0123456789012345678901234567890123\";",
     "t.conf:1: user: want a text of at most 32 bytes, have "
     "\"0123456789012345678901234567890123\"\n"},
    {"an unknown word", "session = \"nid\";",
     "t.conf:1: session: want one of native, nids, have \"nid\"; did you "
     "mean \"nids\"?\n"},
    {"an index in this version", "index = \"customers.idx\";",
     "t.conf:1: index: want none in this version, which cannot match "
     "exactly yet, have \"customers.idx\"\n"},
    {"rules that are not there", "rules = [ \"/nonexistent/rules\" ];",
     "t.conf:1: rules: want a rule file or a folder of them, have "
     "\"/nonexistent/rules\"; No such file or directory\n"},
    {"limits out of bounds",
     "limits = {\nmemory = \"1MiB\";\ndepth = -3;\ndocument = \"4Gib/s\"; };",
     "t.conf:2: limits.memory: want a size from 16777216 to "
     "1125899906842624 bytes, have \"1MiB\"\n"
     "t.conf:3: limits.depth: want a number from 1 to 64, have -3\n"
     "t.conf:4: limits.document: want a size such as \"20MiB\", have "
     "\"4Gib/s\"\n"},
    {"limits of a wrong type", "limits = 5;",
     "t.conf:1: limits: want a group { }, have 5\n"},
    {"a large number is told once", "limits = { memory = 5000000000; };",
     "t.conf:1: limits.memory: want numbers over 2147483647 as a text such "
     "as \"5GiB\" or \"5000000000\", have 5000000000\n"},
    {"a setting of limits nobody knows", "limits = { mem = 1; };",
     "t.conf:1: limits.mem: want a setting of limits, have \"mem\"; known: "
     "memory, document, depth, ring, spool\n"},
    {"partners that are no list", "partners = { name = \"x\"; };",
     "t.conf:1: partners: want a list of groups ( { } ), have a group { }\n"},
    {"a partner that is no group", "partners = ( \"Print Shop\" );",
     "t.conf:1: partners: want a group { }, have \"Print Shop\"\n"},
    {"a partner without anything", "partners = (\n{ } );",
     "t.conf:2: name: want this setting of a partner, have none\n"
     "t.conf:2: partners: want domains or networks of a partner, have "
     "neither\n"},
    {"a contract in time without customers",
     "partners = ( { name = \"x\"; domains = [ \"x.example\" ];\nwithin = "
     "\"24h\"; } );",
     "t.conf:1: within: want customers beside it, have none\n"},
    {"a contract out of bounds",
     "partners = ( { name = \"x\"; domains = [ \"x.example\" ]; customers = "
     "0; within = \"0h\"; fields = [ \"person\", 7 ]; } );",
     "t.conf:1: customers: want a number of at least 1, have 0\n"
     "t.conf:1: within: want a time such as \"24h\", have \"0h\"\n"
     "t.conf:1: fields: want a field type, have \"person\"; did you mean "
     "\"person_name\"?\n"
     "t.conf:1: fields: want a field type, have 7; known: " FIELDS_KNOWN "\n"},
    {"a contract of types nobody knows",
     "partners = ( { name = \"x\"; domains = [ \"x.example\" ]; fields = [ "
     "\"person\", \"fax\" ]; } );",
     "t.conf:1: fields: want a field type, have \"person\"; did you mean "
     "\"person_name\"?\n"
     "t.conf:1: fields: want a field type, have \"fax\"; known: " FIELDS_KNOWN
     "\n"},
    {"a fraction for a number",
     "partners = ( { name = \"x\"; domains = [ \"x.example\" ]; customers = "
     "1.5; } );",
     "t.conf:1: customers: want a number of at least 1, have 1.5\n"},
    {"an output without type", "outputs = ( { path = \"x\"; } );",
     "t.conf:1: type: want this setting of an output, have none\n"},
    {"an output of an unknown type", "outputs = ( { type = \"sislog\"; } );",
     "t.conf:1: type: want one of syslog, file, have \"sislog\"; did you "
     "mean \"syslog\"?\n"},
    {"a file output without path", "outputs = ( { type = \"file\"; } );",
     "t.conf:1: path: want the file to write, have none\n"},
    {"a file output with a host",
     "outputs = ( { type = \"file\"; path = \"x\"; host = \"h\"; port = 1; "
     "transport = \"udp\"; ca = \"c\"; } );",
     "t.conf:1: transport: want no transport for a file, have one\n"
     "t.conf:1: host: want no host for a file, have one\n"
     "t.conf:1: port: want no port for a file, have one\n"
     "t.conf:1: ca: want no ca for a file, have one\n"},
    {"a syslog output by an unknown way",
     "outputs = ( { type = \"syslog\"; transport = \"tcpp\"; port = 514; } );",
     "t.conf:1: transport: want one of unix, udp, tcp, tls, have \"tcpp\"; "
     "did you mean \"tcp\"?\n"},
    {"a syslog output to nobody",
     "outputs = ( { type = \"syslog\"; transport = \"udp\"; } );",
     "t.conf:1: host: want the receiver, have none\n"},
    {"a syslog output to a port that is none",
     "outputs = ( { type = \"syslog\"; transport = \"tcp\"; host = \"h\"; "
     "port = 70000; } );",
     "t.conf:1: port: want a number from 1 to 65535, have 70000\n"},
    {"a socket with a host",
     "outputs = ( { type = \"syslog\"; host = \"h\"; port = 1; ca = \"c\"; } "
     ");",
     "t.conf:1: host: want no host for transport \"unix\", have one\n"
     "t.conf:1: port: want no port for transport \"unix\", have one\n"
     "t.conf:1: ca: want no ca for a transport other than \"tls\", have "
     "one\n"},
    {"an unknown format",
     "outputs = ( { type = \"file\"; path = \"x\"; format = \"xml\"; } );",
     "t.conf:1: format: want one of json, cef, table, leef, ocsf, have "
     "\"xml\"\n"},
    {"numbers without what they need", "numbers = ( { name = \"x\"; } );",
     "t.conf:1: type: want this setting of a number, have none\n"
     "t.conf:1: pattern: want this setting of a number, have none\n"},
    {"numbers of an unknown check",
     "numbers = ( { name = \"x\"; type = \"account_number\"; pattern = "
     "\"[0-9]{8}\"; check = \"luhm\"; } );",
     "t.conf:1: check: want one of luhn, mod10, mod11, mod97, verhoeff, "
     "none, have \"luhm\"; did you mean \"luhn\"?\n"},
    {"all errors at once, in CRLF behind a byte order mark",
     "\xEF\xBB\xBFsession = \"x\";\r\nuser = 1;\r\nsession = \"y\";\r\n",
     "t.conf:3: session: want it once, have it again; it stands on line 1 "
     "already\n"
     "t.conf:1: session: want one of native, nids, have \"x\"\n"
     "t.conf:2: user: want a text, have 1\n"},
    {"bytes that would end the line are written out",
     "session = \"a\\x1b[2J\\nb\";",
     "t.conf:1: session: want one of native, nids, have "
     "\"a\\x1B[2J\\x0Ab\"\n"},
};

static void test_bad(void **state)
{
    const struct bad_case *c = *state;
    struct script script;
    struct draft draft;
    struct problems problems = {0};

    assert_true(draft_default(&draft));
    assert_true(script_from("t.conf", span_of(c->text), &script));
    bool good = draft_read(&script, &draft, &problems);
    script_clear(&script);
    draft_clear(&draft);
    assert_int_equal(good, c->said == NULL);
    said_expect(&problems, c->said);
}

static const char every[] =
    "inside = [ \"10.0.0.0/8\", \"2001:db8::/32\" ];\n"
    "domains = ( \"Bank.Example.\", \"bank.test\" );\n"
    "employees = \"employees.csv\";\n"
    "partners = ( { name = \"Print Shop KK\"; domains = [ \"print.example\" ];"
    " networks = [ \"198.51.100.0/28\" ]; customers = 500; within = \"12h\";"
    " fields = [ \"person_name\", \"address\" ]; },"
    " { name = \"free\"; networks = [ \"192.0.2.1\" ]; } );\n"
    "state = \"/var/lib/outflow\";\n"
    "metrics = \"m.prom\";\n"
    "filter = \"not port 22\";\n"
    "session = \"nids\";\n"
    "user = \"outflow\";\n"
    "outputs = ( { type = \"syslog\"; transport = \"tls\";"
    " host = \"siem.bank.example\"; port = 6515; format = \"cef\";"
    " ca = \"ca.pem\"; cert = \"own.pem\"; key = \"own.key\";"
    " max_bytes = 6000; },\n"
    " { type = \"file\"; path = \"alerts.json\"; },"
    " { type = \"syslog\"; },"
    " { type = \"syslog\"; transport = \"udp\"; host = \"h\"; } );\n"
    "numbers = ( { name = \"savings account\"; type = \"account_number\";"
    " pattern = \"7[0-9]{9}\"; check = \"mod11\"; } );\n"
    "limits = { memory = \"5GiB\"; depth = 8; document = 2000000;"
    " ring = \"64MiB\"; };\n";

static void read_every(struct draft *draft)
{
    struct script script;
    struct problems problems = {0};

    assert_true(draft_default(draft));
    assert_true(script_from("etc/t.conf", span_of(every), &script));
    assert_true(draft_read(&script, draft, &problems));
    script_clear(&script);
    said_expect(&problems, NULL);
}

static void test_every_setting(void **state)
{
    struct draft draft;
    const struct settings *s = &draft.settings;

    (void)state;
    read_every(&draft);
    assert_int_equal(s->inside_count, 2);
    assert_int_equal(s->inside[1].bits, 32);
    assert_int_equal(s->domain_count, 2);
    assert_string_equal(s->domains[0], "bank.example");
    assert_string_equal(s->employees, "etc/employees.csv");
    assert_string_equal(s->state, "/var/lib/outflow");
    assert_string_equal(s->metrics, "etc/m.prom");
    assert_string_equal(s->filter, "not port 22");
    assert_int_equal(s->ring, 64 << 20);
    assert_string_equal(s->session, "nids");
    assert_string_equal(s->user, "outflow");
    assert_int_equal(s->memory, UINT64_C(5) << 30);
    assert_int_equal(s->depth, 8);
    assert_int_equal(s->document, 2000000);
    assert_int_equal(s->numbers_count, 1);
    assert_string_equal(s->numbers[0].name, "savings account");
    assert_int_equal(s->numbers[0].type, FIELD_ACCOUNT_NUMBER);
    assert_string_equal(s->numbers[0].pattern, "7[0-9]{9}");
    assert_string_equal(s->numbers[0].check, "mod11");
    assert_int_equal(s->numbers[0].line, 12);
    draft_clear(&draft);
}

static void test_partners(void **state)
{
    struct draft draft;
    const struct partner *p = NULL;

    (void)state;
    read_every(&draft);
    assert_int_equal(draft.settings.partner_count, 2);
    p = draft.settings.partners;
    assert_string_equal(p[0].name, "Print Shop KK");
    assert_string_equal(p[0].domains[0], "print.example");
    assert_int_equal(p[0].networks[0].bits, 124);
    assert_int_equal(p[0].customers, 500);
    assert_int_equal(p[0].within_ns, INT64_C(43200000000000));
    assert_int_equal(p[0].fields,
                     FIELD_BIT(FIELD_PERSON_NAME) | FIELD_BIT(FIELD_ADDRESS));
    assert_int_equal(p[1].customers, 0);
    assert_int_equal(p[1].fields, 0);
    assert_int_equal(p[1].within_ns, INT64_C(86400000000000));
    draft_clear(&draft);
}

static void test_outputs(void **state)
{
    struct draft draft;
    const struct output_settings *o = NULL;
    struct problems problems = {0};

    (void)state;
    read_every(&draft);
    assert_int_equal(draft.settings.output_count, 4);
    o = draft.settings.outputs;
    assert_string_equal(o[0].transport, "tls");
    assert_int_equal(o[0].port, 6515);
    assert_string_equal(o[0].ca, "etc/ca.pem");
    assert_string_equal(o[1].path, "etc/alerts.json");
    assert_string_equal(o[1].format, "json");
    assert_null(o[1].transport);
    assert_string_equal(o[2].transport, "unix");
    assert_string_equal(o[2].path, "/dev/log");
    assert_int_equal(o[3].port, 514);
    assert_int_equal(o[1].line, 11);
    assert_string_equal(o[0].cert, "etc/own.pem");
    assert_string_equal(o[0].key, "etc/own.key");
    assert_int_equal(o[0].max_bytes, 6000);
    said_expect(&problems, NULL);
    draft_clear(&draft);
}

static void test_defaults(void **state)
{
    struct settings s;
    struct problems problems = {0};

    (void)state;
    assert_true(settings_read(NULL, NULL, 0, &s, &problems));
    assert_int_equal(s.inside_count, 5);
    assert_int_equal(s.memory, UINT64_C(2) << 30);
    assert_int_equal(s.document, UINT64_C(4) << 30);
    assert_int_equal(s.depth, 16);
    assert_string_equal(s.session, "native");
    assert_null(s.employees);
    assert_true(s.rule_count > 0);
    settings_clear(&s);
    said_expect(&problems, NULL);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(bad) + 4];
    size_t count = 0;

    SPEC_TABLE(tests, count, bad, test_bad);
    tests[count++] = (struct CMUnitTest){"every setting is read",
                                         test_every_setting, NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"partners and their contracts",
                                         test_partners, NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"outputs and their defaults",
                                         test_outputs, NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"no file gives the defaults",
                                         test_defaults, NULL, NULL, NULL};
    return SPEC_RUN("conf/settings", tests, count);
}
