// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_rules.c - conf/rules.c: every key of a rule, and how each goes wrong.
 */
#include "conf/conf.h"
#include "said.h"

struct bad_case {
    const char *name;
    const char *text; /* members of one rule */
    const char *said;
};

#define GOOD "id = \"a\"; customers = 5; "

static const struct bad_case bad[] = {
    {"an id and a number are enough", GOOD, NULL},
    {"a rule without id", "customers = 5;",
     "r:1: id: want this setting of a rule, have none\n"},
    {"a rule that counts nothing", "id = \"a\";",
     "r:1: customers: want a number of customers, or unread and bytes, have "
     "neither\n"},
    {"an unknown key with the nearest", GOOD "\nwithn = \"1h\";",
     "r:2: withn: want a setting of a rule, have \"withn\"; did you mean "
     "\"within\"?\n"},
    {"no customers at all", "id = \"a\"; customers = 0;",
     "r:1: customers: want a number of at least 1, have 0\n"},
    {"fewer than no customers", "id = \"a\"; customers = -100;",
     "r:1: customers: want a number of at least 1, have -100\n"},
    {"a text for customers", "id = \"a\"; customers = \"many\";",
     "r:1: customers: want a number of at least 1, have \"many\"\n"},
    {"many customers as a text", "id = \"a\"; customers = \"5000000000\";",
     NULL},
    {"a time without unit", GOOD "within = \"24\";",
     "r:1: within: want a time such as \"24h\", have \"24\"\n"},
    {"a bare number for a time", GOOD "within = 24;",
     "r:1: within: want a time such as \"24h\", have 24\n"},
    {"no time", GOOD "within = \"0h\";",
     "r:1: within: want a time such as \"24h\", have \"0h\"\n"},
    {"a time longer than ledgers last", GOOD "within = \"4000d\";",
     "r:1: within: want a time from 1s to 3650d, have \"4000d\"\n"},
    {"an unknown severity", GOOD "severity = \"urgent\";",
     "r:1: severity: want one of low, medium, high, critical, have "
     "\"urgent\"\n"},
    {"an unknown direction", GOOD "direction = \"out\";",
     "r:1: direction: want one of outbound, inbound, internal, any, have "
     "\"out\"\n"},
    {"an unknown subject", GOOD "by = \"employe\";",
     "r:1: by: want one of employee, party, pair, transfer, have "
     "\"employe\"; did you mean \"employee\"?\n"},
    {"an unknown channel", GOOD "channels = [ \"http\", \"htp\" ];",
     "r:1: channels: want one of http, smtp, ftp, imap, pop3, smb, sql, dns, "
     "tls, ssh, raw, have \"htp\"; did you mean \"http\"?\n"},
    {"an empty list of channels", GOOD "channels = [];",
     "r:1: channels: want a list such as [ \"http\" ], have an empty list\n"},
    {"a channel for a list", GOOD "channels = \"http\";",
     "r:1: channels: want a list such as [ \"http\" ], have \"http\"\n"},
    {"an unknown type", GOOD "fields = { any = [ \"acount\" ]; };",
     "r:1: fields.any: want a field type, have \"acount\"; did you mean "
     "\"account_number\"?\n"},
    {"further types beside nothing", GOOD "fields = { also = 2; };",
     "r:1: fields.any: want this setting of fields, have none\n"},
    {"more further types than there are",
     GOOD "fields = { any = [ \"phone\" ]; also = 15; };",
     "r:1: fields.also: want a number from 0 to 14, have 15\n"},
    {"a misspelt key of fields",
     GOOD "fields = { any = [ \"phone\" ]; aslo = 2; };",
     "r:1: fields.aslo: want a setting of fields, have \"aslo\"; did you "
     "mean \"also\"?\n"},
    {"a list for fields", GOOD "fields = [ \"phone\" ];",
     "r:1: fields: want a group { }, have a list\n"},
    {"an unknown kind of sender", GOOD "from = [ \"grp:x\" ];",
     "r:1: from: want an entry of a known kind, have \"grp:x\"; did you mean "
     "\"group:\"?\n"},
    {"a sender of a kind for receivers", GOOD "from = [ \"partners\" ];",
     "r:1: from: want an entry of a known kind, have \"partners\"; known: "
     "user:, group:, network:\n"},
    {"a receiver of a kind for senders", GOOD "to = [ \"group:x\" ];",
     "r:1: to: want an entry of a known kind, have \"group:x\"; known: "
     "party:, domain:, network:, partners\n"},
    {"a kind without name", GOOD "from = [ \"user:\" ];",
     "r:1: from: want a name behind \"user:\", have \"user:\"\n"},
    {"a network that is none", GOOD "from = [ \"!network:10.1\" ];",
     "r:1: from: want an address or network such as \"network:10.0.0.0/8\", "
     "have \"!network:10.1\"\n"},
    {"a domain that is none", GOOD "to = [ \"domain:a b\" ];",
     "r:1: to: want a name behind \"domain:\", have \"domain:a b\"\n"},
    {"an entry that is no text", GOOD "to = [ 5 ];",
     "r:1: to: want an entry of a known kind, have 5; known: party:, "
     "domain:, network:, partners\n"},
    {"an entry and its opposite",
     GOOD "to = [ \"!partners\",\n\"domain:x.example\",\n\"partners\" ];",
     "r:3: to: want an entry or its opposite, have both; the other is on "
     "line 1\n"},
    {"two networks that are the same and opposite",
     GOOD "from = [ \"network:10.1.2.3/8\", \"!network:10.0.0.0/8\" ];",
     "r:1: from: want an entry or its opposite, have both; the other is on "
     "line 1\n"},
    {"a technique that is none", GOOD "attack = [ \"T1048.3\" ];",
     "r:1: attack: want an ATT&CK technique such as \"T1048.003\", have "
     "\"T1048.3\"\n"},
    {"unread without bytes", "id = \"a\";\nunread = \"encrypted\";",
     "r:2: bytes: want a size such as \"20MiB\" beside unread, have none\n"},
    {"bytes without unread", "id = \"a\";\nbytes = \"20MiB\";",
     "r:2: bytes: want unread beside it, such as \"encrypted\", have none\n"},
    {"bytes and customers without unread", GOOD "bytes = 5;",
     "r:1: bytes: want unread beside it, such as \"encrypted\", have none\n"},
    {"unread with customers, fields and a walk",
     GOOD "unread = \"encrypted\"; bytes = 5;\nfields = { any = [ \"phone\" "
          "]; };\nwalk = true;",
     "r:1: customers: want no customers beside unread, which counts bytes, "
     "have both\n"
     "r:2: fields: want no fields beside unread, which counts bytes, have "
     "both\n"
     "r:3: walk: want no walk beside unread, which counts bytes, have "
     "both\n"},
    {"an unknown reason for unread",
     "id = \"a\"; bytes = 5; unread = \"encryptd\";",
     "r:1: unread: want what could not be read, have \"encryptd\"; did you "
     "mean \"encrypted\"?\n"},
    {"no bytes", "id = \"a\"; bytes = 0; unread = \"encrypted\";",
     "r:1: bytes: want a size from 1 to 9223372036854775807 bytes, have "
     "0\n"},
    {"a walk by employee", GOOD "walk = true;",
     "r:1: by: want \"party\" for a walk, have \"employee\"\n"},
    {"a walk by pair", GOOD "walk = true;\nby = \"pair\";",
     "r:2: by: want \"party\" for a walk, have \"pair\"\n"},
    {"a walk that is a number", GOOD "walk = 1; by = \"party\";",
     "r:1: walk: want true or false, have 1\n"},
    {"no walk by employee is good", GOOD "walk = false;", NULL},
};

static void test_bad(void **state)
{
    const struct bad_case *c = *state;
    struct script script;
    struct settings s = {0};
    struct problems problems = {0};
    char text[512];

    snprintf(text, sizeof(text), "rules = ( { %s } );", c->text);
    assert_true(script_from("r", span_of(text), &script));
    bool good = rules_read(&script, &s, &problems);
    script_clear(&script);
    settings_clear(&s);
    assert_int_equal(good, c->said == NULL);
    said_expect(&problems, c->said);
}

struct file_case {
    const char *name;
    const char *text; /* of a whole file */
    const char *said;
};

static const struct file_case files[] = {
    {"a file without rules", "",
     "r:1: rules: want this setting of a rule file, have none\n"},
    {"a settings file for a rule file", "domains = [ \"bank.example\" ];",
     "r:1: domains: want a setting of a rule file, have \"domains\"; known: "
     "rules\n"
     "r:1: rules: want this setting of a rule file, have none\n"},
    {"one rule without list", "rules = { id = \"a\"; };",
     "r:1: rules: want a list of groups ( { } ), have a group { }\n"},
    {"a rule that is no group", "rules = ( \"bulk\" );",
     "r:1: rules: want a group { }, have \"bulk\"\n"},
    {"no rule at all", "rules = ( );",
     "rules: want at least one rule, have none\n"},
    {"an id twice",
     "rules = ( { id = \"a\"; customers = 5; },\n"
     "{ id = \"b\"; customers = 5; },\n{ id = \"a\"; customers = 6; } );",
     "r:3: id: want an id of its own, have \"a\"; r:1 has it already\n"},
    {"partners where there are none",
     "rules = ( { id = \"a\"; customers = 5;\nto = [ \"partners\" ]; } );",
     "r:2: to: want partners in the settings for an entry \"partners\", have "
     "none\n"},
    {"no partners where there are none",
     "rules = ( { id = \"a\"; customers = 5; to = [ \"!partners\" ]; } );",
     NULL},
};

static void test_file(void **state)
{
    const struct file_case *c = *state;
    struct script script;
    struct settings s = {0};
    struct problems problems = {0};

    assert_true(script_from("r", span_of(c->text), &script));
    bool good =
        rules_read(&script, &s, &problems) && rules_check_all(&s, &problems);
    script_clear(&script);
    settings_clear(&s);
    assert_int_equal(good, c->said == NULL);
    said_expect(&problems, c->said);
}

/* The rules of a text that is good. */
static void read_good(const char *text, struct settings *s)
{
    struct script script;
    struct problems problems = {0};

    *s = (struct settings){0};
    assert_true(script_from("r", span_of(text), &script));
    rules_read(&script, s, &problems);
    script_clear(&script);
    said_expect(&problems, NULL);
}

static void test_every_key(void **state)
{
    struct settings s;

    (void)state;
    read_good(
        "rules = (\n{ id = \"bulk\"; name = \"Bulk\"; severity = \"critical\";"
        " direction = \"any\"; channels = [ \"http\", \"smtp\" ];"
        " fields = { any = [ \"account_number\", \"phone\" ]; also = 2; };"
        " customers = 100; within = \"30d\"; by = \"pair\";"
        " attack = [ \"T1048.003\", \"T1567\" ]; } );",
        &s);
    const struct rule *r = s.rules;
    assert_int_equal(s.rule_count, 1);
    assert_string_equal(r->id, "bulk");
    assert_string_equal(r->name, "Bulk");
    assert_string_equal(r->file, "r");
    assert_int_equal(r->line, 2);
    assert_int_equal(r->severity, SEVERITY_CRITICAL);
    assert_int_equal(r->direction, RULE_ANY);
    assert_int_equal(r->channel_count, 2);
    assert_string_equal(r->channels[1], "smtp");
    assert_int_equal(r->any,
                     FIELD_BIT(FIELD_ACCOUNT_NUMBER) | FIELD_BIT(FIELD_PHONE));
    assert_int_equal(r->also, 2);
    assert_int_equal(r->customers, 100);
    assert_int_equal(r->within_ns, INT64_C(30) * 86400 * 1000000000);
    assert_int_equal(r->by, BY_PAIR);
    assert_int_equal(r->attack_count, 2);
    assert_string_equal(r->attack[0], "T1048.003");
    settings_clear(&s);
}

static void test_entries(void **state)
{
    struct settings s;

    (void)state;
    read_good("rules = ( { id = \"a\"; customers = 1;"
              " from = [ \"user:taro\", \"!group:x y\", "
              "\"network:10.1.2.3/8\" ];"
              " to = ( \"party:[2001:DB8::1]\", \"party:Drop.Example\", "
              "\"!domain:X.example.\", \"!partners\" ); } );",
              &s);
    const struct rule_match *from = s.rules->from, *to = s.rules->to;
    assert_int_equal(s.rules->from_count, 3);
    assert_int_equal(from[0].kind, MATCH_USER);
    assert_string_equal(from[0].text, "taro");
    assert_false(from[0].negated);
    assert_int_equal(from[1].kind, MATCH_GROUP);
    assert_string_equal(from[1].text, "x y");
    assert_true(from[1].negated);
    assert_int_equal(from[2].kind, MATCH_NETWORK);
    assert_int_equal(from[2].network.bits, 104);
    assert_int_equal(s.rules->to_count, 4);
    assert_string_equal(to[0].text, "2001:db8::1");
    assert_string_equal(to[1].text, "drop.example");
    assert_int_equal(to[2].kind, MATCH_DOMAIN);
    assert_string_equal(to[2].text, "x.example");
    assert_int_equal(to[3].kind, MATCH_PARTNERS);
    assert_true(to[3].negated);
    settings_clear(&s);
}

static void test_defaults(void **state)
{
    struct settings s;

    (void)state;
    read_good("rules = ( { id = \"a\"; customers = 1; } );", &s);
    assert_string_equal(s.rules->name, "a");
    assert_int_equal(s.rules->severity, SEVERITY_MEDIUM);
    assert_int_equal(s.rules->direction, RULE_OUTBOUND);
    assert_int_equal(s.rules->by, BY_EMPLOYEE);
    assert_int_equal(s.rules->within_ns, INT64_C(86400000000000));
    assert_int_equal(s.rules->any, 0);
    assert_int_equal(s.rules->unread, UNREAD_NOT);
    settings_clear(&s);
}

struct unread_case {
    const char *name;
    const char *word;
    enum rule_unread unread;
    enum why why;
};

static const struct unread_case unreads[] = {
    {"everything encrypted", "encrypted", UNREAD_ALL, WHY_ENCRYPTED},
    {"encrypted files", "encrypted:object", UNREAD_OBJECT, WHY_ENCRYPTED},
    {"encrypted channels", "encrypted:channel", UNREAD_CHANNEL, WHY_ENCRYPTED},
    {"unsupported files", "unsupported:object", UNREAD_OBJECT, WHY_UNSUPPORTED},
    {"what limits left out", "limit", UNREAD_ALL, WHY_LIMIT},
};

static void test_unread(void **state)
{
    const struct unread_case *c = *state;
    struct settings s;
    char text[128];

    snprintf(text, sizeof(text),
             "rules = ( { id = \"a\"; bytes = \"20MiB\"; unread = \"%s\"; } "
             ");",
             c->word);
    read_good(text, &s);
    assert_int_equal(s.rules->unread, c->unread);
    assert_int_equal(s.rules->why, c->why);
    assert_int_equal(s.rules->bytes, 20971520);
    assert_int_equal(s.rules->customers, 0);
    settings_clear(&s);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(bad) + COUNT(files) + COUNT(unreads) + 3];
    size_t count = 0;

    SPEC_TABLE(tests, count, bad, test_bad);
    SPEC_TABLE(tests, count, files, test_file);
    SPEC_TABLE(tests, count, unreads, test_unread);
    tests[count++] = (struct CMUnitTest){"every key of a rule is read",
                                         test_every_key, NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"entries of every kind are read",
                                         test_entries, NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"what a rule leaves out has a default",
                                         test_defaults, NULL, NULL, NULL};
    return SPEC_RUN("conf/rules", tests, count);
}
