// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * options.c - getopt, one table of commands, one table of options.
 *
 * It must not start anything.
 */
#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/span.h"
#include "util/text.h"

enum {
    OPTION_STATS = 256,
    OPTION_SEND,
    OPTION_REPORT,
    OPTION_FILTER,
    MOST_WORKERS = 64,
    MOST_INTERFACES = 64,
};

static const struct {
    const char *word;
    enum command command;
    const char *shorts; /* options it takes */
} commands[] = {
    {"read", COMMAND_READ, "cRkfoasjSTqvh"},
    {"watch", COMMAND_WATCH, "cRikfosjSFqvh"},
    {"affected", COMMAND_AFFECTED, "ksqvh"},
    {"check", COMMAND_CHECK, "cRqvh"},
    {"help", COMMAND_HELP, "h"},
    {"version", COMMAND_VERSION, "h"},
};

static const struct option longs[] = {
    {"config", required_argument, NULL, 'c'},
    {"rules", required_argument, NULL, 'R'},
    {"key", required_argument, NULL, 'k'},
    {"format", required_argument, NULL, 'f'},
    {"output", required_argument, NULL, 'o'},
    {"affected", required_argument, NULL, 'a'},
    {"schema", required_argument, NULL, 's'},
    {"state", required_argument, NULL, 's'},
    {"filter", required_argument, NULL, OPTION_FILTER},
    {"workers", required_argument, NULL, 'j'},
    {"stats", required_argument, NULL, OPTION_STATS},
    {"send", no_argument, NULL, OPTION_SEND},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {"index", required_argument, NULL, 'x'},
    {"interface", required_argument, NULL, 'i'},
    {"report", required_argument, NULL, OPTION_REPORT},
    {NULL, 0, NULL, 0},
};

static const char help_program[] =
    "outflow finds bulk customer records leaving in network traffic.\n"
    "\n"
    "  outflow read [options] CAPTURE...        analyse capture files\n"
    "  outflow watch -i IFACE [options]         be a sensor on a span port\n"
    "  outflow affected [options] TABLE LIST    whom to notify: join a list\n"
    "                                           of affected customers back\n"
    "                                           to the customer table\n"
    "  outflow check [options]                  check settings and rules\n"
    "  outflow help [COMMAND]                   this, or a command's options\n"
    "  outflow version\n"
    "\n"
    "First run:  outflow read capture.pcap\n"
    "Exit status of read: 0 nothing found, 1 alerts, 2 an error or an input\n"
    "read only in part. See also: man outflow.\n";

static const char help_read[] =
    "outflow read [options] CAPTURE...\n"
    "\n"
    "CAPTURE is a pcap or pcapng file, plain or compressed (gzip, zstd, xz),\n"
    "a directory of them, or - for standard input. All are one timeline.\n"
    "\n"
    "  -c, --config FILE         settings; without it defaults serve\n"
    "  -R, --rules FILE-OR-DIR   rule files instead of the settings' or the\n"
    "                            shipped ones; repeatable\n"
    "  -k, --key FILE            secret key, 64 hex digits, mode 0600; "
    "without\n"
    "                            it pseudonyms differ between runs\n"
    "  -f, --format FORMAT       table (default on a terminal), json, cef,\n"
    "                            leef or ocsf\n"
    "  -o, --output FILE         where alerts go; default standard output\n"
    "  -a, --affected FILE       write the complete affected-customers list\n"
    "  -s, --state DIR           keep what was counted in DIR and go on with\n"
    "                            it: slow leaks over many runs; needs -k\n"
    "  -j, --workers N           packet workers; default one per core\n"
    "      --stats FILE          counters as JSON at the end; - is standard\n"
    "                            error\n"
    "      --send                also send alerts to the settings' outputs\n"
    "  -q, --quiet  -v, --verbose\n"
    "\n"
    "Exit status: 0 nothing found, 1 at least one alert, 2 an error, or an\n"
    "input read only in part (what could be read was).\n";

static const char help_watch[] =
    "outflow watch -i IFACE [options]\n"
    "\n"
    "Reads packets from network interfaces until it is told to end, and says\n"
    "alerts as they open, grow and end. Started as root, or as a user with\n"
    "CAP_NET_RAW; everything that reads runs without any privilege.\n"
    "\n"
    "  -i, --interface IFACE     a span port; repeatable\n"
    "  -c, --config FILE         settings; without it defaults serve\n"
    "  -R, --rules FILE-OR-DIR   rule files instead of the settings' or the\n"
    "                            shipped ones; repeatable\n"
    "  -k, --key FILE            secret key, 64 hex digits, mode 0600\n"
    "  -s, --state DIR           keep what was counted; needs -k\n"
    "  -f, --format FORMAT       table (default on a terminal), json, cef,\n"
    "                            leef or ocsf\n"
    "  -o, --output FILE         write alerts there, beside the settings'\n"
    "                            outputs; without both to standard output\n"
    "  -j, --workers N           packet workers; default one per core\n"
    "      --filter EXPRESSION   only packets of this pcap-filter(7)\n"
    "      --stats FILE          counters as JSON, every 10 s; - is standard\n"
    "                            error\n"
    "  -q, --quiet  -v, --verbose\n"
    "\n"
    "SIGHUP reads settings, rules and employees again and opens files anew,\n"
    "SIGUSR1 writes the counters, SIGTERM ends. Exit status 0 or 2.\n";

static const char help_affected[] =
    "outflow affected -k KEY -s SCHEMA [options] TABLE LIST\n"
    "\n"
    "Writes to standard output each row of TABLE (CSV) whose customer is in\n"
    "LIST (made by read -a with the same key), unchanged and in table order,\n"
    "with the columns fields, first_seen and last_seen added.\n"
    "\n"
    "  -k, --key FILE            the key the list was made with\n"
    "  -s, --schema FILE         what the columns of TABLE are\n"
    "  -q, --quiet  -v, --verbose\n";

static const char help_check[] =
    "outflow check [options]\n"
    "\n"
    "Reads settings and rules, says everything that is wrong with them, and\n"
    "starts nothing. Exit status 0 or 2.\n"
    "\n"
    "  -c, --config FILE         settings\n"
    "  -R, --rules FILE-OR-DIR   rule files; repeatable\n"
    "  -q, --quiet  -v, --verbose\n";

const char *options_help(enum command command)
{
    switch (command) {
    case COMMAND_READ:
        return help_read;
    case COMMAND_WATCH:
        return help_watch;
    case COMMAND_AFFECTED:
        return help_affected;
    case COMMAND_CHECK:
        return help_check;
    case COMMAND_NONE:
    case COMMAND_HELP:
    case COMMAND_VERSION:
        break;
    }
    return help_program;
}

enum command options_command(const char *word)
{
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (strcmp(commands[i].word, word) == 0)
            return commands[i].command;
    }
    return COMMAND_NONE;
}

/* The known command nearest to a word, NULL when none is near. */
static const char *nearest_command(const char *word)
{
    const char *best = NULL;
    unsigned least = 3;

    for (size_t i = 0; i < COUNT(commands); i++) {
        unsigned far = text_distance(span_of(word), span_of(commands[i].word));
        if (far < least) {
            least = far;
            best = commands[i].word;
        }
    }
    return best;
}

static bool takes(enum command command, int option)
{
    int letter = option == OPTION_STATS    ? 'S'
                 : option == OPTION_SEND   ? 'T'
                 : option == OPTION_FILTER ? 'F'
                                           : option;

    for (size_t i = 0; i < COUNT(commands); i++) {
        if (commands[i].command == command)
            return strchr(commands[i].shorts, letter) != NULL;
    }
    return false;
}

/* Words of the interface that this version does not bring. */
static const char *of_later(int option)
{
    if (option == 'x')
        return "the exact-match index";
    return option == OPTION_REPORT ? "the HTML report" : NULL;
}

static void refuse_option(int option, const char *text,
                          struct problems *problems)
{
    const char *later = of_later(option);

    if (later)
        problems_add(problems, "%s: %s is not in this version of outflow", text,
                     later);
    else
        problems_add(problems, "%s: not an option of this command", text);
}

static void add_rules(struct options *o, const char *path,
                      struct problems *problems)
{
    const char **rules =
        realloc(o->rules, (o->rule_count + 1) * sizeof(*rules));

    if (!rules) {
        problems_add(problems, "-R %s: out of memory", path);
        return;
    }
    o->rules = rules;
    o->rules[o->rule_count++] = path;
}

static void add_interface(struct options *o, const char *name,
                          struct problems *problems)
{
    const char **names =
        o->interface_count < MOST_INTERFACES
            ? realloc(o->interfaces, (o->interface_count + 1) * sizeof(*names))
            : NULL;

    if (!names) {
        problems_add(problems, "-i %s: want at most %d interfaces", name,
                     MOST_INTERFACES);
        return;
    }
    o->interfaces = names;
    for (size_t i = 0; i < o->interface_count; i++) {
        if (strcmp(names[i], name) == 0)
            return; /* named twice, read once */
    }
    o->interfaces[o->interface_count++] = name;
}

static void set_workers(struct options *o, const char *text,
                        struct problems *problems)
{
    uint64_t n = 0;

    if (!span_number(span_of(text), &n) || n < 1 || n > MOST_WORKERS)
        problems_add(problems, "-j: want a number from 1 to %d, have \"%s\"",
                     MOST_WORKERS, text);
    else
        o->workers = (unsigned)n;
}

static void set_format(struct options *o, const char *text,
                       struct problems *problems)
{
    static const char *const known[] = {"table", "json", "cef", "leef", "ocsf"};

    for (size_t i = 0; i < COUNT(known); i++) {
        if (strcmp(known[i], text) == 0)
            o->format = known[i];
    }
    if (!o->format)
        problems_add(problems,
                     "-f: want table, json, cef, leef or ocsf, have \"%s\"",
                     text);
}

static void set_option(struct options *o, int option, struct problems *problems)
{
    switch (option) {
    case 'c':
        o->config = optarg;
        break;
    case 'R':
        add_rules(o, optarg, problems);
        break;
    case 'i':
        add_interface(o, optarg, problems);
        break;
    case 'k':
        o->key = optarg;
        break;
    case 'f':
        set_format(o, optarg, problems);
        break;
    case 'o':
        o->output = optarg;
        break;
    case 'a':
        o->affected = optarg;
        break;
    case 's':
        if (o->command == COMMAND_AFFECTED)
            o->schema = optarg;
        else
            o->state = optarg;
        break;
    case 'j':
        set_workers(o, optarg, problems);
        break;
    case OPTION_FILTER:
        o->filter = optarg;
        break;
    case OPTION_STATS:
        o->stats = optarg;
        break;
    case OPTION_SEND:
        o->send = true;
        break;
    case 'q':
        o->talk--;
        break;
    case 'v':
        o->talk++;
        break;
    default:
        o->help = true;
        break;
    }
}

/* The option as the user wrote it, for an error. */
static const char *written(int option, char **argv, char out[3])
{
    if (option > 0 && option < 256) {
        out[0] = '-';
        out[1] = (char)option;
        out[2] = '\0';
        return out;
    }
    return argv[optind - 1];
}

static void parse_options(int argc, char **argv, struct options *o,
                          struct problems *problems)
{
    int option;
    char text[3];

    optind = 1;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":c:R:k:f:o:a:s:j:x:i:qvh", longs,
                                 NULL)) != -1) {
        if (option == ':')
            problems_add(problems, "%s: want a value behind it, have none",
                         written(optopt, argv, text));
        else if (option == '?')
            problems_add(problems, "%s: want an option of \"outflow help %s\"",
                         written(optopt, argv, text), argv[0]);
        else if (!takes(o->command, option))
            refuse_option(option, written(option, argv, text), problems);
        else
            set_option(o, option, problems);
    }
    o->args = (const char **)(void *)(argv + optind);
    o->arg_count = (size_t)(argc - optind);
}

static void check_arguments(const struct options *o, struct problems *problems)
{
    if (o->help)
        return;
    if (o->command == COMMAND_READ && o->arg_count == 0)
        problems_add(problems, "read: want at least one CAPTURE, have none; "
                               "see \"outflow help read\"");
    if (o->state && !o->key)
        problems_add(problems, "-s: want -k KEY, too: what is kept is named "
                               "by it");
    if (o->command == COMMAND_WATCH && o->interface_count == 0)
        problems_add(problems, "watch: want at least one -i INTERFACE, have "
                               "none; see \"outflow help watch\"");
    if ((o->command == COMMAND_CHECK || o->command == COMMAND_WATCH) &&
        o->arg_count > 0)
        problems_add(problems, "%s: want no arguments, have \"%s\"",
                     o->command == COMMAND_CHECK ? "check" : "watch",
                     o->args[0]);
    if (o->command != COMMAND_AFFECTED)
        return;
    if (o->arg_count != 2)
        problems_add(problems,
                     "affected: want TABLE and LIST, have %zu "
                     "arguments; see \"outflow help affected\"",
                     o->arg_count);
    if (!o->key)
        problems_add(problems, "affected: want -k KEY, the key the list was "
                               "made with");
    if (!o->schema)
        problems_add(problems, "affected: want -s SCHEMA, what the columns of "
                               "the table are");
}

bool options_parse(int argc, char **argv, struct options *out,
                   struct problems *problems)
{
    *out = (struct options){0};
    if (argc < 2) {
        problems_add(problems, "want a command, have none; see \"outflow "
                               "help\"");
        return false;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        word = "help";
    if (strcmp(word, "--version") == 0)
        word = "version";
    out->command = options_command(word);
    if (strcmp(word, "index") == 0) {
        problems_add(problems,
                     "%s: not in this version of outflow; see "
                     "\"outflow help\"",
                     word);
        return false;
    }
    if (out->command == COMMAND_NONE) {
        const char *near = nearest_command(word);
        problems_add(problems,
                     "unknown command \"%s\"%s%s%s; see \"outflow "
                     "help\"",
                     word, near ? "; did you mean \"" : "", near ? near : "",
                     near ? "\"?" : "");
        return false;
    }
    parse_options(argc - 1, argv + 1, out, problems);
    check_arguments(out, problems);
    return problems->count + problems->lost == 0;
}

void options_clear(struct options *o)
{
    free(o->rules);
    free(o->interfaces);
    o->rules = NULL;
    o->interfaces = NULL;
}
