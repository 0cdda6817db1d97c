// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_judge.c - rules over a ledger: exposures in, verdicts out.
 *
 * Each row is judged as written, and then again with its batches shuffled
 * and repeated, and from days packed and unpacked: everything there is in
 * the verdicts must stay, byte for byte.
 */
#include "rule/law.h"
#include "outflow/pack.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define S(s)     ((int64_t)(s)*1000000000)
#define TYPES(x) FIELD_BIT(FIELD_##x)

enum { RULES = 3, PARTNERS = 2, SHUFFLES = 12 };

struct judge_case {
    const char *name;
    struct rule rules[RULES];
    struct partner partners[PARTNERS];
    const char *lines;
    const char *want;
};

/* Three customers an employee in 100 s to anybody outside. */
#define BULK .id = (char[]){"bulk"}, .customers = 3, .within_ns = S(100)

static struct rule_match contractors = {.kind = MATCH_GROUP,
                                        .text = (char[]){"contractors"}};
static struct rule_match not_taro = {
    .kind = MATCH_USER, .negated = true, .text = (char[]){"taro"}};
static struct rule_match drop_domain = {.kind = MATCH_DOMAIN,
                                        .text = (char[]){"drop.example"}};
static struct rule_match only_address = {.kind = MATCH_PARTY,
                                         .text = (char[]){"2001:DB8:0::9"}};
static struct rule_match not_partners = {.kind = MATCH_PARTNERS,
                                         .negated = true};
static struct rule_match partners_only = {.kind = MATCH_PARTNERS};
static struct rule_match net_203 = {
    .kind = MATCH_NETWORK,
    .network = {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 203, 0, 0, 0}},
                104}};
static char *http_only[] = {(char[]){"http"}};

#define PRINT                                                                  \
    {                                                                          \
        .name = (char[]){"Print"}, .customers = 5, .within_ns = S(100),        \
        .fields = TYPES(PERSON_NAME) | TYPES(ACCOUNT_NUMBER)                   \
    }

static const struct judge_case cases[] = {
    {
        .name = "the number of customers opens an incident",
        .rules = {{BULK}},
        .lines = "10 taro > drop http : a1-3",
        .want = "bulk [taro] 10..10 customers=3 to=drop\n",
    },
    {
        .name = "fewer than the number stay silent",
        .rules = {{BULK}},
        .lines = "10 taro > drop http : a1-2",
        .want = "",
    },
    {
        .name = "the same customers again count once",
        .rules = {{BULK}},
        .lines = "10 taro > drop http : a1-2\n"
                 "20 taro > drop http : a1-2\n"
                 "30 taro > drop ftp : k1-2",
        .want = "",
    },
    {
        .name = "one table five times by three channels counts once",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : a1-4\n"
                 "1 taro > box ftp : a1-4\n"
                 "2 taro > mail.example smtp : a1-4\n"
                 "3 taro > drop http : a1-4\n"
                 "4 taro > drop http : a1-4*2",
        .want = "bulk [taro] 0..4 customers=4 records=24 transfers=5"
                " to=box:4,drop:4,mail.example:4\n",
    },
    {
        .name = "a record exactly one window old is out of it",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : a1\n"
                 "50 taro > drop http : a2\n"
                 "100 taro > drop http : a3",
        .want = "",
    },
    {
        .name = "a nanosecond less and it is in",
        .rules = {{BULK}},
        .lines = "0.000000001 taro > drop http : a1\n"
                 "50 taro > drop http : a2\n"
                 "100 taro > drop http : a3",
        .want = "bulk [taro] 0.000..100 customers=3 transfers=3 to=drop\n",
    },
    {
        .name = "the incident begins with the window that reached it",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : a9\n"
                 "60 taro > drop http : a1\n"
                 "120 taro > drop http : a2-3",
        .want = "bulk [taro] 60..120 customers=3 transfers=2 to=drop\n",
    },
    {
        .name = "it goes on with less than the number",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : a1-3\n"
                 "99 taro > drop http : a4\n"
                 "198 taro > drop http : a1",
        .want = "bulk [taro] 0..198 customers=4 records=5 transfers=3"
                " to=drop\n",
    },
    {
        .name = "it ends when a window passes without a record",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : a1-3\n"
                 "100 taro > drop http : a1-2\n"
                 "150 taro > drop http : a3",
        .want = "bulk [taro] 0..0 customers=3 to=drop\n"
                "bulk [taro] 100..150 customers=3 transfers=2 to=drop\n",
    },
    {
        .name = "employees are told apart",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : a1-2\n"
                 "0 jiro > drop http : a3-5\n"
                 "0 10.9.8.7 > drop http : a6-8",
        .want = "bulk [10.9.8.7] 0..0 customers=3 to=drop\n"
                "bulk [jiro] 0..0 customers=3 to=drop\n",
    },
    {
        .name = "by party, all senders add up",
        .rules = {{BULK, .by = BY_PARTY}},
        .lines = "0 taro > drop,box http : a1-2\n"
                 "1 jiro > drop http : a3",
        .want = "bulk [drop] 0..1 customers=3 transfers=2 to=drop\n",
    },
    {
        .name = "by pair, one employee and one party",
        .rules = {{BULK, .by = BY_PAIR}},
        .lines = "0 taro > drop,box http : a1-2\n"
                 "1 jiro > drop http : a3-5\n"
                 "2 taro > box http : a3",
        .want = "bulk [taro > box] 0..2 customers=3 transfers=2 to=box\n"
                "bulk [jiro > drop] 1..1 customers=3 to=drop\n",
    },
    {
        .name = "by transfer, each has to reach the number",
        .rules = {{BULK, .by = BY_TRANSFER}},
        .lines = "0 taro > drop http flow=1 x=0 : a1-3\n"
                 "1 taro > drop http flow=1 x=1 : a4-5\n"
                 "2 taro > drop http flow=1 x=2 : a6-8",
        .want = "bulk [1:65mxc00hYglcUUM7FRtStIVTWUU=/0] 0..0 customers=3"
                " to=drop\n"
                "bulk [1:65mxc00hYglcUUM7FRtStIVTWUU=/2] 2..2 customers=3"
                " to=drop\n",
    },
    {
        .name = "alerts are sorted by start, rule and subject",
        .rules = {{.id = (char[]){"z"}, .customers = 1, .within_ns = S(9)},
                  {.id = (char[]){"a"}, .customers = 1, .within_ns = S(9)}},
        .lines = "5 taro > drop http : a1\n"
                 "5 jiro > drop http : a1\n"
                 "1 zoe > drop http : a1",
        .want = "a [zoe] 1..1 customers=1 to=drop\n"
                "z [zoe] 1..1 customers=1 to=drop\n"
                "a [jiro] 5..5 customers=1 to=drop\n"
                "a [taro] 5..5 customers=1 to=drop\n"
                "z [jiro] 5..5 customers=1 to=drop\n"
                "z [taro] 5..5 customers=1 to=drop\n",
    },
    {
        .name = "inside to inside is not outbound",
        .rules = {{BULK}},
        .lines = "0 taro > share! smb : a1-9\n"
                 "0 *198.51.100.7 > share! http : a1-9\n"
                 "0 *198.51.100.7 > drop http : a1-9",
        .want = "",
    },
    {
        .name = "directions choose receivers, not transfers",
        .rules =
            {{BULK, .direction = RULE_INTERNAL},
             {.id = (char[]){"in"}, .direction = RULE_INBOUND, .customers = 3},
             {.id = (char[]){"any"}, .direction = RULE_ANY, .customers = 3}},
        .lines = "0 taro > share!,drop http : a1-3\n"
                 "1 *out.example > share! http : a4-6",
        .want = "any [taro] 0..0 customers=3 to=drop:3,share:3\n"
                "bulk [taro] 0..0 customers=3 to=share\n"
                "any [out.example] 1..1 customers=3 to=share\n"
                "in [out.example] 1..1 customers=3 to=share\n",
    },
    {
        .name = "from and channels choose senders",
        .rules = {{BULK, .from = &contractors, .from_count = 1,
                   .channels = http_only, .channel_count = 1}},
        .lines = "0 taro > drop http : a1-3\n"
                 "0 jiro/contractors > drop ftp : a1-3\n"
                 "0 saburo/contractors > drop http : a1-3",
        .want = "bulk [saburo] 0..0 customers=3 to=drop\n",
    },
    {
        .name = "a negated entry alone means all others",
        .rules = {{BULK, .from = &not_taro, .from_count = 1}},
        .lines = "0 taro > drop http : a1-3\n"
                 "0 jiro > drop http : a1-3",
        .want = "bulk [jiro] 0..0 customers=3 to=drop\n",
    },
    {
        .name = "a domain has its subdomains, and no namesakes",
        .rules = {{BULK, .to = &drop_domain, .to_count = 1}},
        .lines = "0 taro > drop.example http : a1\n"
                 "1 taro > up.drop.example http : a2\n"
                 "2 taro > raindrop.example http : a3\n"
                 "3 taro > drop.example.org http : a4-6\n"
                 "4 taro > drop.example http : a7",
        .want = "bulk [taro] 0..4 customers=3 transfers=3"
                " to=drop.example:2,up.drop.example:1\n",
    },
    {
        .name = "a network means addresses, not the relay of a mail",
        .rules = {{BULK, .to = &net_203, .to_count = 1}},
        .lines = "0 taro > box.example^ smtp : a1-9\n"
                 "0 taro > 198.51.100.7 http : a1-9\n"
                 "0 taro > 203.0.113.7 http : a1-3",
        .want = "bulk [taro] 0..0 customers=3 to=203.0.113.7\n",
    },
    {
        .name = "a party may be written in another form of its address",
        .rules = {{BULK, .to = &only_address, .to_count = 1}},
        .lines = "0 taro > 2001:db8::9 http : a1-3\n"
                 "0 taro > 2001:db8::8 http : a4-6",
        .want = "bulk [taro] 0..0 customers=3 to=2001:db8::9\n",
    },
    {
        .name = "fields are asked of each record",
        .rules = {{BULK, .any = TYPES(ACCOUNT_NUMBER), .also = 2}},
        .lines = "0 taro > drop http : a1+N+A a2+N k3+N+A a4+N+O e5+p5+N"
                 " k6+e6+N",
        .want = "bulk [taro] 0..0 customers=3 to=drop\n",
    },
    {
        .name = "account and card numbers stand for each other",
        .rules = {{BULK, .any = TYPES(CARD_NUMBER)}},
        .lines = "0 taro > drop http : a1 k2 s3 e4",
        .want = "bulk [taro] 0..0 customers=3 to=drop\n",
    },
    {
        .name = "a weaker name is the customer that a stronger record names",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : p1 p2 e3 p4\n"
                 "1 jiro > share! smb : a1+e1+p1 a2+p2 a3+e3",
        .want = "bulk [taro] 0..0 customers=4 to=drop\n",
    },
    {
        .name = "names are followed to the end",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : a1 e1 p1\n"
                 "1 jiro > share! smb : e1+p1 a1+e1",
        .want = "",
    },
    {
        .name = "a name that two stronger records share adds no customer",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : p1 a5-6\n"
                 "1 jiro > share! smb : a1+p1 a2+p1",
        .want = "",
    },
    {
        .name = "its rows still count",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : p1*7 a5-7\n"
                 "1 jiro > share! smb : a1+p1 a2+p1",
        .want = "bulk [taro] 0..0 customers=3 records=10 to=drop\n",
    },
    {
        .name = "different accounts stay apart though they share a phone",
        .rules = {{BULK}},
        .lines = "0 taro > drop http : a1-3+p1",
        .want = "bulk [taro] 0..0 customers=3 to=drop\n",
    },
    {
        .name = "several receivers of one transfer, most customers first",
        .rules = {{BULK}},
        .lines = "0 taro > c,b http : a1-2\n"
                 "1 taro > b,a http : a3\n"
                 "2 taro > a http : a1",
        .want = "bulk [taro] 0..2 customers=3 records=4 transfers=3"
                " to=b:3,a:2,c:2\n",
    },
    {
        .name = "documents stand in packet order, each once",
        .rules = {{BULK}},
        .lines = "5 taro > drop http trail=up>z.csv file=z.csv : a1-2\n"
                 "7 taro > drop http trail=up>a.csv file=a.csv : a3\n"
                 "8 taro > drop http trail=up>z.csv file=z.csv : a4\n"
                 "9 taro > drop http trail=up>b.csv flow=1 b=1 : a5",
        .want = "bulk [taro] 5..9 customers=5 transfers=3 to=drop"
                " doc=up>z.csv doc=up>a.csv doc=up>b.csv file=z.csv\n",
    },
    {
        .name = "missing bytes are those of the streams that carried it",
        .rules = {{BULK}},
        .lines = "0 taro > drop http flow=1 x=0 lack=100 : a1-3\n"
                 "1 taro > drop http flow=1 x=1 lack=250 : a4\n"
                 "2 jiro > drop http flow=2 lack=9000 : a5\n"
                 "3 taro > drop http flow=3 lack=7 : a6",
        .want = "bulk [taro] 0..3 customers=5 transfers=3 to=drop"
                " missing=257\n",
    },
    {
        .name = "the estimate adds what was missing, by transfer",
        .rules = {{BULK}},
        .lines = "0 taro > drop http read=900 missing=100 : a1-9\n"
                 "1 taro > drop http read=500 : a11-20",
        .want = "bulk [taro] 0..1 customers=19 estimated=20 transfers=2"
                " to=drop\n",
    },
    {
        .name = "customers of two transfers weigh once in the estimate",
        .rules = {{BULK}},
        .lines = "0 taro > drop http read=500 missing=500 : a1-10\n"
                 "1 taro > drop http read=1000 : a1-10",
        .want = "bulk [taro] 0..1 customers=10 records=20 estimated=15"
                " transfers=2 to=drop\n",
    },
    {
        .name = "the header of the highest batch holds",
        .rules = {{BULK}},
        .lines = "0 taro > drop http flow=1 b=0 read=100 missing=50 : a1-2\n"
                 "1 taro > drop http flow=1 b=2 read=400 missing=100 : a5-6\n"
                 "2 taro > drop http flow=1 b=1 read=200 missing=100 : a3-4",
        .want = "bulk [taro] 0..2 customers=6 estimated=8 to=drop\n",
    },
    {
        .name = "unread bytes of the transfers that carried it, largest first",
        .rules = {{BULK}},
        .lines = "0 taro > drop http flow=1 zip=100 limit=300 : a1-3\n"
                 "1 taro > drop http flow=1 b=1 zip=500 limit=300 : a4\n"
                 "2 taro > drop https tls=9000 :",
        .want = "bulk [taro] 0..1 customers=4 to=drop unread=zip:encrypted:500"
                " unread=gzip:limit:300\n",
    },
    {
        .name = "mail addresses are those of all its mails",
        .rules = {{BULK}},
        .lines = "5 taro > x.example^ smtp mail=t@b>z@x.example;a@x.example"
                 " : a1-2\n"
                 "6 taro > y.example^ smtp mail=s@b>b@y.example : a3",
        .want = "bulk [taro] 5..6 customers=3 transfers=2"
                " to=x.example:2,y.example:1"
                " mail=t@b>a@x.example;b@y.example;z@x.example\n",
    },
    {
        .name = "one record in two moments counts at both",
        .rules = {{BULK}},
        .lines = "0 taro > drop http span=60 : a1*2\n"
                 "120 taro > drop http : a2-3",
        .want = "bulk [taro] 60..120 customers=3 transfers=2 to=drop\n",
    },
    {
        .name = "unread bytes of a kind reach their number in a window",
        .rules = {{.id = (char[]){"dark"},
                   .unread = UNREAD_CHANNEL,
                   .why = WHY_ENCRYPTED,
                   .bytes = 1000,
                   .within_ns = S(100)}},
        .lines = "0 taro > drop https flow=1 tls=400 :\n"
                 "60 taro > drop https flow=1 b=1 tls=900 :\n"
                 "99 taro > drop https flow=1 b=2 tls=1000 :\n"
                 "120 taro > drop http zip=5000 :\n"
                 "120 jiro > drop https tls=999 :\n"
                 "150 taro > box https tls=50 :",
        .want = "dark [taro] 0..150 bytes=1050 transfers=2 to=box:0,drop:0"
                " unread=tls:encrypted:1050\n",
    },
    {
        .name = "sums that grew before the window do not count in it",
        .rules = {{.id = (char[]){"dark"},
                   .unread = UNREAD_ALL,
                   .why = WHY_ENCRYPTED,
                   .bytes = 1000,
                   .within_ns = S(100)}},
        .lines = "0 taro > drop https flow=1 tls=900 :\n"
                 "100 taro > drop https flow=1 b=1 tls=1800 :\n"
                 "200 taro > drop https flow=1 b=2 tls=2799 :",
        .want = "",
    },
    {
        .name = "files alone, and only for the reason asked",
        .rules = {{.id = (char[]){"dark"},
                   .unread = UNREAD_OBJECT,
                   .why = WHY_ENCRYPTED,
                   .bytes = 1000,
                   .within_ns = S(100)}},
        .lines = "0 taro > drop http zip=999 limit=5000 tls=5000 :\n"
                 "1 taro > drop http zip=1 trail=up>c.zip file=c.zip :",
        .want = "dark [taro] 0..1 bytes=1000 transfers=2 to=drop"
                " doc=up>c.zip file=c.zip unread=zip:encrypted:1000\n",
    },
    {
        .name = "a walk counts customers served one by one",
        .rules = {{.id = (char[]){"walk"},
                   .walk = true,
                   .customers = 3,
                   .within_ns = S(100),
                   .by = BY_PARTY}},
        .lines = "0 web > 198.51.100.1 http flow=1 x=0 sep : a1\n"
                 "1 web > 198.51.100.1 http flow=1 x=1 sep : a2\n"
                 "2 web > 198.51.100.1 http flow=2 x=0 sep : a3\n"
                 "3 web > 198.51.100.2 http sep : a4\n"
                 "4 web > 198.51.100.1 http sep : a11-13\n"
                 "5 web > 198.51.100.1 http : a21",
        .want = "walk [198.51.100.1] 0..2 customers=3 transfers=3"
                " to=198.51.100.1\n",
    },
    {
        .name = "one response with all customers is no walk",
        .rules = {{.id = (char[]){"walk"},
                   .walk = true,
                   .customers = 3,
                   .within_ns = S(100),
                   .by = BY_PARTY}},
        .lines = "0 web > 198.51.100.1 http sep : a1-50",
        .want = "",
    },
    {
        .name = "what a partner gets inside its contract no rule sees",
        .rules = {{BULK}},
        .partners = {PRINT},
        .lines = "0 taro > print@0 http : a1-5+N",
        .want = "",
    },
    {
        .name = "other is free in a contract",
        .rules = {{BULK}},
        .partners = {PRINT},
        .lines = "0 taro > print@0 http : a1-5+N+O",
        .want = "",
    },
    {
        .name = "one customer too many breaks it for the window",
        .rules = {{BULK, .to = &not_partners, .to_count = 1}},
        .partners = {PRINT},
        .lines = "0 taro > print@0 http : a1-2+N\n"
                 "50 taro > print@0 http : a3-5+N\n"
                 "120 jiro > print@0 http : a6-8+N\n"
                 "300 jiro > print@0 http : a11-15+N",
        .want = "bulk [taro] 50..50 customers=3 to=print"
                " partner=Print/customers\n"
                "bulk [jiro] 120..120 customers=3 to=print"
                " partner=Print/customers\n",
    },
    {
        .name = "the same customers again do not break it",
        .rules = {{BULK}},
        .partners = {PRINT},
        .lines = "0 taro > print@0 http : a1-5+N\n"
                 "50 taro > print@0 http : a1-5+N\n"
                 "150 taro > print@0 http : a6-10+N",
        .want = "",
    },
    {
        .name = "a type not agreed breaks it, before and behind",
        .rules = {{.id = (char[]){"bulk"},
                   .customers = 3,
                   .within_ns = S(900)}},
        .partners = {PRINT},
        .lines = "0 taro > print@0 http : a1+N\n"
                 "50 taro > print@0 http : a2+A\n"
                 "149 taro > print@0 http : a3+N\n"
                 "150 taro > print@0 http : a4+N",
        .want = "bulk [taro] 0..149 customers=3 transfers=3 to=print"
                " partner=Print/fields\n",
    },
    {
        .name = "another outside party gets the same transfer: broken",
        .rules = {{BULK}},
        .partners = {PRINT, {.name = (char[]){"Post"}, .within_ns = S(100)}},
        .lines = "0 taro > print@0,post@1 smtp : a1-3+N\n"
                 "200 taro > print@0,mail.print@0,staff! smtp : a1-3+N",
        .want = "bulk [taro] 0..0 customers=3 to=post:3,print:3"
                " partner=Post/others\n",
    },
    {
        .name = "a rule on partners sees broken contracts only",
        .rules = {{BULK, .to = &partners_only, .to_count = 1}},
        .partners = {PRINT},
        .lines = "0 taro > print@0 http : a1-3+N\n"
                 "200 taro > print@0 http : a1-6+N\n"
                 "200 taro > drop http : a1-6+N",
        .want = "bulk [taro] 200..200 customers=6 to=print"
                " partner=Print/customers\n",
    },
    {
        .name = "unread bytes to a partner are inside its contract",
        .rules = {{.id = (char[]){"dark"},
                   .unread = UNREAD_ALL,
                   .why = WHY_ENCRYPTED,
                   .bytes = 10,
                   .within_ns = S(100)}},
        .partners = {PRINT},
        .lines = "0 taro > print@0 https tls=400 :\n"
                 "300 taro > print@0,drop https tls=400 :",
        .want = "dark [taro] 300..300 bytes=400 to=drop:0,print:0"
                " unread=tls:encrypted:400 partner=Print/others\n",
    },
    {
        .name = "a resolved customer counts once in a contract",
        .rules = {{BULK}},
        .partners = {PRINT},
        .lines = "0 taro > print@0 http : a1-5+N\n"
                 "1 taro > print@0 http : s1-5+N\n"
                 "2 jiro > share! smb : a1-5+e1-5",
        .want = "",
    },
};

static struct judge_settings settings_of(const struct judge_case *c)
{
    struct judge_settings s = {.rules = c->rules, .partners = c->partners};

    while (s.rule_count < RULES && c->rules[s.rule_count].id)
        s.rule_count++;
    while (s.partner_count < PARTNERS && c->partners[s.partner_count].name)
        s.partner_count++;
    return s;
}

static void judge_in(const struct judge_case *c, const struct world *w,
                     const struct order *order, bool full, struct buf *out)
{
    struct judge_settings settings = settings_of(c);
    struct ledger *l = ledger_new(UINT64_MAX);

    assert_non_null(l);
    for (size_t i = 0; i < order->count; i++)
        assert_int_equal(world_add(w, order->at[i], l), ERR_OK);
    assert_int_equal(world_judge(&settings, l, full, out), ERR_OK);
    assert_true(buf_add_byte(out, '\0'));
    ledger_free(l);
}

/* The days and ties of one ledger into another. */
static bool add_tie(void *ctx, const struct ledger_tie *tie)
{
    return ledger_tie(ctx, tie) == ERR_OK;
}

static void hand_over(const struct ledger_codec *codec, struct ledger *from,
                      struct ledger *to)
{
    struct buf blob;
    int64_t *days;
    size_t count;

    buf_init(&blob, 1 << 22);
    assert_int_equal(ledger_days(from, &days, &count), ERR_OK);
    for (size_t i = count; i > 0; i--) {
        buf_reset(&blob);
        assert_int_equal(ledger_pack_day(from, days[i - 1], codec, &blob, NULL),
                         ERR_OK);
        assert_int_equal(ledger_unpack(to, buf_span(&blob), codec), ERR_OK);
    }
    assert_true(ledger_each_tie(from, add_tie, to));
    free(days);
    buf_clear(&blob);
}

/*
 * In pieces, as a state is written: what came since the last piece is packed
 * by itself, and all of them are unpacked into one ledger.
 */
static void judge_packed(const struct judge_case *c, const struct world *w,
                         const struct order *order, size_t piece,
                         struct buf *out)
{
    struct judge_settings settings = settings_of(c);
    const struct ledger_codec codec = {settings.partners,
                                       settings.partner_count};
    struct ledger *all = ledger_new(UINT64_MAX), *to = ledger_new(UINT64_MAX);
    struct ledger *fresh = ledger_new(UINT64_MAX);

    assert_true(all && to && fresh);
    for (size_t i = 0; i < order->count; i++) {
        assert_int_equal(world_add_both(w, order->at[i], all, fresh), ERR_OK);
        if ((i + 1) % piece != 0 && i + 1 < order->count)
            continue;
        hand_over(&codec, fresh, to);
        ledger_free(fresh);
        fresh = ledger_new(UINT64_MAX);
        assert_non_null(fresh);
    }
    ledger_free(all);
    ledger_free(fresh);
    fresh = ledger_new(UINT64_MAX);
    assert_non_null(fresh);
    hand_over(&codec, to, fresh); /* and once more, as days are merged */
    assert_int_equal(world_judge(&settings, fresh, true, out), ERR_OK);
    assert_true(buf_add_byte(out, '\0'));
    ledger_free(fresh);
    ledger_free(to);
}

static void test_case(void **state)
{
    const struct judge_case *c = *state;
    struct judge_settings settings;
    struct buf got, other;
    struct world w;
    struct order order;
    uint32_t random = 7;

    settings = settings_of(c);
    buf_init(&got, 1 << 22);
    buf_init(&other, 1 << 22);
    world_read(&w, c->lines);
    assert_true(w.count * 2 <= COUNT(order.at));
    order.count = w.count;
    for (size_t i = 0; i < w.count; i++)
        order.at[i] = i;
    judge_in(c, &w, &order, false, &got);
    assert_string_equal((const char *)got.ptr, c->want);
    buf_reset(&got);
    judge_in(c, &w, &order, true, &got);
    for (unsigned n = 0; n < SHUFFLES; n++) {
        order_shuffle(&order, w.count, &random);
        buf_reset(&other);
        judge_in(c, &w, &order, true, &other);
        assert_string_equal((const char *)other.ptr, (const char *)got.ptr);
        buf_reset(&other);
        judge_packed(c, &w, &order, n % 4 + 1, &other);
        assert_string_equal((const char *)other.ptr, (const char *)got.ptr);
        law_books(&settings, &w, &order, n == 5 ? LAW_AGAIN : n % 2);
    }
    world_clear(&w);
    buf_clear(&got);
    buf_clear(&other);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    for (size_t i = 0; i < COUNT(cases); i++) {
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name,
            .test_func = test_case,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    }
    return cmocka_run_group_tests_name("rule/judge", tests, NULL, NULL);
}
