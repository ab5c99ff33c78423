/* conf_print.c - the settings table as --help and as Markdown (conf.h). */
#include "conf.h"

#include <ctype.h>

static void print_flag(const char *name, FILE *out)
{
    fputs("--", out);
    for (; *name; name++)
        putc(*name == '_' ? '-' : tolower((unsigned char)*name), out);
}

static const char *placeholder(enum kl_setting_type type)
{
    static const char *const words[] = { [KL_STR] = "TEXT", [KL_INT] = "NUMBER", [KL_BOOL] = "yes|no",
                                         [KL_MS] = "TIME", [KL_BYTES] = "SIZE" };

    return words[type];
}

void kl_conf_help(const struct kl_setting *settings, FILE *out)
{
    const struct kl_setting *s;

    fputs("Settings, as a flag, an environment variable, or a line of the file named by --config.\n"
          "TIME is 1500 (ms), 15s, 2m, 1h or 7d; SIZE is 1000, 64k, 16M or 1G.\n\n", out);
    for (s = settings; s->name; s++) {
        fputs("  ", out);
        print_flag(s->name, out);
        fprintf(out, " %s\n      %s\n      %s, default: %s", placeholder(s->type), s->text, s->name,
                s->def ? s->def : "unset");
        if (s->old)
            fprintf(out, "; %s is read too", s->old);
        putc('\n', out);
    }
}

/* A bar would end the cell. */
static void print_cell(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == '|')
            putc('\\', out);
        putc(*text, out);
    }
}

void kl_conf_markdown(const struct kl_setting *settings, FILE *out)
{
    const struct kl_setting *s;

    fputs("| setting | default | meaning |\n| --- | --- | --- |\n", out);
    for (s = settings; s->name; s++) {
        fprintf(out, "| `%s`, `", s->name);
        print_flag(s->name, out);
        fputs("` | ", out);
        if (s->def) {
            putc('`', out);
            print_cell(s->def, out);
            putc('`', out);
        }
        fputs(" | ", out);
        print_cell(s->text, out);
        if (s->old)
            fprintf(out, "; `%s` is read too", s->old);
        fputs(" |\n", out);
    }
}
