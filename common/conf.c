/* conf.c - see conf.h. kl_conf_load first collects what the sources say (flags and the file's lines as name and value,
 * checked against the table), then asks for each setting's winner, and parses only that. */
#include "conf.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buf.h"

#define FILE_MAX_BYTES  (256 * 1024) /* a hundred settings with long comments take a tenth of it */
#define VALUE_MAX_BYTES 4096         /* a text setting's longest value where its row says nothing */
#define VALUE_SHOWN     64           /* of a wrong value, in the error */

/* What a source says, in the order it says it. */
struct entry {
    struct entry *next;
    const char   *value; /* behind the name, in the same allocation */
    char          name[];
};

struct entries {
    struct entry *first, **last;
};

struct source {
    struct entries flags;
    struct entries file;
    char         **env;
};

/* Text values live here until kl_conf_free; the entries they stand in are kept whole. */
static struct entries kept = { NULL, &kept.first };

static bool entries_add(struct entries *es, const char *name, size_t name_len, const char *value, size_t value_len)
{
    struct entry *e = malloc(sizeof *e + name_len + value_len + 2);

    if (!e)
        return false;
    memcpy(e->name, name, name_len);
    e->name[name_len] = '\0';
    e->value = memcpy(e->name + name_len + 1, value, value_len);
    e->name[name_len + 1 + value_len] = '\0';
    e->next = NULL;
    *es->last = e;
    es->last = &e->next;
    return true;
}

static void entries_free(struct entries *es)
{
    struct entry *e, *next;

    for (e = es->first; e; e = next) {
        next = e->next;
        free(e);
    }
    *es = (struct entries){ NULL, &es->first };
}

/* The last one wins, as in a shell. */
static const char *entries_get(const struct entries *es, const char *name)
{
    const char *value = NULL;
    const struct entry *e;

    for (e = es->first; e; e = e->next)
        if (strcmp(e->name, name) == 0)
            value = e->value;
    return value;
}

static enum kl_code no_memory(struct kl_error *err)
{
    return kl_fail(err, KL_BUSY, "no memory for the settings");
}

/* "--server-port" of SERVER_PORT; out holds 2 + strlen(name) + 1. */
#define FLAG_MAX 80
static const char *flag_of(const char *name, char out[FLAG_MAX])
{
    size_t len = strlen(name);
    size_t i;

    kl_assert(len + 3 <= FLAG_MAX);
    memcpy(out, "--", 2);
    for (i = 0; i <= len; i++)
        out[i + 2] = name[i] == '_' ? '-' : (char)tolower((unsigned char)name[i]);
    return out;
}

static const struct kl_setting *find_flag(const struct kl_setting *s, const char *flag, size_t len)
{
    char own[FLAG_MAX];

    for (; s->name; s++)
        if (strlen(flag_of(s->name, own)) == len && memcmp(own, flag, len) == 0)
            return s;
    return NULL;
}

static const struct kl_setting *find_name(const struct kl_setting *s, const char *name)
{
    for (; s->name; s++)
        if (strcmp(s->name, name) == 0 || (s->old && strcmp(s->old, name) == 0))
            return s;
    return NULL;
}

/* Numbers with a unit behind them. The row with the empty unit is for a bare number. */
struct unit {
    const char *name;
    int64_t     factor;
};
static const struct unit ms_units[] = { { "", 1 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 },
                                        { "d", 86400000 }, { NULL, 0 } };
static const struct unit byte_units[] = { { "", 1 }, { "k", INT64_C(1) << 10 }, { "m", INT64_C(1) << 20 },
                                          { "g", INT64_C(1) << 30 }, { NULL, 0 } };
static const struct unit no_units[] = { { "", 1 }, { NULL, 0 } };

static const struct unit *units_of(enum kl_setting_type type)
{
    return type == KL_MS ? ms_units : type == KL_BYTES ? byte_units : no_units;
}

static bool parse_number(const char *text, const struct unit *unit, int64_t *n)
{
    char *end;

    if (!isdigit((unsigned char)text[text[0] == '-']))
        return false;
    errno = 0;
    *n = strtoll(text, &end, 10);
    if (errno)
        return false;
    for (; unit->name; unit++)
        if (strcasecmp(unit->name, end) == 0)
            return !__builtin_mul_overflow(*n, unit->factor, n);
    return false;
}

static bool parse_bool(const char *text, bool *yes)
{
    static const char *const words[][2] = { { "0", "1" }, { "false", "true" }, { "no", "yes" }, { "off", "on" } };
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        *yes = strcasecmp(text, words[i][1]) == 0;
        if (*yes || strcasecmp(text, words[i][0]) == 0)
            return true;
    }
    return false;
}

/* A bound as a person would write it: 15s, 16M. */
static void print_bound(char *out, size_t size, enum kl_setting_type type, int64_t n)
{
    const struct unit *unit = units_of(type);
    const struct unit *best = unit;

    for (; unit->name; unit++)
        if (n != 0 && n % unit->factor == 0 && unit->factor >= best->factor)
            best = unit;
    snprintf(out, size, "%" PRId64 "%s", n / best->factor, best->name);
    if (type == KL_BYTES)
        out[strlen(out) - (*best->name != '\0')] = (char)toupper((unsigned char)*best->name);
}

static const char *what_is_wanted(enum kl_setting_type type)
{
    return type == KL_MS ? "a duration (1500, 1500ms, 15s, 2m, 1h, 7d)"
         : type == KL_BYTES ? "a size (1000, 64k, 16M, 1G)" : "a whole number";
}

/* name is the one it was found under, the value's error names that. */
static enum kl_code parse_value(const struct kl_setting *s, const char *name, const char *value, void *conf,
                                struct kl_error *err)
{
    void *at = (char *)conf + s->at;
    char least[32], most[32];
    size_t longest = s->max ? (size_t)s->max : VALUE_MAX_BYTES;

    switch (s->type) {
    case KL_STR:
        if (strlen(value) > longest)
            return kl_fail_limit(err, KL_INVALID, name, (int64_t)longest,
                                 "%s: the value has %zu bytes, %zu may stand there", name, strlen(value), longest);
        *(const char **)at = value;
        return KL_OK;
    case KL_BOOL:
        if (!parse_bool(value, at))
            return kl_fail_field(err, KL_INVALID, name, "%s: \"%.*s\" is not yes or no", name, VALUE_SHOWN, value);
        return KL_OK;
    case KL_INT:
    case KL_MS:
    case KL_BYTES:
        if (parse_number(value, units_of(s->type), at) && *(int64_t *)at >= s->min && *(int64_t *)at <= s->max)
            return KL_OK;
        print_bound(least, sizeof least, s->type, s->min);
        print_bound(most, sizeof most, s->type, s->max);
        return kl_fail_field(err, KL_INVALID, name, "%s: \"%.*s\" is not %s from %s to %s", name, VALUE_SHOWN, value,
                             what_is_wanted(s->type), least, most);
    }
    return kl_fail_field(err, KL_BROKEN, name, "%s has a type that nobody knows", name);
}

static const char *env_get(char **env, const char *name)
{
    size_t len = strlen(name);

    for (; env && *env; env++)
        if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
            return *env + len + 1;
    return NULL;
}

/* An empty variable counts as unset: that is how `NAME=${NAME:-}` in compose files and units arrives. */
static const char *env_find(char **env, const struct kl_setting *s, const char **name)
{
    const char *value = env_get(env, s->name);

    if (value && *value) {
        *name = s->name;
        return value;
    }
    value = s->old ? env_get(env, s->old) : NULL;
    if (!value || !*value)
        return NULL;
    *name = s->old;
    return value;
}

static const char *file_find(const struct entries *file, const struct kl_setting *s, const char **name)
{
    const char *value = entries_get(file, s->name);

    if (value) {
        *name = s->name;
        return value;
    }
    value = s->old ? entries_get(file, s->old) : NULL;
    if (value)
        *name = s->old;
    return value;
}

/* The first source that has it; NULL: none and no default. *name is what it is called there. */
static const char *winner(const struct source *from, const struct kl_setting *s, const char **name)
{
    const char *value;

    *name = s->name;
    value = entries_get(&from->flags, s->name);
    if (!value)
        value = env_find(from->env, s, name);
    if (!value)
        value = file_find(&from->file, s, name);
    return value ? value : s->def;
}

static enum kl_code load_setting(const struct kl_setting *s, const struct source *from, void *conf,
                                 struct kl_error *err)
{
    const char *name;
    const char *value = winner(from, s, &name);
    enum kl_code code;

    if (!value) {
        kl_assert(s->type == KL_STR); /* the other types have no "unset": their rows need a default */
        *(const char **)((char *)conf + s->at) = NULL;
        return KL_OK;
    }
    if (s->type == KL_STR && value != s->def) {
        struct entry **place = (struct entry **)kept.last;

        if (!entries_add(&kept, name, strlen(name), value, strlen(value)))
            return no_memory(err);
        value = (*place)->value;
    }
    code = parse_value(s, name, value, conf, err);
    kl_assert(code == KL_OK || value != s->def); /* a default that its own row refuses */
    return code;
}

/* The value of a flag that has no "=": the next argument; for a yes-or-no setting it may be missing, which is yes.
 * NULL: missing. *used says how many arguments it took. */
static const char *flag_value(const struct kl_setting *s, char **next, int n, int *used)
{
    bool yes;

    *used = 0;
    if (s && s->type == KL_BOOL && (n == 0 || !parse_bool(next[0], &yes)))
        return "yes";
    if (n == 0)
        return NULL;
    *used = 1;
    return next[0];
}

/* Reads argv into flags; --config, which is not in the table, into *file. */
static enum kl_code read_flags(const struct kl_setting *settings, int argc, char **argv, struct entries *flags,
                               const char **file, struct kl_error *err)
{
    int i, used;

    for (i = 1; i < argc; i += 1 + used) {
        size_t len = strcspn(argv[i], "=");
        const struct kl_setting *s = find_flag(settings, argv[i], len);
        bool is_config = len == strlen("--config") && memcmp(argv[i], "--config", len) == 0;
        const char *value = argv[i] + len + 1;

        used = 0;
        if (!s && !is_config)
            return kl_fail(err, KL_INVALID, "%.*s is not an option; --help lists them", (int)len, argv[i]);
        if (!argv[i][len])
            value = flag_value(s, argv + i + 1, argc - i - 1, &used);
        if (!value)
            return kl_fail_field(err, KL_INVALID, s ? s->name : "config", "%s needs a value", argv[i]);
        if (is_config)
            *file = value;
        else if (!entries_add(flags, s->name, strlen(s->name), value, strlen(value)))
            return no_memory(err);
    }
    return KL_OK;
}

static enum kl_code read_whole(const char *path, struct kl_buf *text, struct kl_error *err)
{
    FILE *f = fopen(path, "re");
    size_t n = 1;

    if (!f)
        return kl_fail_field(err, KL_INVALID, "config", "%s: %s", path, strerror(errno));
    while (n > 0 && kl_buf_reserve(text, 4096)) {
        n = fread(text->data + text->len, 1, 4096, f);
        text->len += n;
    }
    n = (size_t)ferror(f);
    fclose(f);
    if (text->failed && text->len <= FILE_MAX_BYTES)
        return no_memory(err);
    if (text->failed)
        return kl_fail_limit(err, KL_INVALID, "config", FILE_MAX_BYTES, "%s is larger than %d bytes", path,
                             FILE_MAX_BYTES);
    if (n)
        return kl_fail_field(err, KL_INVALID, "config", "%s cannot be read", path);
    if (memchr(text->data, '\0', text->len))
        return kl_fail_field(err, KL_INVALID, "config", "%s is not a text: it holds a NUL byte", path);
    text->data[text->len] = '\0';
    return KL_OK;
}

/* Moves both ends inwards over blanks (a CR of a Windows file is one). */
static void trim(const char **from, const char **to)
{
    while (*from < *to && isspace((unsigned char)**from))
        ++*from;
    while (*to > *from && isspace((unsigned char)(*to)[-1]))
        --*to;
}

/* Puts a KAFKA_* setting that only librdkafka knows where kafka_conf.c looks for it. */
static bool pass_to_kafka(const char *name, const char *value)
{
    return setenv(name, value, 0) == 0;
}

/* One line, NAME=value; blank lines and comments are nothing. */
static enum kl_code read_line(const struct kl_setting *settings, const char *path, int32_t line, const char *from,
                              const char *to, struct entries *file, struct kl_error *err)
{
    const char *equals, *name_end, *value;
    const struct entry *e;
    struct entry **place = file->last;

    trim(&from, &to);
    if (from == to || *from == '#')
        return KL_OK;
    equals = memchr(from, '=', (size_t)(to - from));
    if (!equals)
        return kl_fail_field(err, KL_INVALID, "config", "%s:%d: not of the form NAME=value", path, line);
    name_end = equals;
    value = equals + 1;
    trim(&from, &name_end);
    trim(&value, &to);
    if (to - value >= 2 && (*value == '"' || *value == '\'') && to[-1] == *value) {
        value++;
        to--;
    }
    if (!entries_add(file, from, (size_t)(name_end - from), value, (size_t)(to - value)))
        return no_memory(err);
    e = *place;
    if (find_name(settings, e->name))
        return KL_OK;
    if (strncmp(e->name, "KAFKA_", 6) != 0)
        return kl_fail_field(err, KL_INVALID, "config", "%s:%d: %.*s is not a setting; --help lists them", path, line,
                             VALUE_SHOWN, e->name);
    return pass_to_kafka(e->name, e->value) ? KL_OK : no_memory(err);
}

static enum kl_code read_lines(const struct kl_setting *settings, const char *path, const char *at,
                               struct entries *file, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    int32_t line;

    for (line = 1; code == KL_OK && *at; line++) {
        const char *end = strchrnul(at, '\n');

        code = read_line(settings, path, line, at, end, file, err);
        at = end + (*end == '\n');
    }
    if (code != KL_OK && err)
        err->line = line - 1;
    return code;
}

static enum kl_code read_file(const struct kl_setting *settings, const char *path, struct entries *file,
                              struct kl_error *err)
{
    struct kl_buf text;
    enum kl_code code;

    kl_buf_init(&text, FILE_MAX_BYTES + 4096); /* the last read may ask for more than there is */
    code = read_whole(path, &text, err);
    if (code == KL_OK)
        code = read_lines(settings, path, text.data, file, err);
    kl_buf_fini(&text);
    return code;
}

enum kl_code kl_conf_load(const struct kl_setting *settings, void *conf, const struct kl_conf_source *source,
                          struct kl_error *err)
{
    struct source from = { .env = source->env };
    const char *path = source->file;
    const struct kl_setting *s;
    enum kl_code code;

    from.flags.last = &from.flags.first;
    from.file.last = &from.file.first;
    code = read_flags(settings, source->argc, source->argv, &from.flags, &path, err);
    if (code == KL_OK && path)
        code = read_file(settings, path, &from.file, err);
    for (s = settings; code == KL_OK && s->name; s++)
        code = load_setting(s, &from, conf, err);
    entries_free(&from.flags);
    entries_free(&from.file);
    return code;
}

void kl_conf_free(void)
{
    entries_free(&kept);
}
