// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_resolve.c - identity/resolve.c and identity.c: who sent what to whom.
 *
 * A row is an exposure; what it leaves out is empty. Ours is 10.0.0.0/8 and
 * bank.example; 10.20.0.7 is taro's.
 */
#include "identity/identity.h"
#include "scratch.h"

static const char staff[] =
    "user,name,group,ip,mac,mail,from,until\n"
    "taro,,contractors,10.20.0.7,,taro@bank.example,,\n"
    "hanako,,,10.20.0.8,00:16:3e:00:00:08,hanako@bank.example,,\n";

enum { PARTNER_PRINT = 0, PARTNER_NETS = 1, PARTNERS = 2 };

struct resolve_case {
    const char *name;

    /* the exposure */
    const char *client, *server; /* default 10.20.0.7, 203.0.113.9 */
    bool by_server;              /* the server is the sender */
    const char *channel, *trail;
    const char *user, *host, *mail_from;
    const char *mail_to[4];
    bool proxied;
    uint8_t mac; /* last byte of the sender's */

    /* who it is */
    const char *employee, *group; /* default taro, contractors */
    enum identity_from from;
    const char *other;   /* NULL: confidence is high */
    const char *parties; /* "name> " inside, "name! " outside; "p" partner */
    enum direction direction; /* to the first party */
};

static const struct resolve_case cases[] = {
    {.name = "an upload goes to the address, named by Host",
     .host = "Drop.Example:8080",
     .from = IDENTITY_IP,
     .parties = "drop.example! "},
    {.name = "a Host of ours does not make an outside address inside",
     .host = "www.bank.example",
     .from = IDENTITY_IP,
     .parties = "www.bank.example! "},
    {.name = "an inside address named by a strange Host stays inside",
     .server = "10.9.9.9",
     .host = "drop.example",
     .from = IDENTITY_IP,
     .parties = "drop.example> ",
     .direction = DIRECTION_INTERNAL},
    {.name = "without Host the party is the address",
     .from = IDENTITY_IP,
     .parties = "203.0.113.9! "},
    {.name = "a literal Host is the address it goes to",
     .host = "10.9.9.9",
     .from = IDENTITY_IP,
     .parties = "203.0.113.9! "},
    {.name = "version 6 without brackets",
     .client = "2001:db8::1",
     .server = "2001:db8::9",
     .host = "[2001:db8::9]:80",
     .employee = "2001:db8::1",
     .group = "unknown",
     .from = IDENTITY_ADDRESS,
     .parties = "2001:db8::9! ",
     .direction = DIRECTION_EXTERNAL},
    {.name = "nobody's address is the employee, unknown",
     .client = "10.1.1.1",
     .employee = "10.1.1.1",
     .group = "unknown",
     .from = IDENTITY_ADDRESS,
     .parties = "203.0.113.9! "},

    {.name = "through a proxy the URL's host is the party",
     .server = "10.0.0.80",
     .host = "drop.example",
     .proxied = true,
     .from = IDENTITY_IP,
     .parties = "drop.example! "},
    {.name = "through a proxy to our own domain",
     .server = "198.51.100.80",
     .host = "intra.bank.example",
     .proxied = true,
     .from = IDENTITY_IP,
     .parties = "intra.bank.example> ",
     .direction = DIRECTION_INTERNAL},
    {.name = "through a proxy to an inside address",
     .server = "10.0.0.80",
     .host = "10.9.9.9",
     .proxied = true,
     .from = IDENTITY_IP,
     .parties = "10.9.9.9> ",
     .direction = DIRECTION_INTERNAL},
    {.name = "through a proxy to an outside address",
     .server = "10.0.0.80",
     .host = "203.0.113.77:81",
     .proxied = true,
     .from = IDENTITY_IP,
     .parties = "203.0.113.77! "},
    {.name = "a proxy request without host goes to the proxy",
     .server = "10.0.0.80",
     .proxied = true,
     .from = IDENTITY_IP,
     .parties = "10.0.0.80> ",
     .direction = DIRECTION_INTERNAL},

    {.name = "a download goes to the client, from the server",
     .client = "203.0.113.9",
     .server = "10.0.0.5",
     .by_server = true,
     .host = "portal.bank.example",
     .employee = "10.0.0.5",
     .group = "unknown",
     .from = IDENTITY_ADDRESS,
     .parties = "203.0.113.9! "},
    {.name = "a download from outside comes in",
     .by_server = true,
     .host = "www.example",
     .employee = "203.0.113.9",
     .group = "unknown",
     .from = IDENTITY_ADDRESS,
     .parties = "10.20.0.7> ",
     .direction = DIRECTION_INBOUND},
    {.name = "a download through a proxy comes from the URL's host",
     .server = "10.0.0.80",
     .by_server = true,
     .host = "WWW.Example.",
     .proxied = true,
     .employee = "www.example",
     .group = "unknown",
     .from = IDENTITY_ADDRESS,
     .parties = "10.20.0.7> ",
     .direction = DIRECTION_INBOUND},
    {.name = "a download through a proxy from our own domain",
     .server = "10.0.0.80",
     .by_server = true,
     .host = "hr.bank.example",
     .proxied = true,
     .employee = "hr.bank.example",
     .group = "unknown",
     .from = IDENTITY_ADDRESS,
     .parties = "10.20.0.7> ",
     .direction = DIRECTION_INTERNAL},

    {.name = "a mail handed to an inside relay goes to its recipients",
     .server = "10.0.0.25",
     .mail_from = "taro@bank.example",
     .mail_to = {"a@drop.example", "b@DROP.example", "c@bank.example",
                 "<d@other.test>"},
     .from = IDENTITY_IP,
     .parties = "drop.example! bank.example> other.test! "},
    {.name = "a mail to a subdomain of ours is internal",
     .mail_to = {"x@tokyo.bank.example"},
     .from = IDENTITY_IP,
     .parties = "tokyo.bank.example> ",
     .direction = DIRECTION_INTERNAL},
    {.name = "a mail to an address in brackets",
     .mail_to = {"x@[203.0.113.5]", "y@[IPv6:2001:db8::5]", "z@[10.0.0.1]"},
     .from = IDENTITY_IP,
     .parties = "203.0.113.5! 2001:db8::5! 10.0.0.1> "},
    {.name = "a mail to a local part alone goes to the server",
     .server = "10.0.0.25",
     .mail_to = {"postmaster"},
     .from = IDENTITY_IP,
     .parties = "10.0.0.25> ",
     .direction = DIRECTION_INTERNAL},
    {.name = "a source route ends at its last domain",
     .mail_to = {"@relay.test:x@drop.example"},
     .from = IDENTITY_IP,
     .parties = "drop.example! "},

    {.name = "a log-in comes before the address",
     .channel = "smtp",
     .user = "hanako",
     .employee = "hanako",
     .group = "employees",
     .from = IDENTITY_LOGIN,
     .other = "taro",
     .parties = "203.0.113.9! "},
    {.name = "a log-in of nobody names nobody",
     .user = "mailer",
     .from = IDENTITY_IP,
     .parties = "203.0.113.9! "},
    {.name = "a log-in that agrees is no doubt",
     .user = "taro",
     .from = IDENTITY_LOGIN,
     .parties = "203.0.113.9! "},
    {.name = "a log-in is not the server's",
     .client = "10.20.0.7",
     .server = "10.0.0.5",
     .by_server = true,
     .user = "taro",
     .employee = "10.0.0.5",
     .group = "unknown",
     .from = IDENTITY_ADDRESS,
     .parties = "10.20.0.7> ",
     .direction = DIRECTION_INTERNAL},
    {.name = "an FTP upload to a server that opened the connection",
     .client = "203.0.113.21",
     .server = "10.1.1.1",
     .by_server = true,
     .channel = "ftp",
     .trail = "STOR q3.csv",
     .user = "hanako",
     .employee = "hanako",
     .group = "employees",
     .from = IDENTITY_LOGIN,
     .parties = "203.0.113.21! "},
    {.name = "an FTP download is not from who logged in",
     .client = "10.0.0.21",
     .server = "10.20.0.9",
     .channel = "ftp",
     .trail = "RETR q3.csv",
     .user = "hanako",
     .employee = "10.0.0.21",
     .group = "unknown",
     .from = IDENTITY_ADDRESS,
     .parties = "10.20.0.9> ",
     .direction = DIRECTION_INTERNAL},
    {.name = "the MAC of the frame, when the address is nobody's",
     .client = "10.1.1.1",
     .mac = 8,
     .employee = "hanako",
     .group = "employees",
     .from = IDENTITY_MAC,
     .parties = "203.0.113.9! "},
    {.name = "an address and a MAC that disagree",
     .mac = 8,
     .from = IDENTITY_IP,
     .other = "hanako",
     .parties = "203.0.113.9! "},
    {.name = "the envelope sender, when nothing else is known",
     .client = "10.0.0.25",
     .server = "203.0.113.25",
     .mail_from = "<Hanako@Bank.Example>",
     .mail_to = {"a@drop.example"},
     .employee = "hanako",
     .group = "employees",
     .from = IDENTITY_MAIL,
     .parties = "drop.example! "},
    {.name = "of several that disagree the first is named",
     .user = "taro",
     .client = "10.20.0.8",
     .mail_from = "taro@bank.example",
     .mac = 8,
     .from = IDENTITY_LOGIN,
     .other = "hanako",
     .parties = "203.0.113.9! "},

    {.name = "a partner by the domain of its mail, and its subdomains",
     .mail_to = {"a@print.example", "b@tokyo.print.example"},
     .from = IDENTITY_IP,
     .parties = "print.example!p0 tokyo.print.example!p0 "},
    {.name = "a partner through a proxy by the URL's host",
     .host = "up.print.example",
     .proxied = true,
     .from = IDENTITY_IP,
     .parties = "up.print.example!p0 "},
    {.name = "a partner with networks is known by its address",
     .server = "198.51.100.3",
     .host = "whatever.test",
     .from = IDENTITY_IP,
     .parties = "whatever.test!p1 "},
    {.name = "a Host does not make a stranger a partner with networks",
     .host = "scan.example",
     .from = IDENTITY_IP,
     .parties = "scan.example! "},
    {.name = "a partner without networks is known by name",
     .host = "www.print.example",
     .from = IDENTITY_IP,
     .parties = "www.print.example!p0 "},
    {.name = "a partner with networks by mail is known by name",
     .mail_to = {"x@scan.example"},
     .from = IDENTITY_IP,
     .parties = "scan.example!p1 "},
    {.name = "a partner with networks that downloads",
     .client = "198.51.100.3",
     .server = "10.0.0.5",
     .by_server = true,
     .employee = "10.0.0.5",
     .group = "unknown",
     .from = IDENTITY_ADDRESS,
     .parties = "198.51.100.3!p1 "},
    {.name = "a literal URL through a proxy into a partner's network",
     .host = "198.51.100.4",
     .proxied = true,
     .from = IDENTITY_IP,
     .parties = "198.51.100.4!p1 "},
};

static struct addr address(const char *text, const char *other)
{
    struct addr addr;

    assert_true(addr_parse(span_of(text ? text : other), &addr));
    return addr;
}

static struct exposure exposure_of(const struct resolve_case *c)
{
    struct exposure e = {
        .sender = c->by_server ? DIR_SERVER : DIR_CLIENT,
        .channel = c->channel ? c->channel : "http",
        .trail = c->trail,
        .user = c->user,
        .host = c->host,
        .mail_from = c->mail_from,
        .mail_to = c->mail_to,
        .proxied = c->proxied,
    };

    e.addr[DIR_CLIENT] = address(c->client, "10.20.0.7");
    e.addr[DIR_SERVER] = address(c->server, "203.0.113.9");
    while (e.mail_to_count < COUNT(c->mail_to) && c->mail_to[e.mail_to_count])
        e.mail_to_count++;
    if (c->mac)
        memcpy(e.mac[e.sender], (uint8_t[]){0, 0x16, 0x3e, 0, 0, c->mac}, 6);
    return e;
}

/* Two domains and a network of ours, two partners. */
static struct identity *make(void)
{
    static char bank_domain[] = "bank.example", *own[] = {bank_domain};
    static char print_domain[] = "print.example", *print[] = {print_domain};
    static char scan_domain[] = "scan.example", *scan[] = {scan_domain};
    static struct network inside, partner;
    static char file[] = "e.csv";
    static struct partner partners[PARTNERS];
    struct settings s = {
        .inside = &inside,
        .inside_count = 1,
        .domains = own,
        .domain_count = 1,
        .employees = file,
        .partners = partners,
        .partner_count = PARTNERS,
    };
    struct problems problems = {0};

    assert_true(network_parse(SPAN("10.0.0.0/8"), &inside));
    assert_true(network_parse(SPAN("198.51.100.0/28"), &partner));
    partners[PARTNER_PRINT] =
        (struct partner){.domains = print, .domain_count = 1};
    partners[PARTNER_NETS] = (struct partner){.domains = scan,
                                              .domain_count = 1,
                                              .networks = &partner,
                                              .network_count = 1};
    scratch_write(staff);
    struct identity *id = identity_new(&s, &problems);
    scratch_said(&problems, NULL);
    return id;
}

static void put_party(char *out, size_t room, const struct party *p)
{
    size_t len = strlen(out);
    char partner[16] = "";

    if (p->partner >= 0)
        snprintf(partner, sizeof(partner), "p%d", p->partner);
    snprintf(out + len, room - len, "%s%s%s ", p->name, p->inside ? ">" : "!",
             partner);
}

static void test_case(void **state)
{
    const struct resolve_case *c = *state;
    struct identity *id = make();
    struct exposure e = exposure_of(c);
    struct resolved who;
    char parties[512] = "";

    identity_resolve(id, &e, &who);
    for (size_t i = 0; i < who.party_count; i++)
        put_party(parties, sizeof(parties), &who.parties[i]);
    assert_string_equal(parties, c->parties);
    assert_string_equal(who.employee, c->employee ? c->employee : "taro");
    assert_string_equal(who.group, c->group ? c->group : "contractors");
    assert_string_equal(identity_from_name(who.from),
                        identity_from_name(c->from));
    assert_int_equal(who.known, c->from != IDENTITY_ADDRESS);
    assert_string_equal(who.other, c->other ? c->other : "");
    assert_int_equal(who.low, c->other != NULL);
    assert_string_equal(direction_name(who.parties[0].direction),
                        direction_name(c->direction));
    identity_free(id);
}

/* A hundred recipients of a hundred domains are a hundred parties. */
static void test_many_recipients(void **state)
{
    static char text[LIMIT_RECIPIENTS + 5][32];
    const char *to[LIMIT_RECIPIENTS + 5];
    struct resolve_case plain = {0};
    struct identity *id = make();
    struct exposure e = exposure_of(&plain);
    struct resolved who;

    (void)state;
    for (unsigned i = 0; i < COUNT(to); i++) {
        snprintf(text[i], sizeof(text[i]), "x@d%u.example", i);
        to[i] = text[i];
    }
    e.mail_to = to;
    e.mail_to_count = COUNT(to);
    identity_resolve(id, &e, &who);
    assert_int_equal(who.party_count, LIMIT_RECIPIENTS);
    assert_string_equal(who.parties[99].name, "d99.example");
    identity_free(id);
}

struct check_case {
    const char *name;
    bool without; /* no file of employees */
    enum match_kind kind;
    const char *text;
    const char *said;
};

static const struct check_case checks[] = {
    {"a group of the file", false, MATCH_GROUP, "contractors", NULL},
    {"the group everybody is in", false, MATCH_GROUP, "employees", NULL},
    {"the group of unknown addresses", true, MATCH_GROUP, "unknown", NULL},
    {"a user of the file", false, MATCH_USER, "taro", NULL},
    {"a misspelt group", false, MATCH_GROUP, "contracters",
     "r.conf:7: from: want a group of the setting employees, have "
     "\"contracters\"; did you mean \"contractors\"?\n"},
    {"a user nobody is", false, MATCH_USER, "nobody",
     "r.conf:7: from: want a user of the setting employees, have "
     "\"nobody\"\n"},
    {"a group without file", true, MATCH_GROUP, "contractors",
     "r.conf:7: from: want a group of the setting employees, which names no "
     "file, have \"contractors\"\n"},
};

static void test_check(void **state)
{
    const struct check_case *c = *state;
    char text[32], employees[] = "e.csv", file[] = "r.conf";
    struct rule_match from = {.kind = c->kind, .text = text, .line = 7};
    struct rule rule = {.file = file, .from = &from, .from_count = 1};
    struct settings s = {.rules = &rule, .rule_count = 1};
    struct problems problems = {0};

    snprintf(text, sizeof(text), "%s", c->text);
    scratch_write(staff);
    s.employees = c->without ? NULL : employees;
    struct identity *id = identity_new(&s, &problems);
    assert_int_equal(id != NULL, c->said == NULL);
    identity_free(id);
    scratch_said(&problems, c->said);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(checks) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    SPEC_TABLE(tests, count, checks, test_check);
    tests[count++] =
        (struct CMUnitTest){"as many parties as recipients can be told apart",
                            test_many_recipients, NULL, NULL, NULL};
    return _cmocka_run_group_tests("identity/resolve", tests, count,
                                   scratch_enter, scratch_leave);
}
