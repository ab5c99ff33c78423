/* commands.c - see commands.h. */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "log.h"
#include "service.h"
#include "supervisor.h"
#include "version.h"

static int run_in_foreground(const struct stack_conf *conf);

static const struct command {
    const char *name;
    int       (*run)(const struct stack_conf *conf);
    const char *text;
} commands[] = {
    { "run", run_in_foreground, "in the foreground; Ctrl-C stops everything, the data stays" },
    { "up", control_up, "the same in the background; again: starts what is down" },
    { "down", control_down, "stops it" },
    { "ps", control_ps, "what runs, where, since when, how large" },
    { "logs", control_logs, "the last lines of each log; --service NAME, --lines N, --follow yes" },
};
#define COMMANDS_N (sizeof commands / sizeof commands[0])

static pid_t parent; /* asked for first of all: it may end at any time */

static int run_in_foreground(const struct stack_conf *conf)
{
    return supervisor_run(conf, stdout, parent);
}

static void help(FILE *out)
{
    size_t i;

    fputs("kafkloud-stack COMMAND [--setting VALUE ...] - runs the services of one machine\n\n", out);
    for (i = 0; i < COMMANDS_N; i++)
        fprintf(out, "  %-6s %s\n", commands[i].name, commands[i].text);
    fputs("\n", out);
    kl_conf_help(stack_settings, out);
}

/* What is asked of every program of ours; false: it was something else. */
static bool answer_option(const char *option)
{
    if (strcmp(option, "--help") == 0 || strcmp(option, "help") == 0)
        help(stdout);
    else if (strcmp(option, "--version") == 0)
        printf("kafkloud-stack %s\n", kl_version());
    else if (strcmp(option, "--settings-markdown") == 0)
        kl_conf_markdown(stack_settings, stdout);
    else
        return false;
    return true;
}

static const struct command *find(const char *name)
{
    size_t i;

    for (i = 0; i < COMMANDS_N; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

int stack_main(int argc, char **argv)
{
    const struct command *command = argc > 1 ? find(argv[1]) : NULL;
    struct stack_conf conf;
    struct kl_error err;
    int code;

    parent = getppid();
    if (argc > 1 && answer_option(argv[1]))
        return KL_EXIT_OK;
    if (!command) {
        help(stderr);
        if (argc > 1)
            fprintf(stderr, "\nkafkloud-stack: %s is not a command; they are listed above\n", argv[1]);
        return KL_EXIT_SETTING;
    }
    kl_log_init("stack", KL_ERROR, false); /* what we tell goes through report.h */
    if (stack_conf_load(&conf, argc - 1, argv + 1, &err) != KL_OK) {
        fprintf(stderr, "kafkloud-stack: %s\n", err.text);
        return KL_EXIT_SETTING;
    }
    code = command->run(&conf);
    kl_conf_free();
    return code;
}
